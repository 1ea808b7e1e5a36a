import { parseArgs, type ParseArgsConfig } from 'node:util'
import { messageOf } from '../lib/failure.ts'
import { LIVE_URL, type UpstreamOptions } from '../fetch.ts'

/** The arguments and surroundings of a command, the functions through which it prints, and how it waits for upstream. */
export interface Invocation extends Pick<UpstreamOptions, 'wait'> {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** The repository's root. */
  readonly root: string
  readonly print: (line: string) => void
  readonly complain: (line: string) => void
  /** Called with a description of each step, for people who watch. */
  readonly progress: (line: string) => void
}

type OptionTable = NonNullable<ParseArgsConfig['options']>

/**
 * The options among the arguments.
 *
 * @throws Error that says in one sentence what is wrong with them.
 */
export function optionsIn<Options extends OptionTable>(
  { args }: Invocation,
  options: Options,
): ReturnType<typeof parseArgs<{ options: Options }>>['values'] {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    // Node goes on to talk of positional arguments, which no command takes.
    const [sentence = ''] = messageOf(error).split(/\.(?:\s|$)/)
    throw new Error(`${sentence}; --help shows the options`, { cause: error })
  }
}

/** The document that `--from` names, or the environment, or the live one. An empty variable is an unset one. */
export function sourceOf(from: string | undefined, { env }: Invocation): string {
  if (from === '') throw new Error('--from needs a URL or a file')
  const configured = env['OPENAPI_URL'] ?? ''
  return from ?? (configured === '' ? LIVE_URL : configured)
}

/** Says something, and exits with 0. */
export function say({ print }: Invocation, text: string): number {
  print(text)
  return 0
}

/** Says what went wrong in one line, and exits with a code. */
export function fail({ complain }: Invocation, command: string, error: unknown, code: number): number {
  complain(`${command}: ${messageOf(error)}`)
  return code
}
