import { getSystemErrorMap } from 'node:util'

/** The reason of a system error in words, without names of calls and codes. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code = '', errno } = error as NodeJS.ErrnoException
  return (
    REASONS[code] ?? (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? error.message
  )
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'it is not an address of this machine',
  ENOTFOUND: 'the name is not known to DNS',
}
