import { describe, expect, test } from 'vitest'
import { createPace } from '../../../src/bulk/rate-limiter/rate-limiter.ts'
import type { PaceResult } from '../../../src/index.ts'
import { FOR_20_S, paced } from '../paced.ts'

describe('concurrency', () => {
  test('no more are under way at once', async () => {
    const { clock, left, enter, pace } = paced({ concurrency: 2 })
    enter(5)
    await clock.pass(10_000)
    expect(left).toHaveLength(2)
    expect(pace.state).toMatchObject({ inFlight: 2, waiting: 3 })
    left[0]?.end()
    await clock.pass(10_000)
    expect(left).toHaveLength(3)
  })

  test('they leave in the order in which they came', async () => {
    const { clock, left, enter } = paced({ concurrency: 1 })
    enter(4)
    for (let turn = 0; turn < 4; turn++) {
      await clock.pass(1000)
      left.at(-1)?.end()
    }
    expect(left.map(({ name }) => name)).toEqual([0, 1, 2, 3])
  })

  test('halves once, however many of those under way are refused', async () => {
    const { clock, left, enter, pace } = paced({ concurrency: 8 })
    enter(8)
    await clock.pass(1000)
    for (const { end } of left) end({ status: 429 })
    expect(pace.state).toMatchObject({ concurrency: 4, refused: 8 })
  })

  test('halves for a refusal that the learned rate puts up with, too', async () => {
    const { clock, left, enter, pace } = paced({ concurrency: 8 })
    const send = async (result?: PaceResult): Promise<void> => {
      enter()
      await clock.pass(1000)
      left.pop()?.end(result)
    }
    await send({ status: 429 })
    for (let turn = 0; turn < 300; turn++) await send()
    const learned = pace.state.requestsPerMinute ?? NaN
    await send({ status: 429 })
    expect(pace.state.concurrency).toBe(4)
    expect(pace.state.requestsPerMinute).toBeGreaterThan(learned * 0.9)
  })

  test('halves again for one that left after', async () => {
    const { clock, left, enter, pace } = paced({ concurrency: 8 })
    enter(2)
    await clock.pass(1000)
    left[0]?.end({ status: 429 })
    enter()
    await clock.pass(1000)
    left[2]?.end({ status: 429 })
    expect(pace.state.concurrency).toBe(2)
    left[1]?.end({ status: 429 })
    expect(pace.state.concurrency).toBe(2)
  })

  test('is never less than one', async () => {
    const { clock, left, enter, pace } = paced({ concurrency: 2 })
    for (let turn = 0; turn < 5; turn++) {
      enter()
      await clock.pass(60_000)
      left.at(-1)?.end({ status: 429 })
    }
    expect(left).toHaveLength(5)
    expect(pace.state.concurrency).toBe(1)
  })

  test('rises by one each time that as many were admitted, to what it was', async () => {
    const { clock, left, enter, pace } = paced({ concurrency: 4 })
    const round = async (result?: PaceResult): Promise<number> => {
      enter()
      await clock.pass(60_000)
      left.pop()?.end(result)
      return pace.state.concurrency
    }
    await round({ status: 429 })
    const seen: number[] = []
    for (let turn = 0; turn < 9; turn++) seen.push(await round())
    expect(seen).toEqual([2, 2, 3, 3, 3, 4, 4, 4, 4])
  })

  test('is no different for a failure of another kind', async () => {
    const { clock, left, enter, pace } = paced({ concurrency: 4 })
    enter(3)
    await clock.pass(1000)
    left[0]?.end({ status: 503 })
    left[1]?.end({})
    left[2]?.end({ status: 400 })
    expect(pace.state).toMatchObject({ concurrency: 4, inFlight: 0, refused: 0 })
  })

  test('an end that is told twice counts once', async () => {
    const { clock, left, enter, pace } = paced()
    enter(2)
    await clock.pass(1000)
    left[0]?.end()
    left[0]?.end()
    expect(pace.state.inFlight).toBe(1)
  })
})

describe('a cooldown', () => {
  test('holds back all for as long as the service asks', async () => {
    const { clock, left, enter, pace, now } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end({ status: 429, retryAfterMs: 5000 })
    const refusedAt = now()
    enter(3)
    await clock.pass(4999)
    expect(left).toHaveLength(1)
    expect(pace.state).toMatchObject({ cooldowns: 1, cooldownMs: 1 })
    await clock.pass()
    expect(left[1]?.at).toBe(refusedAt + 5000)
  })

  test('is as long as the longest that is asked for', async () => {
    const { clock, left, enter, pace } = paced()
    enter(3)
    await clock.pass(1000)
    left[0]?.end({ status: 429, retryAfterMs: 1000 })
    left[1]?.end({ status: 429, retryAfterMs: 7000 })
    left[2]?.end({ status: 429, retryAfterMs: 2000 })
    expect(pace.state).toMatchObject({ cooldowns: 1, cooldownMs: 7000 })
  })

  test('follows a 503 that asks for it, too', async () => {
    const { clock, left, enter, pace } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end({ status: 503, retryAfterMs: 3000 })
    expect(pace.state.cooldownMs).toBe(3000)
  })

  test('grows where everything is refused and the service does not say', async () => {
    const { clock, left, enter } = paced({ concurrency: 1 })
    for (let turn = 0; turn < 16; turn++) {
      enter()
      await clock.pass()
      left.at(-1)?.end({ status: 429 })
    }
    const gaps = left.slice(1).map(({ at }, index) => at - (left[index]?.at ?? 0))
    expect(gaps[0]).toBeLessThan(100)
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(8000)
    expect(gaps.at(-1)).toBeLessThan(30_000)
  })
})

describe('the caller’s limits', () => {
  test('requests are spaced evenly within the minute', async () => {
    const { clock, left, enter } = paced({ requestsPerMinute: 60, concurrency: 100 })
    enter(5)
    await clock.pass()
    expect(left.map(({ at }) => at)).toEqual([0, 1000, 2000, 3000, 4000])
  })

  test('tokens are, by an estimate that counts the query for each document', async () => {
    const { clock, left, enter } = paced({ tokensPerMinute: 600, concurrency: 100 })
    // (2 + 3) × 2 tokens, of which 10 a second leave.
    enter(3, { query: '12345678', documents: ['document  01', 'document  02'] })
    await clock.pass()
    expect(left.map(({ at }) => at)).toEqual([0, 1000, 2000])
  })

  test('hold though the service states others', async () => {
    const { clock, left, enter } = paced({ requestsPerMinute: 60_000 })
    enter()
    await clock.pass(0)
    left[0]?.end({ status: 200, rateLimit: { requests: { remaining: 0, resetMs: 60_000 } } })
    enter()
    await clock.pass(1000)
    expect(left).toHaveLength(2)
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
    ['fast' as never, 'options must be an object, got "fast"'],
  ])('%j is a TypeError', (options, message) => {
    expect(() => createPace(options)).toThrow(new TypeError(message))
  })
})

describe('the windows that a service states', () => {
  const stating = (remaining: number, resetMs = 10_000, limit?: number): PaceResult => ({
    status: 200,
    rateLimit: { requests: { remaining, resetMs, ...(limit === undefined ? {} : { limit }) } },
  })

  test('nothing is sent into one that is exhausted', async () => {
    const { clock, left, enter, now } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end(stating(0))
    const resetAt = now() + 10_000
    enter(2)
    await clock.pass()
    expect(left.slice(1).every(({ at }) => at >= resetAt)).toBe(true)
    expect(left).toHaveLength(3)
  })

  test('no more is sent than is left of it, what is under way included', async () => {
    const { clock, left, enter } = paced()
    enter(3)
    await clock.pass(1000)
    // Two that left later are not in its count.
    left[0]?.end(stating(4))
    enter(5)
    await clock.pass(5000)
    expect(left).toHaveLength(5)
  })

  test('an answer that was overtaken says nothing new', async () => {
    const { clock, left, enter } = paced()
    enter(2)
    await clock.pass(1000)
    left[1]?.end(stating(0))
    left[0]?.end(stating(5))
    enter()
    await clock.pass(5000)
    expect(left).toHaveLength(2)
  })

  test('one that takes longer than the request would wait holds back nobody', async () => {
    const { clock, left, enter, pace } = paced()
    enter(1, FOR_20_S)
    await clock.pass(0)
    left[0]?.end(stating(0, FOR_20_S.maxRetryAfterMs + 1))
    expect(pace.state.cooldownMs).toBe(0)
    enter(1, FOR_20_S)
    await clock.pass(1000)
    expect(left).toHaveLength(2)
  })

  test('tell how long they put off what waits', async () => {
    const { clock, left, enter, pace } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end(stating(1, 7000))
    expect(pace.state.cooldownMs).toBe(0)
    enter(2)
    await clock.pass(1000)
    expect(pace.state.cooldownMs).toBe(6000)
  })

  test('one that starts afresh holds what it is said to hold', async () => {
    const { clock, left, enter } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end(stating(0, 1000, 2))
    enter(5)
    await clock.pass(5000)
    expect(left).toHaveLength(3)
  })

  test('those of tokens count tokens', async () => {
    const { clock, left, enter } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end({ status: 200, rateLimit: { tokens: { remaining: 10, resetMs: 10_000, limit: 100 } } })
    enter(3, { query: '1234', documents: ['1234567 101 202 '] })
    await clock.pass(5000)
    expect(left).toHaveLength(3)
    await clock.pass(10_000)
    expect(left).toHaveLength(4)
  })

  test('what is more than any holds goes when one starts', async () => {
    const { clock, left, enter } = paced()
    enter()
    await clock.pass(0)
    left[0]?.end({ status: 200, rateLimit: { tokens: { remaining: 10, resetMs: 1000, limit: 10 } } })
    enter(1, { query: 'q', documents: ['d'.repeat(1000)] })
    await clock.pass(5000)
    expect(left).toHaveLength(2)
  })
})

test('what it learned is told in requests a minute', async () => {
  const { clock, left, enter, pace } = paced()
  expect(pace.state.requestsPerMinute).toBeUndefined()
  enter()
  await clock.pass(0)
  left[0]?.end({ status: 429 })
  expect(pace.state.requestsPerMinute).toBeCloseTo(3600)
})
