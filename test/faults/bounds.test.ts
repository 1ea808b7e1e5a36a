import { describe, expect, test, vi } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import {
  answers,
  answersOk,
  answerTo,
  clientOf,
  failure,
  KEY,
  REQUEST,
  scripted,
  stopTimers,
} from '../helpers/rerank.ts'

const LONGEST_MS = 2 ** 31 - 1
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
const LEVELS = 200_000

describe('JSON that is nested more deeply than a stack', () => {
  test.each([
    ['in place of a response', answersOk(deep(LEVELS)), 'response'],
    ['in results', answersOk(`{"results":${deep(LEVELS)}}`), 'response'],
    ['in a result', answersOk(`{"results":[{"index":${deep(LEVELS)}}]}`), 'response'],
    ['in the error of a success', answersOk(`{"error":${deep(LEVELS)}}`), 'response'],
    [
      'in the error of a success, with its code',
      answersOk(`{"error":{"code":500,"a":${deep(LEVELS)}}}`),
      'server',
    ],
    ['in an error', answers(400, deep(30_000)), 'bad_request'],
    [
      'in the issues of an error',
      answers(422, `{"detail":[{"msg":"m","loc":${deep(30_000)}}]}`),
      'bad_request',
    ],
  ])('%s is an error of ours, which can be logged', async (_, step, kind) => {
    const error = await failure(clientOf(scripted(step)).rerank(REQUEST))
    expect(error.kind).toBe(kind)
    expect(JSON.stringify(error.toJSON()).length).toBeLessThan(2000)
  })

  test('beside the results makes no difference', async () => {
    const body = JSON.stringify(answerTo(REQUEST)).replace('{', `{"extra":${deep(LEVELS)},`)
    expect((await clientOf(scripted(answersOk(body))).rank('q', ['a', 'b'])).length).toBe(2)
  })
})

test('a million results for two documents are an error of ours', async () => {
  const results = Array.from({ length: 1_000_000 }, (_, index) => ({ index, relevance_score: 1 }))
  const error = await failure(clientOf(scripted(answersOk({ results }))).rerank(REQUEST))
  expect(error.message).toContain("results[2].index is 2, not one of the request's 2 documents")
})

test('ten thousand headers are read, and those of an error kept', async () => {
  const headers = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`x-${index}`, 'a'.repeat(20)]),
  )
  const error = await failure(clientOf(scripted(answers(400, 'no', headers))).rerank(REQUEST))
  expect(Object.keys(error.headers ?? {}).length).toBeGreaterThanOrEqual(10_000)
  expect(JSON.stringify(error.toJSON()).length).toBeLessThan(500)
})

describe('a time that no timer holds', () => {
  test.each([
    ['timeoutMs', LONGEST_MS + 1],
    ['timeoutMs', Infinity],
    ['timeoutMs', NaN],
    ['deadlineMs', LONGEST_MS + 1],
    ['maxRetryAfterMs', LONGEST_MS + 1],
    ['maxRetryAfterMs', Infinity],
  ])('is refused as %s: %d', (name, ms) => {
    expect(() => createRerankClient({ apiKey: KEY, [name]: ms })).toThrow(TypeError)
  })

  test.each(['3000000000', '99999999999999999999', '1e30', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'is waited for by nobody as Retry-After: %s',
    async (retryAfter) => {
      const fetch = scripted(answers(429, '', { 'retry-after': retryAfter }))
      const client = clientOf(fetch, { maxRetries: 2, maxRetryAfterMs: LONGEST_MS })
      const { pass } = stopTimers()
      const call = failure(client.rerank(REQUEST))
      // Where the wait counts as not said, the client backs off.
      for (let tries = 0; tries < 2; tries += 1) {
        await new Promise(setImmediate)
        pass(8000)
        await new Promise(setImmediate)
      }
      expect(await call).toMatchObject({ kind: 'rate_limit' })
    },
  )

  test('is cut to the longest there is, after a 429 that names it for all calls', async () => {
    const fetch = scripted(
      answers(429, '', { 'retry-after-ms': String(LONGEST_MS) }),
      answersOk(answerTo(REQUEST)),
    )
    const client = clientOf(fetch, { maxRetryAfterMs: LONGEST_MS })
    stopTimers()
    vi.spyOn(Math, 'random').mockReturnValue(1)
    await failure(client.rerank(REQUEST))
    expect(Math.max(...(await timersOf((signal) => client.rerank(REQUEST, { signal }))))).toBe(LONGEST_MS)
    expect(fetch.calls).toHaveLength(1)
  })
})

/** The milliseconds of the timers that a call sets until nothing goes on; it is then aborted. */
async function timersOf(call: (signal: AbortSignal) => Promise<unknown>): Promise<number[]> {
  const caller = new AbortController()
  const stopped = globalThis.setTimeout
  const set: number[] = []
  // By hand: what a spy puts back is not what is taken away when time goes on.
  const noted = (callback: () => void, ms = 0): unknown => {
    set.push(ms)
    return stopped(callback, ms)
  }
  globalThis.setTimeout = Object.assign<object, typeof stopped>(noted, stopped)
  const ended = call(caller.signal).catch(() => undefined)
  await new Promise(setImmediate)
  globalThis.setTimeout = stopped
  caller.abort()
  await ended
  return set
}
