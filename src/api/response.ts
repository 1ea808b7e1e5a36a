import type { RerankResponse } from './types.ts'
import { property } from '../shared/property.ts'

/** An answer as far as ranking needs it: what every server of this API sends. */
export interface Scores {
  results: readonly { index: number; relevance_score: number }[]
}

/** How many results an answer must have: one for each document, or fewer where the request limits them. */
export interface Expectation {
  documents: number
  limited: boolean
}

/** Says what an answer has in place of what was expected, worded to follow "answered 200 with". */
export class AnswerFault extends Error {}

/** The spec's answer to a request, if that is what came. @throws AnswerFault */
export function readResponse(answer: unknown, expected: Expectation): RerankResponse {
  assertScores(answer, expected)
  assertShape(answer)
  return answer
}

/** The scores of an answer, whatever else it holds or lacks. @throws AnswerFault */
export function readScores(answer: unknown, expected: Expectation): Scores {
  assertScores(answer, expected)
  return answer
}

function assertScores(answer: unknown, { documents, limited }: Expectation): asserts answer is Scores {
  const results = property(answer, 'results')
  if (!Array.isArray(results)) throw new AnswerFault(`no list of results, but ${kindOf(answer)}`)
  const seen = new Uint8Array(documents)
  results.forEach((result: unknown, place) => {
    const { index, relevance_score } = isRecord(result) ? result : NOTHING
    const times = typeof index === 'number' ? seen[index] : undefined
    if (typeof index !== 'number' || times === undefined) {
      throw new AnswerFault(`results[${place}] whose index is none of the request's ${documents} documents`)
    }
    if (times === 1) throw new AnswerFault(`results[${place}] whose index, ${index}, came before`)
    if (!Number.isFinite(relevance_score)) {
      throw new AnswerFault(`results[${place}] whose relevance_score is no finite number`)
    }
    seen[index] = 1
  })
  if (results.length < documents && !limited) {
    throw new AnswerFault(`results for ${results.length} of ${documents} documents`)
  }
}

function assertShape(answer: Scores): asserts answer is RerankResponse {
  const usage = property(answer, 'usage')
  assertType(property(answer, 'id'), 'string', 'id')
  assertType(property(answer, 'model'), 'string', 'model')
  assertType(property(usage, 'prompt_tokens'), 'number', 'usage.prompt_tokens')
  assertType(property(usage, 'total_tokens'), 'number', 'usage.total_tokens')
  answer.results.forEach((result, place) => {
    const document = property(result, 'document')
    const { text } = isRecord(document) ? document : NOTHING
    // The name is made for the fault alone: there are thousands of these.
    if (typeof text !== 'string') assertType(text, 'string', `results[${place}].document.text`)
  })
}

const NOTHING: Record<string, unknown> = {}

/** Asked of each result, so that its properties are read where the engine knows its shape, unlike in `field`. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function assertType(value: unknown, type: 'string' | 'number', name: string): void {
  if (typeof value !== type) throw new AnswerFault(`${kindOf(value)} where ${name} should be a ${type}`)
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
