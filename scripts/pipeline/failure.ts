import { escapeInvisible } from './invisible.ts'

const MAX_MESSAGE = 500
const MAX_QUOTE = 80

/**
 * A failure that the pipeline foresaw: a document that it refuses, a server that does not answer, a file that it
 * cannot write. Its message is one printable line, whatever upstream put into it.
 */
export class PipelineError extends Error {
  override readonly name = 'PipelineError'

  constructor(message: string, options?: ErrorOptions) {
    super(printableLine(message), options)
  }
}

/** Upstream's words as they may stand in a message: quoted, escaped, and cut to a readable length. */
export function quoted(text: string): string {
  return JSON.stringify(cut(text, MAX_QUOTE))
}

/** Any text as one line without control or invisible characters, cut to a readable length. */
export function printableLine(text: string): string {
  return cut(escapeInvisible(text.replaceAll('\n', ' ').replaceAll('\t', ' ')), MAX_MESSAGE)
}

/** The message of whatever was thrown, as one printable line. */
export function messageOf(error: unknown): string {
  return printableLine(error instanceof Error ? error.message : String(error))
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
