import { getEventListeners } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import type { Hooks } from '../../src/index.ts'
import {
  answers,
  answersOk,
  clientOf,
  failure,
  good,
  rejection,
  REQUEST,
  scripted,
  skipWaits,
  stalls,
  stopTimers,
  throws,
} from '../helpers/rerank.ts'

const busy = answers(503, null, { 'retry-after-ms': '1' })
const reset = throws(new TypeError('fetch failed'))

describe('retries', () => {
  test('are two by default', async () => {
    const fetch = scripted(busy)
    expect((await failure(clientOf(fetch, { maxRetries: undefined }).rerank(REQUEST))).attempts).toBe(3)
    expect(fetch.calls).toHaveLength(3)
  })

  test.each([
    ['503', busy],
    ['a failed connection', reset],
    ['an answer that breaks off', answersOk('{"results":[')],
    ['an empty answer', answersOk('')],
    ['an error in a 200', answersOk({ error: { code: 503 } })],
    ['a 404 with x-should-retry', answers(404, null, { 'x-should-retry': 'true' })],
    ['an attempt out of time', stalls],
  ])('follow %s', async (_, step) => {
    const { pass } = stopTimers()
    const hooks = { onRequest: () => pass(100), onRetry: () => pass(500) }
    const fetch = scripted(step, good)
    const client = clientOf(fetch, { hooks, maxRetries: 1, timeoutMs: 100 })
    await expect(client.rerank(REQUEST)).resolves.toHaveProperty('results')
    expect(fetch.calls).toHaveLength(2)
  })

  test.each([
    ['400', answers(400)],
    ['401', answers(401)],
    ['422', answers(422)],
    ['a redirect', answers(302)],
    ['a page', answersOk('<html>')],
    ['an answer that parsed but is wrong', answersOk({ results: [] })],
    ['a 401 with x-should-retry', answers(401, null, { 'x-should-retry': 'true' })],
    ['a 402 with x-should-retry', answers(402, null, { 'x-should-retry': 'true' })],
    ['a 503 with x-should-retry', answers(503, null, { 'x-should-retry': 'false' })],
  ])('do not follow %s', async (_, step) => {
    const fetch = scripted(step)
    await failure(clientOf(fetch, { maxRetries: 5 }).rerank(REQUEST))
    expect(fetch.calls).toHaveLength(1)
  })

  test('send the same bytes, whatever became of the request since', async () => {
    const request = { query: 'q', documents: ['a', 'b'] }
    const onRetry = (): unknown => request.documents.push('c')
    const fetch = scripted(busy, busy, good)
    const answer = await clientOf(fetch, { maxRetries: 2, hooks: { onRetry } }).rerank(request)
    expect(new Set(fetch.calls.map(({ init }) => init.body)).size).toBe(1)
    expect(answer.results).toHaveLength(2)
  })

  test('give each attempt a signal of its own', async () => {
    const fetch = scripted(busy, good)
    await clientOf(fetch, { maxRetries: 1 }).rerank(REQUEST)
    expect(new Set(fetch.calls.map(({ init }) => init.signal)).size).toBe(2)
  })

  test('wait for what Retry-After says', async () => {
    const { pass } = stopTimers()
    const waits: number[] = []
    const onRetry: Hooks['onRetry'] = ({ delayMs }) => {
      waits.push(delayMs)
      pass(delayMs)
    }
    const fetch = scripted(
      answers(429, null, { 'retry-after': '1m' }),
      answers(503, null, { 'retry-after-ms': '0' }),
      good,
    )
    await clientOf(fetch, { maxRetries: 2, hooks: { onRetry } }).rerank(REQUEST)
    expect(waits[0]).toBe(60_000)
    // Zero names no wait.
    expect(waits[1]).toBeGreaterThan(700)
  })

  test('reject at once when they would have to wait for days', async () => {
    const fetch = scripted(answers(429, null, { 'retry-after': '259200' }))
    const error = await failure(clientOf(fetch, { maxRetries: 5 }).rerank(REQUEST))
    expect(error).toMatchObject({ kind: 'rate_limit', retryAfterMs: 259_200_000, attempts: 1 })
    expect(fetch.calls).toHaveLength(1)
  })

  test('reject at once when they would have to wait beyond the deadline', async () => {
    const fetch = scripted(answers(429, null, { 'retry-after': '30' }))
    const error = await failure(clientOf(fetch, { maxRetries: 5, deadlineMs: 20_000 }).rerank(REQUEST))
    expect(error).toMatchObject({ kind: 'rate_limit', retryAfterMs: 30_000 })
    expect(fetch.calls).toHaveLength(1)
  })
})

describe('time', () => {
  test('of an attempt is limited by timeoutMs, which the error names', async () => {
    const error = await failure(
      clientOf(scripted(stalls), { timeoutMs: 5, deadlineMs: 1000 }).rerank(REQUEST),
    )
    expect(error).toMatchObject({
      kind: 'timeout',
      limit: 'timeoutMs',
      message: 'POST /v1/rerank had no response within 5 ms. Raise timeoutMs, or send less at once.',
    })
  })

  test('of a call is limited by deadlineMs, which the error names', async () => {
    const fetch = scripted(stalls)
    const error = await failure(clientOf(fetch, { deadlineMs: 5, maxRetries: 5 }).rerank(REQUEST))
    expect(error).toMatchObject({
      kind: 'timeout',
      limit: 'deadlineMs',
      message: 'POST /v1/rerank had no response within 5 ms. Raise deadlineMs, or send less at once.',
    })
    expect(fetch.calls).toHaveLength(1)
  })

  test('of an attempt does not count against the next', async () => {
    const hooks = skipWaits()
    const slow = answers(503, null, { 'retry-after-ms': '90' })
    const client = clientOf(scripted(slow, slow, good), { hooks, maxRetries: 2, timeoutMs: 100 })
    await expect(client.rerank(REQUEST)).resolves.toHaveProperty('results')
  })

  test('spent is spent: the deadline runs over all attempts', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0)
    const onRetry = (): unknown => now.mockReturnValue(60)
    const fetch = scripted(answers(503, null, { 'retry-after-ms': '1' }))
    const client = clientOf(fetch, { deadlineMs: 61, maxRetries: 5, hooks: { onRetry } })
    expect((await failure(client.rerank(REQUEST))).attempts).toBe(2)
  })
})

test('what waited beyond the deadline is not sent, though the timer is late', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  const fetch = scripted(busy, good)
  const onRetry = (): unknown => now.mockReturnValue(1000)
  const client = clientOf(fetch, { deadlineMs: 1000, maxRetries: 5, hooks: { onRetry } })
  expect(await failure(client.rerank(REQUEST))).toMatchObject({ limit: 'deadlineMs', attempts: 1 })
  expect(fetch.calls).toHaveLength(1)
})

describe('an abort', () => {
  test('reads nothing of its reason: hundreds in flight may end by one', async () => {
    const message = vi.fn(() => 'enough')
    const reason = Object.defineProperty(new Error(), 'message', { get: message })
    const caller = new AbortController()
    const call = rejection(clientOf(scripted(stalls)).rerank(REQUEST, { signal: caller.signal }))
    caller.abort(reason)
    expect(await call).toBe(reason)
    expect(message).not.toHaveBeenCalled()
  })

  test('before the call sends nothing', async () => {
    const fetch = scripted()
    const call = clientOf(fetch).rerank(REQUEST, { signal: AbortSignal.abort('enough') })
    expect(await rejection(call)).toBe('enough')
    expect(fetch.calls).toEqual([])
  })

  test('from the onRequest hook sends nothing', async () => {
    const caller = new AbortController()
    const fetch = scripted()
    const client = clientOf(fetch, { hooks: { onRequest: () => caller.abort('enough') } })
    expect(await rejection(client.rerank(REQUEST, { signal: caller.signal }))).toBe('enough')
    expect(fetch.calls).toEqual([])
  })

  test('during the attempt ends the call, though fetch pays no heed', async () => {
    const caller = new AbortController()
    const call = clientOf(scripted(stalls)).rerank(REQUEST, { signal: caller.signal })
    caller.abort('enough')
    expect(await rejection(call)).toBe('enough')
  })

  test('during back-off ends the call at once, and no attempt follows', async () => {
    stopTimers()
    const caller = new AbortController()
    const fetch = scripted(reset)
    const onRetry = (): unknown => setImmediate(() => caller.abort('enough'))
    const call = clientOf(fetch, { maxRetries: 5, hooks: { onRetry } }).rerank(REQUEST, {
      signal: caller.signal,
    })
    expect(await rejection(call)).toBe('enough')
    expect(vi.getTimerCount()).toBe(0)
    expect(fetch.calls).toHaveLength(1)
  })

  test('as an attempt fails wins over its failure', async () => {
    const caller = new AbortController()
    const fetch = scripted(busy)
    const client = clientOf(fetch, { maxRetries: 5, hooks: { onResponse: () => caller.abort('enough') } })
    expect(await rejection(client.rerank(REQUEST, { signal: caller.signal }))).toBe('enough')
    expect(fetch.calls).toHaveLength(1)
  })

  test.each([
    ['AbortSignal.timeout', 'TimeoutError', () => AbortSignal.timeout(1)],
    ['no reason', 'AbortError', () => AbortSignal.abort()],
  ])('by %s rejects with its %s', async (_, name, make) => {
    const signal = make()
    const reason = await rejection(clientOf(scripted(stalls)).rerank(REQUEST, { signal }))
    expect(reason).toBe(signal.reason)
    expect(reason).toHaveProperty('name', name)
  })

  test('with an error of ours for its reason is not retried', async () => {
    const other = await failure(clientOf(scripted(busy)).rerank(REQUEST))
    const caller = new AbortController()
    const onRetry = vi.fn()
    const call = clientOf(scripted(stalls), { maxRetries: 5, hooks: { onRetry } }).rerank(REQUEST, {
      signal: caller.signal,
    })
    caller.abort(other)
    expect(await rejection(call)).toBe(other)
    expect(onRetry).not.toHaveBeenCalled()
  })
})

test.each([
  ['a success', good],
  ['a failure', answers(500)],
  ['a time-out', stalls],
])('%s leaves no listener and no timer', async (_, step) => {
  const { pass } = stopTimers()
  const { signal } = new AbortController()
  const call = clientOf(scripted(step), { timeoutMs: 10 }).rerank(REQUEST, { signal })
  pass(10)
  await Promise.allSettled([call])
  expect(vi.getTimerCount()).toBe(0)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
