/** What the command was started with. */
export interface Shell {
  /** The words after the command's name. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** A mistake in how the command was called; it exits with 2. */
export class UsageError extends Error {}

/** An environment variable; empty counts as unset. */
export function variable({ env }: Shell, name: string): string | undefined {
  const value = env[name]
  return value === '' ? undefined : value
}

/** Whether a stream is a terminal whose user has not asked for plain text (https://no-color.org). */
export function isColoured(stream: NodeJS.WriteStream, shell: Shell): boolean {
  return stream.isTTY && variable(shell, 'NO_COLOR') === undefined && shell.env['TERM'] !== 'dumb'
}

/** Writes lines, and resolves when the stream has taken them. */
export function writeLines(stream: NodeJS.WriteStream, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    stream.write(`${lines.join('\n')}\n`, (error) => (error ? reject(error) : resolve()))
  })
}
