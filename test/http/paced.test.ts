import { expect, test, vi } from 'vitest'
import { RateLimitError } from '../../src/index.ts'
import type { Hooks, Pace, PaceResult } from '../../src/index.ts'
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
} from '../helpers/rerank.ts'

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

test.each([
  [5, 5000],
  [100, undefined],
])(
  'it is told the limits that an answer states, and of a wait of %i s, of 5 that the call allows, %o',
  async (seconds, retryAfterMs) => {
    const pace = listening()
    const headers = {
      'retry-after': `${seconds}`,
      'x-ratelimit-remaining-requests': '3',
      'x-ratelimit-reset-requests': '2s',
    }
    await failure(
      clientOf(scripted(answers(429, null, headers)), { pace, maxRetryAfterMs: 5000 }).rerank(REQUEST),
    )
    expect(pace.log[1]).toEqual({
      status: 429,
      retryAfterMs,
      rateLimit: { requests: { remaining: 3, resetMs: 2000 } },
    })
  },
)

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

test('that the service puts the call off for too long is told as the call’s own failure', async () => {
  const retries: unknown[] = []
  let isOpen = true
  const pace: Pace = {
    enter: async () => {
      if (!isOpen) throw new RateLimitError('', { attempts: 0, retryAfterMs: 9000, rateLimit: undefined })
      isOpen = false
      return () => undefined
    },
  }
  const fetch = scripted(answers(429), good)
  const hooks = { onRetry: ({ attempt }: { attempt: number }) => retries.push(attempt) }
  const error = await failure(clientOf(fetch, { pace, maxRetries: 3, hooks }).rank('q', ['a', ' ', 'b']))
  expect(error).toMatchObject({ kind: 'rate_limit', attempts: 1, retryAfterMs: 9000, items: [0, 2] })
  expect(error.message).toMatch(/^POST \/v1\/rerank was held back: .* another 9000 ms$/)
  expect(fetch.calls).toHaveLength(1)
  expect(retries).toEqual([1])
})

test('it is told how long the call would wait', async () => {
  const asked: unknown[] = []
  const pace: Pace = {
    enter: async ({ maxRetryAfterMs }) => {
      asked.push(maxRetryAfterMs)
      return () => undefined
    },
  }
  const client = clientOf(scripted(good), { pace })
  await client.rerank(REQUEST)
  await client.rerank(REQUEST, { maxRetryAfterMs: 5 })
  expect(asked).toEqual([60_000, 5])
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
  expect(await call).toMatchObject({
    name: 'RerankTimeoutError',
    limit: 'deadlineMs',
    attempts: 0,
    message: 'POST /v1/rerank was still held back by its pace after 100 ms (deadlineMs)',
  })
})

test('what the pace rejects with is passed on, a refusal of the service’s included', async () => {
  const refusal = new RateLimitError('enough', { status: 429, attempts: 1, rateLimit: undefined })
  const pace: Pace = { enter: () => Promise.reject(refusal) }
  expect(await rejection(clientOf(scripted(good), { pace }).rerank(REQUEST))).toBe(refusal)
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

test.each([
  ['asks again at once, as how long to wait is the pace’s to say', { pace: listening() }, 0],
  ['waits where there is no pace to say how long', {}, 500],
])('a 429 that names no wait %s', async (_, options, expected) => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  const { pass } = stopTimers()
  const delays: number[] = []
  const onRetry: Hooks['onRetry'] = ({ delayMs }) => {
    delays.push(delayMs)
    pass(delayMs)
  }
  await clientOf(scripted(answers(429), good), { ...options, maxRetries: 1, hooks: { onRetry } }).rerank(
    REQUEST,
  )
  expect(delays).toEqual([expected])
})

test.each([5, {}, { enter: true }])('%j is no pace', async (pace) => {
  expect(() => clientOf(scripted(good), { pace: pace as never })).toThrow(
    'pace must be an object with a method enter',
  )
})
