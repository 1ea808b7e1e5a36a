import { expect, test, vi } from 'vitest'
import type { Pace, PaceResult } from '../src/index.ts'
import {
  answers,
  clientOf,
  failure,
  good,
  rejection,
  REQUEST,
  scripted,
  stalls,
  stopTimers,
} from './helpers/rerank.ts'

/** A pace that lets everything leave at once, with what it heard. */
function listening(): Pace & { log: (string | PaceResult)[] } {
  const log: (string | PaceResult)[] = []
  return {
    log,
    enter: async ({ query, documents }) => {
      log.push(`${query}: ${documents.length}`)
      return (result) => void log.push(result)
    },
  }
}

/** A pace that never lets anything leave, and the signals that it was given. */
function closed(): Pace & { signals: AbortSignal[] } {
  const signals: AbortSignal[] = []
  return {
    signals,
    enter: (_, signal) => {
      signals.push(signal)
      return new Promise(() => undefined)
    },
  }
}

const ENTERED = `${REQUEST.query}: ${REQUEST.documents.length}`

test('a pace is asked before each attempt, retries included, and told of each end', async () => {
  const pace = listening()
  const fetch = scripted(answers(503, null, { 'retry-after-ms': '0' }), good)
  await clientOf(fetch, { pace, maxRetries: 1 }).rerank(REQUEST)
  expect(pace.log).toEqual([
    ENTERED,
    { status: 503, retryAfterMs: 0, rateLimit: undefined },
    ENTERED,
    { status: 200, rateLimit: undefined },
  ])
})

test('a call’s pace goes before its client’s', async () => {
  const [own, clients] = [listening(), listening()]
  await clientOf(scripted(good), { pace: clients }).rerank(REQUEST, { pace: own })
  expect(own.log).toHaveLength(2)
  expect(clients.log).toEqual([])
})

test('each request of a ranking is asked for', async () => {
  const pace = listening()
  await clientOf(scripted(good), { pace }).rank('q', ['a', 'b', 'c'], { maxDocumentsPerRequest: 1 })
  expect(pace.log.filter((entry) => entry === 'q: 1')).toHaveLength(3)
})

test('it is told the limits that an answer states, and a bounded wait', async () => {
  const pace = listening()
  const headers = {
    'retry-after': '100',
    'x-ratelimit-remaining-requests': '3',
    'x-ratelimit-reset-requests': '2s',
  }
  await failure(
    clientOf(scripted(answers(429, null, headers)), { pace, maxRetryAfterMs: 5000 }).rerank(REQUEST),
  )
  expect(pace.log[1]).toEqual({
    status: 429,
    retryAfterMs: 5000,
    rateLimit: { requests: { remaining: 3, resetMs: 2000 } },
  })
})

test('it is told of an attempt without an answer that it is over', async () => {
  const pace = listening()
  const refused = (): never => {
    throw new TypeError('fetch failed')
  }
  await failure(clientOf(refused, { pace }).rerank(REQUEST))
  expect(pace.log).toEqual([ENTERED, { status: undefined, retryAfterMs: undefined, rateLimit: undefined }])
})

test('it is told of an aborted attempt that it is over', async () => {
  const pace = listening()
  const controller = new AbortController()
  const call = rejection(clientOf(scripted(stalls), { pace }).rerank(REQUEST, { signal: controller.signal }))
  await vi.waitFor(() => expect(pace.log).toHaveLength(1))
  controller.abort('enough')
  expect(await call).toBe('enough')
  expect(pace.log).toEqual([ENTERED, {}])
})

test('what it rejects with rejects the call, and nothing is sent', async () => {
  const fault = new Error('closed for today')
  const fetch = scripted(good)
  const pace: Pace = { enter: () => Promise.reject(fault) }
  expect(await rejection(clientOf(fetch, { pace, maxRetries: 3 }).rerank(REQUEST))).toBe(fault)
  expect(fetch.calls).toEqual([])
})

test('what it throws rejects the call', async () => {
  const pace: Pace = {
    enter: () => {
      throw new RangeError('no')
    },
  }
  expect(await rejection(clientOf(scripted(good), { pace }).rerank(REQUEST))).toEqual(new RangeError('no'))
})

test('the caller’s abort ends the wait for it with the reason', async () => {
  const pace = closed()
  const controller = new AbortController()
  const fetch = scripted(good)
  const call = rejection(clientOf(fetch, { pace }).rerank(REQUEST, { signal: controller.signal }))
  await vi.waitFor(() => expect(pace.signals).toHaveLength(1))
  controller.abort('enough')
  expect(await call).toBe('enough')
  expect(pace.signals[0]?.aborted).toBe(true)
  expect(fetch.calls).toEqual([])
})

test('the deadline ends the wait for it, and nothing was sent', async () => {
  const timers = stopTimers()
  const call = failure(clientOf(scripted(good), { pace: closed() }).rerank(REQUEST, { deadlineMs: 100 }))
  timers.pass(100)
  expect(await call).toMatchObject({ name: 'RerankTimeoutError', limit: 'deadlineMs', attempts: 0 })
})

test('the time-out of an attempt does not run while it waits', async () => {
  stopTimers()
  let enter: () => void = () => undefined
  const pace: Pace = { enter: () => new Promise((resolve) => (enter = () => resolve(() => undefined))) }
  const call = clientOf(scripted(good), { pace, timeoutMs: 10 }).rerank(REQUEST)
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0))
  vi.advanceTimersByTime(60_000)
  enter()
  expect((await call).results).toHaveLength(2)
})

test('a leave that comes too late is given back at once', async () => {
  const left = vi.fn()
  let enter: () => void = () => undefined
  const pace: Pace = { enter: () => new Promise((resolve) => (enter = () => resolve(left))) }
  const controller = new AbortController()
  const call = rejection(clientOf(scripted(good), { pace }).rerank(REQUEST, { signal: controller.signal }))
  controller.abort('enough')
  await call
  enter()
  await vi.waitFor(() => expect(left).toHaveBeenCalledExactlyOnceWith({}))
})

test('a leave that comes with the abort is given back', async () => {
  const left = vi.fn()
  let enter: () => void = () => undefined
  const pace: Pace = { enter: () => new Promise((resolve) => (enter = () => resolve(left))) }
  const controller = new AbortController()
  const fetch = scripted(good)
  const call = rejection(clientOf(fetch, { pace }).rerank(REQUEST, { signal: controller.signal }))
  enter()
  controller.abort('enough')
  expect(await call).toBe('enough')
  expect(left).toHaveBeenCalledOnce()
  expect(fetch.calls).toEqual([])
})

test('a 429 that names no wait asks again at once, as how long to wait is the pace’s to say', async () => {
  const delays: number[] = []
  const client = clientOf(scripted(answers(429), good), {
    pace: listening(),
    maxRetries: 1,
    hooks: { onRetry: ({ delayMs }) => delays.push(delayMs) },
  })
  await client.rerank(REQUEST)
  expect(delays).toEqual([0])
})

test.each([5, {}, { enter: true }])('%j is no pace', async (pace) => {
  expect(() => clientOf(scripted(good), { pace: pace as never })).toThrow(
    'pace must be an object with a method enter',
  )
})
