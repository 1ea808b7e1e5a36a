import { escapeInvisible } from './invisible.ts'
import { valueAt } from './json.ts'

const MAX_MESSAGE = 500
/** The length to which a text is cut where it is quoted. */
export const MAX_QUOTE = 80

/**
 * A failure that the pipeline foresaw: a document that it rejects, a server that does not respond, a file that it
 * cannot write. Its message is one printable line, whatever upstream put into it.
 */
export class PipelineError extends Error {
  override readonly name = 'PipelineError'

  constructor(message: string, options?: ErrorOptions) {
    super(printableLine(message), options)
  }
}

/** A failure of upstream: it cannot be read, or its document is rejected. */
export class UpstreamError extends PipelineError {}

/** A document was read, but is rejected. */
export class RefusedError extends UpstreamError {}

/** Upstream's words as they may stand in a message: quoted, escaped, and cut to a readable length. */
export function quoted(text: string): string {
  return JSON.stringify(cut(text, MAX_QUOTE))
}

/** Any text as one line without control or invisible characters, cut to a readable length. */
export function printableLine(text: string): string {
  return cut(escapeInvisible(text.replaceAll('\n', ' ').replaceAll('\t', ' ')), MAX_MESSAGE)
}

/** The beginning of a text that is longer than `length`, marked as such. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}

/** The message of any thrown value, as one printable line. */
export function messageOf(error: unknown): string {
  return printableLine(error instanceof Error ? error.message : String(error))
}

/** The reason why a file cannot be used; the caller names its path. */
export function fileFault(error: unknown): string {
  const code = valueAt(error, 'code')
  return (typeof code === 'string' ? FILE_FAULTS.get(code) : undefined) ?? messageOf(error)
}

const FILE_FAULTS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'access is denied'],
  ['EISDIR', 'it is a directory'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ENOENT', 'there is no such file'],
  ['ENOSPC', 'the disk is full'],
  ['ENOTDIR', 'a part of its path is not a directory'],
  ['EROFS', 'the disk is read-only'],
])
