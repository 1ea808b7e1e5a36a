import { describe, expect, test } from 'vitest'
import { createLimits as createLimitsBy } from '../../../src/bulk/rate-limiter/limits.ts'
import type { Limits } from '../../../src/bulk/rate-limiter/limits.ts'
import type { LeaseOutcome } from '../../../src/index.ts'

const NONE = { concurrency: 16, requestsPerMinute: Infinity, tokensPerMinute: Infinity }
const createLimits = (options: Partial<typeof NONE>): Limits => createLimitsBy({ ...NONE, ...options })

const DEMAND = { tokens: 100, maxWaitMs: 60_000 }

/** Sends a request at a time, and has it end a millisecond later. */
function through(limits: Limits, result: LeaseOutcome, now = 0): void {
  limits.over(limits.left(DEMAND, now), result, now + 1)
}

describe('the concurrency', () => {
  const after = (...results: LeaseOutcome[]): number => {
    const limits = createLimits({})
    for (const [at, result] of results.entries()) through(limits, result, 1000 * at)
    return limits.state.concurrency
  }

  test('is halved by a refusal, down to one', () => {
    expect(after({ status: 429 })).toBe(8)
    expect(after(...Array.from({ length: 9 }, () => ({ status: 429 })))).toBe(1)
  })

  test('rises by a success, a little, up to where it was', () => {
    expect(after({ status: 429 }, { status: 200 })).toBe(8 + 1 / 8)
    expect(after({ status: 200 })).toBe(16)
  })

  test.each([{ status: 400 }, { status: 500 }, {}])('stays as it is after %j', (result) => {
    expect(after({ status: 429 }, result)).toBe(8)
  })

  test('leaves room for so many under way', () => {
    const limits = createLimits({ concurrency: 2 })
    limits.left(DEMAND, 0)
    expect(limits.hasRoom).toBe(true)
    limits.left(DEMAND, 0)
    expect(limits.hasRoom).toBe(false)
  })
})

describe('a refusal', () => {
  test('is counted as a cooldown where it names a wait', () => {
    const limits = createLimits({})
    through(limits, { status: 429 })
    expect(limits.state).toMatchObject({ rateLimited: 1, cooldowns: 0 })
    through(limits, { status: 429, retryAfterMs: 100 }, 1000)
    expect(limits.state).toMatchObject({ rateLimited: 2, cooldowns: 1 })
  })

  test('of one that had left before another was rateLimited is no news', () => {
    const limits = createLimits({})
    const departures = [limits.left(DEMAND, 0), limits.left(DEMAND, 0)]
    for (const departure of departures.reverse())
      limits.over(departure, { status: 429, retryAfterMs: 100 }, 1)
    expect(limits.state).toMatchObject({ rateLimited: 2, cooldowns: 1, concurrency: 8 })
  })

  test('without a wait keeps the next back for as long as its rate is', () => {
    const limits = createLimits({})
    through(limits, { status: 429 })
    // 60 a second are kept of the first 100.
    expect(limits.learnedRate(1)).toBeCloseTo(0.06, 9)
    expect(limits.openAt(100, 1)).toBeCloseTo(1 + 1 / 0.06, 9)
  })

  test('puts off until its wait is over', () => {
    const limits = createLimits({})
    through(limits, { status: 429, retryAfterMs: 500 })
    expect(limits.putOffUntil(100, 2)).toBe(501)
  })
})

describe('tokens', () => {
  const TOKENS = { remaining: 1, resetMs: 1, limit: 1 }

  test('need not be counted where no limit is in them', () => {
    const limits = createLimits({ requestsPerMinute: 5 })
    expect(limits.areInTokens).toBe(false)
    through(limits, { status: 200, rateLimit: { tokens: TOKENS } })
    expect(limits.areInTokens).toBe(true)
  })

  test('are counted where the caller limits them', () => {
    expect(createLimits({ tokensPerMinute: 5 }).areInTokens).toBe(true)
  })

  test('that hang on what is in flight put nothing off by themselves', () => {
    const limits = createLimits({})
    through(limits, { status: 200, rateLimit: { tokens: TOKENS } })
    limits.left(DEMAND, 10)
    expect(limits.openAt(100, 10)).toBe(Infinity)
    expect(limits.putOffUntil(100, 10)).toBe(10)
  })
})

test.each([
  ['requests', { requestsPerMinute: 60 }, 1000],
  ['tokens', { tokensPerMinute: 6000 }, 1000],
])('%s leave as the caller spaces them', (_, options, openAt) => {
  const limits = createLimits(options)
  limits.left(DEMAND, 0)
  expect(limits.openAt(100, 0)).toBe(openAt)
})
