import { version } from '../../package.json' with { type: 'json' }
import { spec } from '../index.ts'
import { BULK_HELP, bulkCommand } from './bulk/bulk.ts'
import { failureLine } from './failure.ts'
import { RANK_HELP, rankCommand } from './rank/rank.ts'
import { SERVE_HELP, serveCommand } from './serve/serve.ts'
import { ReaderLeft, tell, UsageError, writeLines } from './terminal.ts'
import type { Shell } from './terminal.ts'

interface Command {
  help: string
  run: (shell: Shell) => Promise<number>
}

const SUBCOMMANDS: Readonly<Record<string, Command>> = {
  serve: { help: SERVE_HELP, run: serveCommand },
  bulk: { help: BULK_HELP, run: bulkCommand },
}

/** Runs the command that the words name; resolves with its exit code, and never rejects. */
export async function runCommand(shell: Shell): Promise<number> {
  const [first = '', ...rest] = shell.args
  const subcommand = Object.hasOwn(SUBCOMMANDS, first) ? SUBCOMMANDS[first] : undefined
  const args = subcommand ? rest : shell.args
  const { help, run } = subcommand ?? { help: RANK_HELP, run: rankCommand }
  // Words after `--` are never flags.
  const flags = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length)
  try {
    if (flags.includes('--help') || flags.includes('-h')) return await say(shell, help)
    if (!subcommand && first === '--version')
      return await say(shell, `nebius-rerank ${version} (spec ${spec.version})`)
    return await run({ ...shell, args })
  } catch (error) {
    // That is no failure.
    if (error instanceof ReaderLeft) return 0
    await tell(shell, [failureLine(error, flags.includes('--debug'))])
    return error instanceof UsageError ? 2 : 1
  }
}

async function say(shell: Shell, text: string): Promise<number> {
  await writeLines(shell, [text])
  return 0
}
