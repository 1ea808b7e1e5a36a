import type { RerankError } from '../errors/classes.ts'

/** The words of servers for a text, but not the query, that is longer than the model reads. */
const LENGTH =
  /^(?!.*body.query).*(?:context.length|too.l|(?:most|than) \d+ (?:char|token)|max\w*.(?:token|length))/i

/** Adds to an error about length the document that it is about, as far as can be told, and what helps. */
export function traceLength(error: RerankError, documents: readonly string[]): void {
  if (error.kind !== 'bad_request' || error.status === 413 || !LENGTH.test(error.message)) return
  const length = documents.reduce((most, text) => Math.max(most, text.length), 0)
  const longest = documents.findIndex((text) => text.length === length)
  const { items } = error
  const name = items?.length === documents.length ? `items[${items[longest]}]` : `documents[${longest}]`
  error.message += `. The longest is ${name} (length ${length}): longDocuments of nebius-rerank/middleware splits it.`
}
