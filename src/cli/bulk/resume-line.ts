import { withoutPassword } from '../queue/connect.ts'

/** The line that goes on with a run, to be pasted into a shell; without a password that was in it. */
export function resumeLine(args: readonly string[], { from, to }: { from: string; to: string }): string {
  if (to === '-') return 'Jobs remain, but a run to standard output cannot be resumed'
  const words = ['nebius-rerank', 'bulk', ...args, ...(args.includes('--resume') ? [] : ['--resume'])]
  return `To continue${from === '-' ? ', with the same input' : ''}: ${words.map((word) => quoted(withoutPassword(word))).join(' ')}`
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
