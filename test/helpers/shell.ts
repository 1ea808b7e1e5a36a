import { PassThrough, Writable } from 'node:stream'
import type { Readable } from 'node:stream'
import type { Shell } from '../../src/cli/terminal.ts'

/** What a command is started with: streams of any kind, of which the parts that are not given say and hear nothing. */
export function shellOf({
  args = [],
  env = {},
  stdin = new PassThrough().end(),
  stdout = new PassThrough(),
  stderr = new PassThrough(),
}: Partial<Pick<Shell, 'args' | 'env'>> & {
  stdin?: Readable
  stdout?: Writable
  stderr?: Writable
}): Shell {
  return {
    args,
    env,
    ...({ stdin, stdout, stderr } as unknown as Pick<Shell, 'stdin' | 'stdout' | 'stderr'>),
  }
}

/** A stream that can't be written, for the reason of that code. */
export function broken(code: string | undefined): Writable {
  const reason = Object.assign(new Error(`${code}: no`), code !== undefined && { code })
  return new Writable({ write: (_, __, done) => done(reason) }).on('error', () => undefined)
}
