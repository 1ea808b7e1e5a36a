import { describe, expect, test } from 'vitest'
import { createRateLimiter } from '../../../src/bulk/rate-limiter/rate-limiter.ts'
import type { LeaseOutcome } from '../../../src/index.ts'
import { admitting, FOR_20_S, limited, REQUEST } from '../limited.ts'

describe('concurrency', () => {
  test('no more are under way at once', async () => {
    const { clock, sent, acquire, rateLimiter } = limited({ concurrency: 2 })
    acquire(5)
    await clock.pass(10_000)
    expect(sent).toHaveLength(2)
    expect(rateLimiter.state).toMatchObject({ inFlight: 2, waiting: 3 })
    sent[0]?.end()
    await clock.pass(10_000)
    expect(sent).toHaveLength(3)
  })

  test('no more than ten are before a response tells of limits', async () => {
    const { clock, sent, acquire } = limited({ concurrency: 64 })
    acquire(64)
    await clock.pass(10_000)
    expect(sent).toHaveLength(10)
    sent[0]?.end()
    await clock.pass(10_000)
    expect(sent).toHaveLength(64)
  })

  test('they leave in the order in which they came', async () => {
    const { clock, sent, acquire } = limited({ concurrency: 1 })
    acquire(4)
    for (let turn = 0; turn < 4; turn++) {
      await clock.pass(1000)
      sent.at(-1)?.end()
    }
    expect(sent.map(({ name }) => name)).toEqual([0, 1, 2, 3])
  })

  test('a failure of another kind teaches nothing', async () => {
    const { clock, sent, acquire, rateLimiter } = limited({ concurrency: 4 })
    acquire(3)
    await clock.pass(1000)
    sent[0]?.end({ status: 503 })
    sent[1]?.end({})
    sent[2]?.end({ status: 400 })
    expect(rateLimiter.state).toMatchObject({ inFlight: 0, rateLimited: 0, requestsPerMinute: undefined })
  })

  test('an end that is told twice counts once', async () => {
    const { clock, sent, acquire, rateLimiter } = limited()
    acquire(2)
    await clock.pass(1000)
    sent[0]?.end()
    sent[0]?.end()
    expect(rateLimiter.state.inFlight).toBe(1)
  })
})

describe('a cooldown', () => {
  test('holds back all for as long as the service asks', async () => {
    const { clock, sent, acquire, rateLimiter, now } = limited()
    acquire()
    await clock.pass(0)
    sent[0]?.end({ status: 429, retryAfterMs: 5000 })
    const refusedAt = now()
    acquire(3)
    await clock.pass(4999)
    expect(sent).toHaveLength(1)
    expect(rateLimiter.state).toMatchObject({ cooldownMs: 1 })
    await clock.pass()
    expect(sent[1]?.at).toBe(refusedAt + 5000)
  })

  test('is as long as the longest that is asked for', async () => {
    const { clock, sent, acquire, rateLimiter } = limited()
    acquire(3)
    await clock.pass(1000)
    sent[0]?.end({ status: 429, retryAfterMs: 1000 })
    sent[1]?.end({ status: 429, retryAfterMs: 7000 })
    sent[2]?.end({ status: 429, retryAfterMs: 2000 })
    expect(rateLimiter.state).toMatchObject({ cooldownMs: 7000 })
  })

  test('follows a 503 that asks for it, too', async () => {
    const { clock, sent, acquire, rateLimiter } = limited()
    acquire()
    await clock.pass(0)
    sent[0]?.end({ status: 503, retryAfterMs: 3000 })
    expect(rateLimiter.state.cooldownMs).toBe(3000)
  })

  test('grows where everything is refused and the service does not say', async () => {
    const { clock, sent, acquire } = limited({ concurrency: 1 })
    for (let turn = 0; turn < 16; turn++) {
      acquire()
      await clock.pass()
      sent.at(-1)?.end({ status: 429 })
    }
    const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0))
    expect(gaps[0]).toBeLessThan(100)
    expect(gaps.at(-1)).toBe(2000)
  })
})

describe('the caller’s limits', () => {
  test('requests are spaced evenly within the minute', async () => {
    const { clock, sent, acquire } = limited({ requestsPerMinute: 60, concurrency: 100 })
    acquire(5)
    await clock.pass()
    expect(sent.map(({ at }) => at)).toEqual([0, 1000, 2000, 3000, 4000])
  })

  test('tokens are, by an estimate that counts the query for each document', async () => {
    const { clock, sent, acquire } = limited({ tokensPerMinute: 600, concurrency: 100 })
    // (2 + 3) × 2 tokens, of which 10 a second leave.
    acquire(3, { ...REQUEST, query: '12345678', documents: ['document  01', 'document  02'] })
    await clock.pass()
    expect(sent.map(({ at }) => at)).toEqual([0, 1000, 2000])
  })

  test('hold though the service states others', async () => {
    const { clock, sent, acquire } = limited({ requestsPerMinute: 60_000 })
    acquire()
    await clock.pass(0)
    sent[0]?.end({ status: 200, rateLimit: { requests: { remaining: 0, resetMs: 60_000 } } })
    acquire()
    await clock.pass(1000)
    expect(sent).toHaveLength(2)
  })

  test.each([
    [{ concurrency: 0 }, 'concurrency must be a whole number, 1 or more, got 0'],
    [{ concurrency: 1.5 }, 'concurrency must be a whole number, 1 or more, got 1.5'],
    [{ requestsPerMinute: 0 }, 'requestsPerMinute must be a number above 0, got 0'],
    [{ tokensPerMinute: NaN }, 'tokensPerMinute must be a number above 0, got NaN'],
    [{ tokensPerMinute: '5' as never }, 'tokensPerMinute must be a number above 0, got "5"'],
    [{ tokensPerMinute: [] as never }, 'tokensPerMinute must be a number above 0, got an array'],
    [{ tokensPerMinute: (() => 1) as never }, 'tokensPerMinute must be a number above 0, got a function'],
    [
      { tokensPerMinute: 'x'.repeat(60) as never },
      `tokensPerMinute must be a number above 0, got "${'x'.repeat(60)}"`,
    ],
    [
      { tokensPerMinute: 'x'.repeat(61) as never },
      `tokensPerMinute must be a number above 0, got "${'x'.repeat(60)}…"`,
    ],
    [null as never, 'options must be an object, got null'],
    ['fast' as never, 'options must be an object, got string'],
  ])('%j is a TypeError', (options, message) => {
    expect(() => createRateLimiter(options)).toThrow(new TypeError(message))
  })
})

describe('the windows that a service states', () => {
  const stating = (remaining: number, resetMs = 10_000, limit?: number): LeaseOutcome => ({
    status: 200,
    rateLimit: { requests: { remaining, resetMs, ...(limit === undefined ? {} : { limit }) } },
  })

  test('nothing is sent into one that is exhausted', async () => {
    const { clock, sent, acquire, now } = limited()
    acquire()
    await clock.pass(0)
    sent[0]?.end(stating(0))
    const resetAt = now() + 10_000
    acquire(2)
    await clock.pass()
    expect(sent.slice(1).every(({ at }) => at >= resetAt)).toBe(true)
    expect(sent).toHaveLength(3)
  })

  test('no more is sent than is sent of it, what is under way included', async () => {
    const { clock, sent, acquire } = limited()
    acquire(3)
    await clock.pass(1000)
    // Two that sent later are not in its count.
    sent[0]?.end(stating(4))
    acquire(5)
    await clock.pass(5000)
    expect(sent).toHaveLength(5)
  })

  test('an answer that was overtaken says nothing new', async () => {
    const { clock, sent, acquire } = limited()
    acquire(2)
    await clock.pass(1000)
    sent[1]?.end(stating(0))
    sent[0]?.end(stating(5))
    acquire()
    await clock.pass(5000)
    expect(sent).toHaveLength(2)
  })

  test('one that takes longer than the request would wait holds back nobody', async () => {
    const { clock, sent, acquire, rateLimiter } = limited()
    acquire(1, FOR_20_S)
    await clock.pass(0)
    sent[0]?.end(stating(0, FOR_20_S.maxWaitMs + 1))
    expect(rateLimiter.state.cooldownMs).toBe(0)
    acquire(1, FOR_20_S)
    await clock.pass(1000)
    expect(sent).toHaveLength(2)
  })

  test('tell how long they put off what waits', async () => {
    const { clock, sent, acquire, rateLimiter } = limited()
    acquire()
    await clock.pass(0)
    sent[0]?.end(stating(1, 7000))
    expect(rateLimiter.state.cooldownMs).toBe(0)
    acquire(2)
    await clock.pass(1000)
    expect(rateLimiter.state.cooldownMs).toBe(6000)
  })

  test('those of tokens count tokens', async () => {
    const { clock, sent, acquire } = limited()
    acquire()
    await clock.pass(0)
    sent[0]?.end({ status: 200, rateLimit: { tokens: { remaining: 10, resetMs: 54_000, limit: 100 } } })
    acquire(3, { ...REQUEST, query: '1234', documents: ['1234567 101 202 '] })
    await clock.pass(2000)
    expect(sent).toHaveLength(3)
    await clock.pass(2000)
    expect(sent).toHaveLength(4)
  })

  test('those of tokens count what waits for the first response, too', async () => {
    const { clock, sent, acquire } = limited({ concurrency: 64 })
    acquire(64, { ...REQUEST, documents: ['d'.repeat(4000)] })
    await clock.pass(1000)
    sent[0]?.end({ status: 200, rateLimit: { tokens: { remaining: 0, resetMs: 60_000, limit: 400_000 } } })
    await clock.pass(100)
    expect(sent).toHaveLength(10)
  })

  test('what is more than any holds goes when one starts', async () => {
    const { clock, sent, acquire } = limited()
    acquire()
    await clock.pass(0)
    sent[0]?.end({ status: 200, rateLimit: { tokens: { remaining: 10, resetMs: 1000, limit: 10 } } })
    acquire(1, { ...REQUEST, query: 'q', documents: ['d'.repeat(1000)] })
    await clock.pass(5000)
    expect(sent).toHaveLength(2)
  })
})

test('what it learned is told in requests a minute', async () => {
  const { clock, sent, acquire, rateLimiter } = await admitting()
  expect(rateLimiter.state.requestsPerMinute).toBeUndefined()
  acquire()
  await clock.pass(100)
  sent[0]?.end({ status: 429 })
  // 0.7 of the first rate, which one that was admitted raised by half.
  expect(rateLimiter.state.requestsPerMinute).toBeCloseTo(0.7 * 1.5 * 200 * 60, 6)
})
