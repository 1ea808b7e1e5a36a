import { property } from '../shared/property.ts'
import { describe } from '../shared/validate.ts'
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

/** The number of results that a request asks for: one a document, or fewer where it limits them. */
export interface Expected {
  documents: number
  isLimited: boolean
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

/** Checks the scores of a response and puts them in descending order. @throws UnusableResponse */
export function checkScores(body: unknown, { documents, isLimited }: Expected): ScoredResponse {
  const results = property(body, 'results')
  if (!Array.isArray(results)) throw new UnusableResponse(`results is ${describe(results)}, not an array`)
  const seen = new Uint8Array(documents)
  let isSorted = true
  let previous = Infinity
  for (let place = 0; place < results.length; place++) {
    const result: unknown = results[place]
    const { index, relevance_score: score } = isRecord(result) ? result : NOTHING
    if (typeof index !== 'number' || seen[index] === undefined) {
      throw new UnusableResponse(
        `results[${place}].index is ${describe(index)}, not one of the request's ${documents} documents`,
      )
    }
    if (seen[index] === 1) throw new UnusableResponse(`results[${place}].index is ${index} a second time`)
    if (typeof score !== 'number' || !Number.isFinite(score)) {
      throw new UnusableResponse(
        `results[${place}].relevance_score is ${describe(score)}, not a finite number`,
      )
    }
    seen[index] = 1
    isSorted &&= score <= previous
    previous = score
  }
  if (results.length < documents && !isLimited) {
    throw new UnusableResponse(`it has results for ${results.length} of ${documents} documents`)
  }
  const scored = body as ScoredResponse
  if (!isSorted) scored.results.sort((a, b) => b.relevance_score - a.relevance_score)
  return scored
}

/** Checks what else the spec's response holds. @throws UnusableResponse */
export function checkShape(body: ScoredResponse): RerankResponse {
  const { id, model, usage } = body
  expectType(id, 'string', 'id')
  expectType(model, 'string', 'model')
  expectType(property(usage, 'prompt_tokens'), 'number', 'usage.prompt_tokens')
  expectType(property(usage, 'total_tokens'), 'number', 'usage.total_tokens')
  body.results.forEach((result, place) => {
    const { document }: { document?: unknown } = result
    const { text } = isRecord(document) ? document : NOTHING
    // The name is made for the error alone: there are thousands of results.
    if (typeof text !== 'string') expectType(text, 'string', `results[${place}].document.text`)
  })
  return body as RerankResponse
}

const NOTHING: Record<string, unknown> = {}

/** Asked of each result, so that engines know the shape whose properties are read, unlike in `property`. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function expectType(value: unknown, type: 'string' | 'number', name: string): void {
  if (typeof value !== type) throw new UnusableResponse(`${name} is ${describe(value)}, not a ${type}`)
}
