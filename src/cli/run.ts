import { version } from '../../package.json' with { type: 'json' }
import { info } from '../../openapi.json' with { type: 'json' }
import { nearest } from './nearest.ts'
import { ReaderLeft, tell, UsageError, writeLines } from './terminal.ts'
import type { Shell } from './terminal.ts'

interface Command {
  help: string
  run: (shell: Shell) => Promise<number>
}

type LoadCommand = () => Promise<Command>

/** The subcommands, each loaded only when it is called. */
const SUBCOMMANDS: Readonly<Record<string, LoadCommand>> = {
  serve: () => import('./serve/serve.ts').then((it) => ({ help: it.SERVE_HELP, run: it.serveCommand })),
  bulk: async () => ({
    help: (await import('./bulk/help.ts')).BULK_HELP,
    run: (await import('./bulk/bulk.ts')).bulkCommand,
  }),
  work: async () => ({
    help: (await import('./work/help.ts')).WORK_HELP,
    run: (await import('./work/work.ts')).workCommand,
  }),
  merge: () => import('./merge/merge.ts').then((it) => ({ help: it.MERGE_HELP, run: it.mergeCommand })),
  eval: async () => ({
    help: (await import('./eval/help.ts')).EVAL_HELP,
    run: (await import('./eval/eval.ts')).evalCommand,
  }),
  check: () => import('./check/check.ts').then((it) => ({ help: it.CHECK_HELP, run: it.checkCommand })),
}

const loadRank: LoadCommand = () =>
  import('./rank/rank.ts').then((it) => ({ help: it.RANK_HELP, run: it.rankCommand }))

/** Runs the command that the words name; resolves with its exit code, and never rejects. */
export async function runCommand(shell: Shell): Promise<number> {
  const [first = '', ...rest] = shell.args
  const subcommand = Object.hasOwn(SUBCOMMANDS, first) ? SUBCOMMANDS[first] : undefined
  const args = subcommand ? rest : shell.args
  // Words after `--` are never flags.
  const flags = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length)
  try {
    const isHelp = flags.includes('--help') || flags.includes('-h')
    if (!isHelp && !subcommand && first === '--version')
      return await say(shell, `nebius-rerank ${version} (spec ${info.version})`)
    const { help, run } = await (subcommand ?? loadRank)()
    if (isHelp) return await say(shell, help)
    const note = subcommand ? undefined : noteOn(first)
    if (note !== undefined) await tell(shell, [note])
    return await run({ ...shell, args })
  } catch (error) {
    // That is not a failure.
    if (error instanceof ReaderLeft) return 0
    const { failureLine } = await import('./failure.ts')
    await tell(shell, [failureLine(error, flags.includes('--debug'))])
    return error instanceof UsageError ? 2 : 1
  }
}

/** A note on a query that may be meant as a subcommand. The command continues, because any word may be a query. */
function noteOn(query: string): string | undefined {
  const isWord = /^[a-z]{3,12}$/i.test(query)
  const [near] = isWord ? nearest(query, Object.keys(SUBCOMMANDS), 1 / 3) : []
  const meant = query === 'rank' ? 'to leave it out' : query === 'help' ? '--help' : near
  if (meant === undefined) return undefined
  return `"${query}" is not a subcommand, so it is the query. Did you mean ${meant}? If not, write -- before it to hide this note`
}

async function say(shell: Shell, text: string): Promise<number> {
  await writeLines(shell, [text])
  return 0
}
