import { systemReason } from './system-reason.ts'

/** The arguments, environment and streams that the command was started with. */
export interface Shell {
  /** The words after the command's name. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** A wrong call of the command, which exits with 2. */
export class UsageError extends Error {}

/** An environment variable; empty counts as unset. */
export function variable({ env }: Shell, name: string): string | undefined {
  const value = env[name]
  return value === '' ? undefined : value
}

/** True if a stream is a terminal whose user has not asked for plain text (https://no-color.org). */
export function isColoured(stream: NodeJS.WriteStream, shell: Shell): boolean {
  return stream.isTTY && variable(shell, 'NO_COLOR') === undefined && shell.env['TERM'] !== 'dumb'
}

/** Writes text, and resolves when the stream has taken it. */
export function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** A reader such as `head` has left before everything was written. */
export class ReaderLeft extends Error {}

/** Writes results, by lines. @throws ReaderLeft, or UsageError where standard output can't be written */
export async function writeLines({ stdout }: Shell, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return
  await write(stdout, `${lines.join('\n')}\n`).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') throw new ReaderLeft()
    throw unwritable('standard output', error)
  })
}

/** The error for an output that cannot be written, with the next step. */
export function unwritable(name: string, cause: unknown, nextStep = ''): UsageError {
  return new UsageError(`Can't write ${name}: ${systemReason(cause)}${nextStep}`, { cause })
}

/** Prints messages to standard error. Failures to print are ignored. */
export async function tell({ stderr }: Shell, lines: readonly string[]): Promise<void> {
  await write(stderr, `${lines.join('\n')}\n`).catch(() => undefined)
}
