import { withoutPassword } from '../queue/connect.ts'

/** The line that goes on with a run, to be pasted into a shell; without a password that was in it. */
export function resumeLine(args: readonly string[], { from, to }: { from: string; to: string }): string {
  if (to === '-') return 'Jobs remain, but a run to standard output cannot be resumed'
  return `To continue${sameInput(from)}: ${commandLine(args, ['--resume'])}`
}

/** The line that tries failed jobs again. Nothing for a run to standard output, which cannot be resumed. */
export function retryLine(args: readonly string[], { from, to }: { from: string; to: string }): string[] {
  if (to === '-') return []
  return [`To try failed jobs again${sameInput(from)}: ${commandLine(args, ['--resume', '--retry-failed'])}`]
}

function sameInput(from: string): string {
  return from === '-' ? ', with the same input' : ''
}

function commandLine(args: readonly string[], flags: readonly string[]): string {
  // Words after `--` are never flags.
  const end = args.includes('--') ? args.indexOf('--') : args.length
  const given = args.slice(0, end)
  const added = flags.filter((flag) => !given.includes(flag))
  const words = ['nebius-rerank', 'bulk', ...given, ...added, ...args.slice(end)]
  return words.map((word) => quoted(withoutPassword(word))).join(' ')
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
