import type { RerankResponse, RerankResult } from './types.ts'

/** A response of the service, in the shape that all code except the transport uses. */
export interface ServiceResponse<Body = unknown> {
  /** HTTP status. */
  status: number
  /** Headers of the response. */
  headers: HeaderReader
  /** Body of the response. */
  body: Body
}

/** Headers of a response, as every `fetch` returns them. Their names are in lower case. */
export interface HeaderReader {
  /** Returns the value of a header, or `null` if there is no such header. */
  get(name: string): string | null
  /** Iterates over all headers, as pairs of a name and a value. */
  [Symbol.iterator](): Iterator<[string, string]>
}

/** Makes a reader of headers in a plain object, by lower-case name. */
export function headersOf(headers: Readonly<Record<string, string>>): HeaderReader {
  return {
    get: (name) => headers[name] ?? null,
    [Symbol.iterator]: () => Object.entries(headers)[Symbol.iterator](),
  }
}

/** A response whose scores are checked. Its other fields may be missing, because some servers omit them. */
export interface ScoredResponse extends Partial<Omit<RerankResponse, 'results'>> {
  /** One entry for each document, in descending order of score. */
  results: ScoredDocument[]
}

/** The score of one document. */
export interface ScoredDocument extends Partial<RerankResult> {
  /** The position of the document in the request's `documents`, from 0. */
  index: number
  /** The relevance of the document to the query. */
  relevance_score: number
  /** The passage with this score, if `longDocuments` split or truncated the document. */
  passage?: Passage
}

/** A part of a text: `text.slice(start, end)`. */
export interface Passage {
  /** The position of the first character, in UTF-16 code units. */
  start: number
  /** The position after the last character, in UTF-16 code units. */
  end: number
}

/** The next step after a failure that may be temporary. */
export const TRY_AGAIN = 'Try again later.'

/** A response that can't be used; its message follows "returned 200, but". */
export class UnusableResponse extends Error {
  declare readonly nextStep: string
  /** True if the response ended early. A retry may return all of it. */
  declare readonly truncated: boolean

  constructor(
    message: string,
    nextStep = 'Check that baseUrl is the URL of the service.',
    truncated = false,
  ) {
    super(message)
    this.nextStep = nextStep
    this.truncated = truncated
  }
}

/** A response that ended early. */
export function endedEarly(message: string): UnusableResponse {
  return new UnusableResponse(message, TRY_AGAIN, true)
}
