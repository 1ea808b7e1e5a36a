import type { RerankResponse, RerankResult } from './types.ts'

/** A response of the service, in the one shape that all code behind the transport reads. */
export interface ServiceResponse<Body = unknown> {
  /** HTTP status. */
  status: number
  /** Headers of the response. */
  headers: HeaderReader
  /** Body of the response. */
  body: Body
}

/** Headers as any `fetch` gives them; names are lower-case. */
export interface HeaderReader {
  /** Gives the value of a header, or `null`. */
  get(name: string): string | null
  /** Goes through all headers, as pairs of name and value. */
  [Symbol.iterator](): Iterator<[string, string]>
}

/** Reads plain headers, by lower-case name, as a `fetch` would. */
export function headersOf(headers: Readonly<Record<string, string>>): HeaderReader {
  return {
    get: (name) => headers[name] ?? null,
    [Symbol.iterator]: () => Object.entries(headers)[Symbol.iterator](),
  }
}

/** A response as far as ranking needs it. Servers other than the service itself leave the rest out. */
export interface ScoredResponse extends Partial<Omit<RerankResponse, 'results'>> {
  /** One entry a document, in descending order of score. */
  results: ScoredDocument[]
}

/** The score of one document. */
export interface ScoredDocument extends Partial<RerankResult> {
  /** Its place in the request's `documents`. */
  index: number
  /** Its relevance to the query. */
  relevance_score: number
  /** The part of it that was scored, where `longDocuments` split or cut it. */
  passage?: Passage
}

/** A part of a text, in UTF-16 code units, as `slice` takes them. */
export interface Passage {
  /** The place of its first. */
  start: number
  /** The place after its last. */
  end: number
}

/** A response that can't be used; its message follows "returned 200, but". */
export class UnusableResponse extends Error {
  /** Set where the response ended early, and may come whole the next time. */
  readonly truncated: boolean

  constructor(message: string, truncated = false) {
    super(message)
    this.truncated = truncated
  }
}
