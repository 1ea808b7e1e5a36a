import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkScores } from '../../src/api/check-scores.ts'
import { isRerankError } from '../../src/index.ts'
import type { RerankResponse } from '../../src/index.ts'
import { answersOk, answerTo, clientOf, failure, REQUEST, scripted } from '../helpers/rerank.ts'

const faultOf = async (body: unknown): Promise<string> => {
  const { kind, message } = await failure(clientOf(scripted(answersOk(body))).rerank(REQUEST))
  expect(kind).toBe('response')
  return message.replace('POST /v1/rerank returned 200, but ', '').replace(/\. (?:Call|Check) .*/, '')
}
const GOOD = answerTo(REQUEST)
const [first, second] = GOOD.results
const results = (...list: unknown[]): object => ({ ...GOOD, results: list })

describe('an answer that does not fit', () => {
  test.each([
    ['results is undefined, not an array', 'null'],
    ['results is undefined, not an array', '[]'],
    ['results is undefined, not an array', '5'],
    ['results is undefined, not an array', '"text"'],
    ['results is undefined, not an array', {}],
    ['results is an object, not an array', { results: {} }],
    ['it has results for 1 of 2 documents', results(first)],
    ['it has results for 0 of 2 documents', results()],
    ['results[1].index is 1 a second time', results(first, first)],
    ['results[2].index is 1 a second time', results(first, second, first)],
    ["results[0].index is 2, not one of the request's 2 documents", results({ ...first, index: 2 })],
    ["results[0].index is -1, not one of the request's 2 documents", results({ ...first, index: -1 })],
    ["results[0].index is 0.5, not one of the request's 2 documents", results({ ...first, index: 0.5 })],
    ['results[0].index is "0", not one of the request\'s 2 documents', results({ ...first, index: '0' })],
    ["results[0].index is null, not one of the request's 2 documents", results({ ...first, index: null })],
    ["results[1].index is undefined, not one of the request's 2 documents", results(first, null)],
    ['results[0].relevance_score is null, not a finite number', results({ ...first, relevance_score: null })],
    ['results[0].relevance_score is "1", not a finite number', results({ ...first, relevance_score: '1' })],
    ['id is undefined, not a string', { ...GOOD, id: undefined }],
    ['model is 5, not a string', { ...GOOD, model: 5 }],
    ['usage.prompt_tokens is undefined, not a number', { ...GOOD, usage: undefined }],
    ['usage.total_tokens is "1", not a number', { ...GOOD, usage: { prompt_tokens: 1, total_tokens: '1' } }],
    ['results[1].document.text is undefined, not a string', results(first, { ...second, document: {} })],
  ])('is refused as %s', async (words, body) => {
    expect(await faultOf(body)).toBe(words)
  })

  test('is refused for an infinite score, which JSON can say', async () => {
    const body = JSON.stringify(GOOD).replace('"relevance_score":1', '"relevance_score":1e999')
    expect(await faultOf(body)).toBe('results[0].relevance_score is Infinity, not a finite number')
  })

  test.each([
    ['its body is empty. Try again later.', ''],
    ['its body is empty. Try again later.', ' \n'],
    ['its body is an HTML page titled "Welcome"', '<!doctype html><title>Welcome</title>'],
    ['its body is not JSON: "all is well"', 'all is\nwell'],
    ['its JSON breaks off after 11 characters. Try again later.', '{"results":'],
  ])('is named as %s', async (words, body) => {
    expect(await faultOf(body)).toBe(words)
  })

  test.each([
    ['Check that baseUrl is the URL of the service.', results()],
    ['Check that baseUrl is the URL of the service.', '<title>Welcome</title>'],
    ['Call rerank.scored for a server that leaves it out.', { ...GOOD, id: undefined }],
  ])('tells to %s', async (nextStep, body) => {
    const { message } = await failure(clientOf(scripted(answersOk(body))).rerank(REQUEST))
    expect(message.endsWith(`. ${nextStep}`)).toBe(true)
  })

  test('keeps the text of what is no JSON, at most 64 KiB of it', async () => {
    const error = await failure(clientOf(scripted(answersOk('x'.repeat(100_000)))).rerank(REQUEST))
    expect(error.body).toBe('x'.repeat(64 * 1024))
  })
})

describe('an answer that fits', () => {
  test('is returned as it came, with fields that no spec knows', async () => {
    const body = { ...GOOD, extra: { deep: [1] } }
    expect(await clientOf(scripted(answersOk(body))).rerank(REQUEST)).toEqual(body)
  })

  test.each([
    ['with another content type', answersOk(GOOD, { 'content-type': 'text/plain' })],
    ['after a byte order mark', answersOk(`\ufeff${JSON.stringify(GOOD)}`)],
    ['beside a null error', answersOk({ error: null, ...GOOD })],
  ])('is accepted %s', async (_, step) => {
    await expect(clientOf(scripted(step)).rerank(REQUEST)).resolves.toMatchObject(GOOD)
  })

  test('may be empty when there are no documents', async () => {
    const call = clientOf(scripted()).rerank({ query: 'q', documents: [] })
    await expect(call).resolves.toMatchObject({ results: [] })
  })

  test('may hold fewer results where the request limits them', async () => {
    const limited = { ...REQUEST, top_n: 1 }
    await expect(clientOf(scripted(answersOk(results(first)))).rerank(limited)).resolves.toHaveProperty(
      'results',
    )
  })

  test.each([[undefined], [null]])('may not where its limit is %s, which is none', async (top_n) => {
    const call = clientOf(scripted(answersOk(results(first)))).rerank({ ...REQUEST, top_n } as typeof REQUEST)
    expect((await failure(call)).message).toContain('results for 1 of 2 documents')
  })
})

test('results are put in descending order, equal scores in the order given', () => {
  const scored = (...scores: number[]) => ({
    results: scores.map((relevance_score, index) => ({ index, relevance_score })),
  })
  const { results } = checkScores(scored(0.1, 0.5, 0.9, 0.5), { documents: 4, isLimited: false })
  expect(results.map(({ index }) => index)).toEqual([2, 1, 3, 0])
})

test('scores alone need nothing but index and relevance_score', () => {
  const bare = { results: [{ index: 0, relevance_score: -7.5 }] }
  expect(checkScores(bare, { documents: 1, isLimited: false })).toBe(bare)
})

describe('whatever JSON a server answers', () => {
  const index = fc.oneof(fc.integer({ min: -1, max: 3 }), fc.jsonValue())
  const score = fc.oneof(fc.double(), fc.jsonValue())
  const result = fc.record(
    { index, relevance_score: score, document: fc.record({ text: fc.string() }) },
    { requiredKeys: ['index', 'relevance_score', 'document'] },
  )
  const nearly = fc.record(
    {
      id: fc.oneof({ weight: 9, arbitrary: fc.string() }, fc.jsonValue()),
      model: fc.string(),
      usage: fc.constant({ prompt_tokens: 1, total_tokens: 1 }),
      results: fc.oneof(
        fc.array(result, { maxLength: 4 }),
        fc.shuffledSubarray([...GOOD.results], { minLength: 1 }),
      ),
      error: fc.oneof(fc.constant(null), fc.jsonValue()),
    },
    { requiredKeys: ['id', 'model', 'usage', 'results'] },
  )

  test('the call resolves with a permutation of finite scores or rejects with one of our errors', async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly, fc.jsonValue()), async (body) => {
        const call = clientOf(scripted(answersOk(JSON.stringify(body)))).rerank(REQUEST)
        const outcome = await call.catch((error: unknown) => error)
        if (isRerankError(outcome)) {
          // An error in a 200 that says a status of its own is that error.
          expect(outcome.kind === 'response' || outcome.status !== 200).toBe(true)
          return
        }
        accepted += 1
        const { results } = outcome as RerankResponse
        expect(results.map((entry) => entry.index).sort()).toEqual([0, 1])
        expect(results.every((entry) => Number.isFinite(entry.relevance_score))).toBe(true)
      }),
      { numRuns: 500 },
    )
    expect(accepted).toBeGreaterThan(10)
  })

  test('no depth of nesting makes it reject otherwise', async () => {
    const deep = '['.repeat(30_000) + ']'.repeat(30_000)
    for (const body of [deep, `{"error":${deep}}`, `{"detail":${deep}}`, `{"results":${deep}}`]) {
      expect((await failure(clientOf(scripted(answersOk(body))).rerank(REQUEST))).kind).toBe('response')
    }
  })
})
