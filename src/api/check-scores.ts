import { property } from '../shared/property.ts'
import { describe } from '../shared/validate.ts'
import { UnusableResponse } from './response.ts'
import type { ScoredResponse } from './response.ts'
import type { RerankResponse } from './types.ts'

/** The number of results that a request asks for: one for each document, or fewer if the request limits them. */
export interface Expected {
  documents: number
  isLimited: boolean
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

/** Checks the other fields that the spec requires. @throws UnusableResponse */
export function checkShape(body: ScoredResponse): RerankResponse {
  const { id, model, usage } = body
  expectType(id, 'string', 'id')
  expectType(model, 'string', 'model')
  expectType(property(usage, 'prompt_tokens'), 'number', 'usage.prompt_tokens')
  expectType(property(usage, 'total_tokens'), 'number', 'usage.total_tokens')
  body.results.forEach((result, place) => {
    const { document }: { document?: unknown } = result
    const { text } = isRecord(document) ? document : NOTHING
    // There may be thousands of results, so the name is made only for an error.
    if (typeof text !== 'string') expectType(text, 'string', `results[${place}].document.text`)
  })
  return body as RerankResponse
}

const NOTHING: Record<string, unknown> = {}

/** A type guard, which is faster than `property` for thousands of results of the same shape. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function expectType(value: unknown, type: 'string' | 'number', name: string): void {
  if (typeof value === type) return
  const nextStep = 'Call rerank.scored for a server that leaves it out.'
  throw new UnusableResponse(`${name} is ${describe(value)}, not a ${type}`, nextStep)
}
