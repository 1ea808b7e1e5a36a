import { getEventListeners } from 'node:events'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createCooldown } from '../../src/limiter/cooldown.ts'
import type { CallOptions, Lease, RateLimiter, RateLimitRequest, RerankClient } from '../../src/index.ts'
import { answers, clientOf, failure, good, rejection, REQUEST, scripted, throws } from '../helpers/rerank.ts'
import type { ScriptedFetch, Step } from '../helpers/rerank.ts'

/** Stops time for the rest of the test; what it returns lets so many milliseconds pass. */
function stopTime(): (ms: number) => Promise<unknown> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  onTestFinished(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })
  return (ms) => vi.advanceTimersByTimeAsync(ms)
}

const busy = (seconds: number): Step => answers(429, null, { 'retry-after': `${seconds}` })

/** A client that was just asked to come back after so many seconds. */
async function refused(seconds: number, then: Step = good): Promise<[RerankClient, ScriptedFetch]> {
  const fetch = scripted(busy(seconds), then)
  const client = clientOf(fetch)
  await failure(client.rerank(REQUEST))
  return [client, fetch]
}

const ASKING: RateLimitRequest = {
  ...REQUEST,
  model: 'm',
  serviceTier: undefined,
  account: 1,
  attempt: 1,
  maxWaitMs: 60_000,
  tooLong: (ms) => new Error(`too long: ${ms}`),
}

/** A cooldown, and what starts or extends it. */
function cooldownUpTo(maxRetryAfterMs: number): [RateLimiter, (retryAfterMs: number) => Promise<void>] {
  const cooldown = createCooldown({ maxRetryAfterMs })
  // Taken before: a lease outlives the cooldowns that begin meanwhile.
  const leases = Array.from({ length: 5 }, () => cooldown.acquire(ASKING, new AbortController().signal))
  return [cooldown, async (retryAfterMs) => (await leases.pop())?.release({ status: 429, retryAfterMs })]
}

const isGivenAtOnce = (given: Lease | Promise<Lease>): boolean => 'release' in given

describe('a 429 that names a wait', () => {
  test('holds back every other call of its client until that is over', async () => {
    const pass = stopTime()
    const [client, fetch] = await refused(2)
    const calls = [client.rerank(REQUEST), client.rerank.withResponse(REQUEST), client.rank('q', ['a'])]
    await pass(1999)
    expect(fetch.calls).toHaveLength(1)
    await pass(1)
    expect(fetch.calls).toHaveLength(4)
    await Promise.all(calls)
  })

  test('holds back no other client', async () => {
    stopTime()
    await refused(60)
    await expect(clientOf(scripted(good)).rerank(REQUEST)).resolves.toHaveProperty('results')
  })

  test('holds back the retry of another failure', async () => {
    const pass = stopTime()
    let fail: (reason: Error) => void = () => expect.fail()
    const pending: Step = () => new Promise((_, reject) => (fail = reject))
    const fetch = scripted(pending, busy(5), good)
    const client = clientOf(fetch, { maxRetries: 1 })
    const call = client.rerank(REQUEST)
    await failure(client.rerank(REQUEST, { maxRetries: 0 }))
    fail(new TypeError('fetch failed'))
    await pass(4999)
    expect(fetch.calls).toHaveLength(2)
    await pass(1)
    await expect(call).resolves.toHaveProperty('results')
  })

  test('says so by an exhausted x-ratelimit-reset as well', async () => {
    stopTime()
    const headers = { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '30s' }
    const client = clientOf(scripted(answers(429, null, headers), good))
    await failure(client.rerank(REQUEST))
    expect(await failure(client.rerank(REQUEST, { maxRetryAfterMs: 1 }))).toMatchObject({
      retryAfterMs: 30_000,
    })
  })

  test('that is longer than the call takes holds back nobody', async () => {
    stopTime()
    const [client] = await refused(3 * 86_400)
    await expect(client.rerank(REQUEST)).resolves.toHaveProperty('results')
  })

  test.each<[string, object, CallOptions]>([
    ['service tier', { service_tier: 'flex' }, {}],
    ['model', { model: 'another' }, {}],
    ['project', {}, { projectId: 'another' }],
    ['key', {}, { headers: { authorization: 'Bearer another-0123456789' } }],
  ])('holds back no call with another %s, and all with the same', async (_, fields, options) => {
    stopTime()
    const fetch = scripted(busy(30), good)
    const client = clientOf(fetch)
    await failure(client.rerank({ ...REQUEST, ...fields }, options))
    await expect(client.rerank(REQUEST)).resolves.toHaveProperty('results')
    const same = client.rerank({ ...REQUEST, ...fields }, { ...options, maxRetryAfterMs: 1 })
    expect(await failure(same)).toMatchObject({ kind: 'rate_limit', attempts: 0 })
  })

  test('of more than its client waits for holds back no other, though the call itself waits', async () => {
    const pass = stopTime()
    const fetch = scripted(busy(600), good)
    const client = clientOf(fetch)
    const patient = client.rerank(REQUEST, { maxRetryAfterMs: 900_000, maxRetries: 1 })
    await pass(1)
    await expect(client.rerank(REQUEST)).resolves.toHaveProperty('results')
    await pass(599_998)
    expect(fetch.calls).toHaveLength(2)
    await pass(1)
    await expect(patient).resolves.toHaveProperty('results')
  })

  test('of just the longest wait of a call holds back another', async () => {
    const pass = stopTime()
    const [client, fetch] = await refused(60)
    const call = client.rerank(REQUEST)
    await pass(59_999)
    expect(fetch.calls).toHaveLength(1)
    await pass(1)
    await call
    expect(fetch.calls).toHaveLength(2)
  })

  test('lets its own retry leave to the millisecond', async () => {
    const pass = stopTime()
    const fetch = scripted(busy(1), good)
    const call = clientOf(fetch, { maxRetries: 1 }).rerank(REQUEST)
    await pass(999)
    expect(fetch.calls).toHaveLength(1)
    await pass(1)
    expect(fetch.calls).toHaveLength(2)
    await call
  })
})

test.each([
  ['a 429 that names no wait', answers(429)],
  ['a 503, which may be one machine’s', answers(503, null, { 'retry-after': '30' })],
  ['a failed connection', throws(new TypeError('fetch failed'))],
])('%s holds back nobody', async (_, step) => {
  stopTime()
  const client = clientOf(scripted(step, good))
  await failure(client.rerank(REQUEST))
  await expect(client.rerank(REQUEST)).resolves.toHaveProperty('results')
})

describe('a call that can not wait so long rejects at once, and sends nothing', () => {
  test.each([
    ['its maxRetryAfterMs', { maxRetryAfterMs: 11_999 }],
    ['its deadline', { deadlineMs: 12_000 }],
  ])('by %s', async (_, options) => {
    stopTime()
    const [client, fetch] = await refused(12)
    const error = await failure(client.rerank(REQUEST, { maxRetries: 5, ...options }))
    expect(error).toMatchObject({ name: 'RateLimitError', attempts: 0, retryAfterMs: 12_000 })
    expect(error.status).toBeUndefined()
    expect(error.message).toBe(
      'POST /v1/rerank was not sent: the service asked to wait for another 12000 ms. Wait until retryAt, or rank with rankMany, which keeps to the limits.',
    )
    expect(fetch.calls).toHaveLength(1)
  })

  test('and says which items it was for', async () => {
    stopTime()
    const [client] = await refused(12)
    const options = { maxDocumentsPerRequest: 2, concurrency: 1, maxRetryAfterMs: 0 }
    const error = await failure(client.rank('q', ['a', ' ', 'b', 'c'], options))
    expect(error).toMatchObject({ items: [0, 2], part: '1 of 2' })
  })
})

test('an abort ends the wait at once, and leaves neither timer nor listener', async () => {
  const pass = stopTime()
  const [client, fetch] = await refused(12)
  const { signal, ...caller } = bound(new AbortController())
  const call = rejection(client.rerank(REQUEST, { signal }))
  await pass(1)
  expect(vi.getTimerCount()).toBe(1)
  caller.abort('enough')
  expect(await call).toBe('enough')
  expect(vi.getTimerCount()).toBe(0)
  expect(getEventListeners(signal, 'abort')).toEqual([])
  expect(fetch.calls).toHaveLength(1)
})

test('a longer cooldown extends the one that is on, a shorter does not end it', async () => {
  const pass = stopTime()
  const [cooldown, extend] = cooldownUpTo(5000)
  const { signal } = new AbortController()
  await extend(1000)
  await extend(500)
  let isOver = false
  const waiting = Promise.resolve(cooldown.acquire(ASKING, signal)).then(() => (isOver = true))
  await pass(900)
  await extend(2000)
  await pass(1999)
  expect(isOver).toBe(false)
  await pass(1)
  await waiting
  expect(isGivenAtOnce(cooldown.acquire(ASKING, signal))).toBe(true)
})

test.each([
  [999, false],
  // Timers may be early, by less than a millisecond.
  [999.5, true],
])('a second is over after %d ms: %o', async (passed, isOver) => {
  stopTime()
  const [cooldown, extend] = cooldownUpTo(1000)
  await extend(1000)
  const start = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(start + passed)
  expect(isGivenAtOnce(cooldown.acquire(ASKING, new AbortController().signal))).toBe(isOver)
})

test('a lease that nothing stands against is given at once, without a promise', () => {
  const [cooldown] = cooldownUpTo(1000)
  expect(isGivenAtOnce(cooldown.acquire(ASKING, new AbortController().signal))).toBe(true)
})

test('those that waited come back one after another', async () => {
  const pass = stopTime()
  const [client, fetch] = await refused(2)
  const draws = [0.8, 0, 0.4]
  vi.mocked(Math.random).mockImplementation(() => draws.shift() ?? expect.fail())
  const calls = Array.from({ length: 3 }, () => client.rerank(REQUEST))
  const sent: number[] = []
  for (const ms of [1999, 1, 200, 200]) {
    await pass(ms)
    sent.push(fetch.calls.length - 1)
  }
  expect(sent).toEqual([0, 1, 2, 3])
  await Promise.all(calls)
})

test('after a long wait they come back within a second, not within a quarter of it', async () => {
  const pass = stopTime()
  const [client, fetch] = await refused(40)
  vi.mocked(Math.random).mockReturnValue(0.999)
  const call = client.rerank(REQUEST)
  await pass(40_998)
  expect(fetch.calls).toHaveLength(1)
  await pass(1)
  expect(fetch.calls).toHaveLength(2)
  await call
})

test('the 429 of one request of a ranking holds back the rest of it', async () => {
  const pass = stopTime()
  const fetch = scripted(busy(2), good)
  const items = ['a', 'b', 'c', 'd']
  const call = clientOf(fetch, { maxRetries: 1 }).rank('q', items, {
    maxDocumentsPerRequest: 2,
    concurrency: 1,
  })
  await pass(1999)
  expect(fetch.calls).toHaveLength(1)
  await pass(1)
  await expect(call).resolves.toHaveLength(4)
})

function bound(controller: AbortController): { signal: AbortSignal; abort: (reason: unknown) => void } {
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) }
}

describe('an exhausted limit', () => {
  const EMPTY = { requests: { limit: 600, remaining: 0, resetMs: 60_000 } }
  const signal = new AbortController().signal

  /** The milliseconds at which so many leases are given, and each is released with the outcome. */
  async function leases(cooldown: RateLimiter, count: number, status = 200): Promise<number[]> {
    const pass = stopTime()
    const started = performance.now()
    const given: number[] = []
    const first = await cooldown.acquire(ASKING, signal)
    first.release({ status, retryAfterMs: status === 429 ? 100 : undefined, rateLimit: EMPTY })
    for (let at = 0; at < count; at++) {
      void Promise.resolve(cooldown.acquire(ASKING, signal)).then((lease) => {
        given.push(performance.now() - started)
        lease.release({ status, retryAfterMs: status === 429 ? 100 : undefined, rateLimit: EMPTY })
      })
    }
    for (let at = 0; at < 2000; at++) await pass(1)
    return given
  }

  test('spaces calls by the time in which it refills by one', async () => {
    const cooldown = createCooldown({ maxRetryAfterMs: 60_000 })
    expect(await leases(cooldown, 3)).toEqual([100, 200, 300])
  })

  test('that rate-limits those that were spaced is tried ever more seldom', async () => {
    const cooldown = createCooldown({ maxRetryAfterMs: 60_000 })
    expect(await leases(cooldown, 3, 429)).toEqual([100, 300, 700])
  })

  test('of which something remains again spaces nothing', async () => {
    stopTime()
    const cooldown = createCooldown({ maxRetryAfterMs: 60_000 })
    const held = await cooldown.acquire(ASKING, signal)
    ;(await cooldown.acquire(ASKING, signal)).release({ status: 200, rateLimit: EMPTY })
    held.release({ status: 200, rateLimit: { requests: { limit: 600, remaining: 5, resetMs: 59_000 } } })
    vi.advanceTimersByTime(100)
    const given = [cooldown.acquire(ASKING, signal), cooldown.acquire(ASKING, signal)]
    expect(given.every(isGivenAtOnce)).toBe(true)
  })
})
