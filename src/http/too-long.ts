import type { RerankError } from '../errors/classes.ts'

/** The words of servers for a text that is longer than the model reads. */
const LENGTH = /context.length|too.l|(?:most|than) \d+ (?:char|token)|max.{1,5}(?:token|length)/i

/** The query is too long, or the request as a whole. */
const NOT_OF_ONE = /body.query|returned 413/

/** Adds to an error about length the document that it is about, as far as can be told, and what helps. */
export function traceLength(error: RerankError, documents: readonly string[]): void {
  const { kind, items, message } = error
  if (kind !== 'bad_request' || !LENGTH.test(message) || NOT_OF_ONE.test(message)) return
  const length = documents.reduce((most, text) => Math.max(most, text.length), 0)
  const longest = documents.findIndex((text) => text.length === length)
  const name = items?.length === documents.length ? `items[${items[longest]}]` : `documents[${longest}]`
  error.message = `${message}. The longest is ${name} (length ${length}): longDocuments of nebius-rerank/middleware splits it.`
}
