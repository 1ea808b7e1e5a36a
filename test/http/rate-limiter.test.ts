import { expect, test, vi } from 'vitest'
import { RateLimitError } from '../../src/index.ts'
import type { Hooks, Lease, LeaseOutcome, RateLimiter } from '../../src/index.ts'
import {
  answers,
  clientOf,
  failure,
  good,
  KEY,
  rejection,
  REQUEST,
  scripted,
  stalls,
  stopTimers,
} from '../helpers/rerank.ts'

/** A rate limiter that lets everything be sent at once, with what it was told. */
function listening(): RateLimiter & { log: (string | LeaseOutcome)[] } {
  const log: (string | LeaseOutcome)[] = []
  return {
    log,
    spacesRetries: true,
    acquire: ({ query, documents }) => {
      log.push(`${query}: ${documents.length}`)
      // The limits are read where somebody asks for them.
      return {
        release: ({ status, retryAfterMs, mayBeExhausted, rateLimit }) =>
          void log.push({ status, retryAfterMs, mayBeExhausted, rateLimit }),
      }
    },
  }
}

/** A rate limiter that never gives a lease, and the signals that it was given. */
function closed(): RateLimiter & { signals: AbortSignal[] } {
  const signals: AbortSignal[] = []
  return {
    signals,
    acquire: (_, signal) => {
      signals.push(signal)
      return new Promise(() => undefined)
    },
  }
}

/** A rate limiter that gives its one lease when it is told to, and what that was released with. */
function later(): RateLimiter & { give: () => void; released: ReturnType<typeof vi.fn> } {
  const released = vi.fn()
  let give: (lease: Lease) => void = () => undefined
  return {
    released,
    give: () => give({ release: released }),
    acquire: () => new Promise((resolve) => (give = resolve)),
  }
}

const ENTERED = `${REQUEST.query}: ${REQUEST.documents.length}`

test('a rate limiter is asked before each attempt, retries included, and told of each end', async () => {
  const rateLimiter = listening()
  const fetch = scripted(answers(503, null, { 'retry-after-ms': '1' }), good)
  await clientOf(fetch, { rateLimiter, maxRetries: 1 }).rerank(REQUEST)
  expect(rateLimiter.log).toEqual([
    ENTERED,
    { status: 503, retryAfterMs: 1, mayBeExhausted: false, rateLimit: undefined },
    ENTERED,
    { status: 200, mayBeExhausted: false, rateLimit: undefined },
  ])
})

test('a call’s rate limiter goes before its client’s', async () => {
  const [own, clients] = [listening(), listening()]
  await clientOf(scripted(good), { rateLimiter: clients }).rerank(REQUEST, { rateLimiter: own })
  expect(own.log).toHaveLength(2)
  expect(clients.log).toEqual([])
})

test('each request of a ranking is asked for', async () => {
  const rateLimiter = listening()
  await clientOf(scripted(good), { rateLimiter }).rank('q', ['a', 'b', 'c'], { maxDocumentsPerRequest: 1 })
  expect(rateLimiter.log.filter((entry) => entry === 'q: 1')).toHaveLength(3)
})

test.each([
  [5, 5000],
  [100, undefined],
])(
  'it is told the limits that an answer states, and of a wait of %i s, of 5 that the call allows, %o',
  async (seconds, retryAfterMs) => {
    const rateLimiter = listening()
    const headers = {
      'retry-after': `${seconds}`,
      'x-ratelimit-remaining-requests': '3',
      'x-ratelimit-reset-requests': '2s',
    }
    await failure(
      clientOf(scripted(answers(429, null, headers)), { rateLimiter, maxRetryAfterMs: 5000 }).rerank(REQUEST),
    )
    expect(rateLimiter.log[1]).toEqual({
      status: 429,
      retryAfterMs,
      mayBeExhausted: false,
      rateLimit: { requests: { remaining: 3, resetMs: 2000 } },
    })
  },
)

test('it is told of an attempt without an answer that it is over', async () => {
  const rateLimiter = listening()
  const refused = (): never => {
    throw new TypeError('fetch failed')
  }
  await failure(clientOf(refused, { rateLimiter }).rerank(REQUEST))
  expect(rateLimiter.log).toEqual([
    ENTERED,
    { status: undefined, retryAfterMs: undefined, mayBeExhausted: false, rateLimit: undefined },
  ])
})

test('it is told of an aborted attempt that it is over', async () => {
  const rateLimiter = listening()
  const controller = new AbortController()
  const call = rejection(
    clientOf(scripted(stalls), { rateLimiter }).rerank(REQUEST, { signal: controller.signal }),
  )
  await vi.waitFor(() => expect(rateLimiter.log).toHaveLength(1))
  controller.abort('enough')
  expect(await call).toBe('enough')
  expect(rateLimiter.log).toEqual([ENTERED, {}])
})

test('what it rejects with rejects the call, and nothing is sent', async () => {
  const fault = new Error('closed for today')
  const fetch = scripted(good)
  const rateLimiter: RateLimiter = { acquire: () => Promise.reject(fault) }
  expect(await rejection(clientOf(fetch, { rateLimiter, maxRetries: 3 }).rerank(REQUEST))).toBe(fault)
  expect(fetch.calls).toEqual([])
})

test('a wait that is too long is the call’s own failure', async () => {
  const retries: unknown[] = []
  const rateLimiter: RateLimiter = {
    spacesRetries: true,
    acquire: async ({ attempt, tooLong }) => {
      if (attempt > 1) throw tooLong(9000)
      return { release: () => undefined }
    },
  }
  const fetch = scripted(answers(429), good)
  const hooks = { onRetry: ({ attempt }: { attempt: number }) => retries.push(attempt) }
  const error = await failure(
    clientOf(fetch, { rateLimiter, maxRetries: 3, hooks }).rank('q', ['a', ' ', 'b']),
  )
  expect(error).toMatchObject({ kind: 'rate_limit', attempts: 1, retryAfterMs: 9000, items: [0, 2] })
  expect(error.message).toMatch(/^POST \/v1\/rerank was not sent: .* another 9000 ms\. /)
  expect(fetch.calls).toHaveLength(1)
  expect(retries).toEqual([1])
})

test('it is told how long the call would wait, by its maxRetryAfterMs and its deadline', async () => {
  const asked: unknown[] = []
  const rateLimiter: RateLimiter = {
    acquire: ({ maxWaitMs }) => {
      asked.push(maxWaitMs)
      return { release: () => undefined }
    },
  }
  vi.spyOn(performance, 'now').mockReturnValue(0)
  const client = clientOf(scripted(good), { rateLimiter })
  await client.rerank(REQUEST)
  await client.rerank(REQUEST, { maxRetryAfterMs: 5 })
  await client.rerank(REQUEST, { deadlineMs: 3 })
  expect(asked).toEqual([60_000, 5, 2])
})

test('it tells accounts, models and tiers apart, and never sees a key', async () => {
  const asked: object[] = []
  const rateLimiter: RateLimiter = {
    acquire: ({ model, serviceTier, account, attempt }) => {
      asked.push({ model, serviceTier, account, attempt })
      return { release: () => undefined }
    },
  }
  const client = clientOf(scripted(good), { rateLimiter })
  await client.rerank(REQUEST)
  await client.rerank({ ...REQUEST, model: 'm', service_tier: 'flex' })
  await client.rerank(REQUEST, { projectId: 'p' })
  await client.rerank(REQUEST, { projectId: 'q' })
  await client.rerank(REQUEST, { headers: { authorization: 'Bearer another' } })
  // Alike in the first half of each character.
  await client.rerank(REQUEST, { projectId: '😀' })
  await client.rerank(REQUEST, { projectId: '😁' })
  const accounts = asked.map((request) => (request as { account: number }).account)
  expect(accounts[1]).toBe(accounts[0])
  expect(new Set(accounts).size).toBe(6)
  expect(asked[1]).toMatchObject({ model: 'm', serviceTier: 'flex', attempt: 1 })
  expect(JSON.stringify(asked)).not.toContain(KEY)
})

test('what it throws rejects the call', async () => {
  const rateLimiter: RateLimiter = {
    acquire: () => {
      throw new RangeError('no')
    },
  }
  expect(await rejection(clientOf(scripted(good), { rateLimiter }).rerank(REQUEST))).toEqual(
    new RangeError('no'),
  )
})

test('the caller’s abort ends the wait for it with the reason', async () => {
  const rateLimiter = closed()
  const controller = new AbortController()
  const fetch = scripted(good)
  const call = rejection(clientOf(fetch, { rateLimiter }).rerank(REQUEST, { signal: controller.signal }))
  await vi.waitFor(() => expect(rateLimiter.signals).toHaveLength(1))
  controller.abort('enough')
  expect(await call).toBe('enough')
  expect(rateLimiter.signals[0]?.aborted).toBe(true)
  expect(fetch.calls).toEqual([])
})

test('the deadline ends the wait for it, and nothing was sent', async () => {
  const timers = stopTimers()
  const call = failure(
    clientOf(scripted(good), { rateLimiter: closed() }).rerank(REQUEST, { deadlineMs: 100 }),
  )
  timers.pass(100)
  expect(await call).toMatchObject({
    name: 'RerankTimeoutError',
    limit: 'deadlineMs',
    attempts: 0,
    message:
      'POST /v1/rerank still waited for its rate limiter after 100 ms. Raise deadlineMs, or send less at once.',
  })
})

test('what it rejects with is passed on, an error of the service’s included', async () => {
  const refusal = new RateLimitError('enough', { status: 429, attempts: 1, rateLimit: undefined })
  const rateLimiter: RateLimiter = { acquire: () => Promise.reject(refusal) }
  expect(await rejection(clientOf(scripted(good), { rateLimiter }).rerank(REQUEST))).toBe(refusal)
})

test('the time-out of an attempt does not run while it waits', async () => {
  stopTimers()
  const rateLimiter = later()
  const call = clientOf(scripted(good), { rateLimiter, timeoutMs: 10 }).rerank(REQUEST)
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0))
  vi.advanceTimersByTime(60_000)
  rateLimiter.give()
  expect((await call).results).toHaveLength(2)
})

test('a lease that comes too late is given back at once', async () => {
  const rateLimiter = later()
  const controller = new AbortController()
  const call = rejection(
    clientOf(scripted(good), { rateLimiter }).rerank(REQUEST, { signal: controller.signal }),
  )
  controller.abort('enough')
  await call
  rateLimiter.give()
  await vi.waitFor(() => expect(rateLimiter.released).toHaveBeenCalledExactlyOnceWith({}))
})

test('a lease that comes with the abort is given back', async () => {
  const rateLimiter = later()
  const controller = new AbortController()
  const fetch = scripted(good)
  const call = rejection(clientOf(fetch, { rateLimiter }).rerank(REQUEST, { signal: controller.signal }))
  rateLimiter.give()
  controller.abort('enough')
  expect(await call).toBe('enough')
  expect(rateLimiter.released).toHaveBeenCalledOnce()
  expect(fetch.calls).toEqual([])
})

test.each([
  ['asks again at once, as its rate limiter spaces retries', { rateLimiter: listening() }, 0],
  ['backs off where its rate limiter does not space retries', {}, 500],
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

test.each([5, {}, { acquire: true }])('%j is not a rate limiter', async (rateLimiter) => {
  expect(() => clientOf(scripted(good), { rateLimiter: rateLimiter as never })).toThrow(
    'rateLimiter must be an object with a method acquire',
  )
})
