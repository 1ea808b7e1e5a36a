import { describe, expect, test } from 'vitest'
import { StatedLimit } from '../../../src/bulk/rate-limiter/stated-limit.ts'
import type { RateLimitWindow } from '../../../src/index.ts'

/** For how long each request would wait. */
const WAIT_MS = 60_000

/** Sends so much, to which the service says this. */
function admit(limit: StatedLimit, amount: number, stated: RateLimitWindow, now: number): boolean {
  return limit.sent(amount, WAIT_MS)(stated, false, now)
}

function rateLimit(limit: StatedLimit, amount: number, stated: RateLimitWindow, now: number): boolean {
  return limit.sent(amount, WAIT_MS)(stated, true, now)
}

function stating(...statements: [window: RateLimitWindow, now: number][]): StatedLimit {
  const limit = new StatedLimit()
  for (const [window, now] of statements) admit(limit, 0, window, now)
  return limit
}

const EMPTY = { limit: 600, remaining: 0, resetMs: 60_000 }

describe('a bucket', () => {
  test('that is empty admits the next after a refill, not after its reset', () => {
    expect(stating([EMPTY, 1000]).openAt(1, 1000)).toBeCloseTo(1100, 6)
  })

  test('refills by its limit in its period', () => {
    const limit = stating([EMPTY, 0])
    expect(limit.read(6000)).toEqual({ limit: 600, level: 60, perMinute: 600 })
  })

  test('never holds more than its limit', () => {
    expect(stating([EMPTY, 0]).read(1e9)?.level).toBe(600)
  })

  test('holds less by what is sent, and by what was sent since', () => {
    const limit = new StatedLimit()
    const over = limit.sent(3, WAIT_MS)
    limit.sent(4, WAIT_MS)
    over({ limit: 600, remaining: 587, resetMs: 2000 }, false, 0)
    limit.sent(3, WAIT_MS)
    expect(limit.read(0)).toEqual({ limit: 600, level: 580, perMinute: 600 })
  })

  test('of a period that its numbers tell is followed by it', () => {
    const limit = stating([{ limit: 3600, remaining: 1800, resetMs: 180_001 }, 0])
    expect(limit.read(0)?.perMinute).toBeCloseTo(600, -1)
  })

  test.each([1000, 60_000])('of one request in %i milliseconds is one in so many', (resetMs) => {
    expect(stating([{ limit: 1, remaining: 0, resetMs }, 0]).openAt(1, 0)).toBe(resetMs)
  })

  test('waits for all of it, for what is more than it holds', () => {
    expect(stating([{ limit: 60, remaining: 0, resetMs: 60_000 }, 0]).openAt(1000, 0)).toBeCloseTo(60_000, 6)
  })

  test('puts off what comes after more than it holds for all of it at most', () => {
    const limit = stating([{ limit: 60, remaining: 59, resetMs: 1000 }, 0])
    limit.sent(1000, WAIT_MS)
    expect(limit.openAt(1, 1000)).toBeCloseTo(2000, 6)
  })

  test('that is empty against expectation is tried ever more seldom, until one is admitted', () => {
    const limit = stating([EMPTY, 0])
    expect(rateLimit(limit, 1, EMPTY, 100)).toBe(true)
    expect(limit.openAt(1, 100)).toBeCloseTo(300, 6)
    rateLimit(limit, 1, EMPTY, 300)
    expect(limit.openAt(1, 300)).toBeCloseTo(700, 6)
    admit(limit, 1, EMPTY, 700)
    expect(limit.openAt(1, 700)).toBeCloseTo(800, 6)
  })

  test('that is empty for those in flight together is so once', () => {
    const limit = stating([EMPTY, 0])
    const ends = [limit.sent(1, WAIT_MS), limit.sent(1, WAIT_MS)]
    for (const end of ends) end(EMPTY, true, 100)
    expect(limit.openAt(1, 100)).toBeCloseTo(300, 6)
  })

  test('does not hold those that were overtaken on their way', () => {
    const limit = new StatedLimit()
    const [first, second, third] = [1, 1, 1].map((amount) => limit.sent(amount, WAIT_MS))
    third?.({ limit: 600, remaining: 598, resetMs: 200 }, false, 0)
    expect(limit.read(0)?.level).toBe(596)
    // The second was taken off before the third, and the first after it.
    second?.({ limit: 600, remaining: 599, resetMs: 100 }, false, 0)
    expect(limit.read(0)?.level).toBe(597)
    first?.({ limit: 600, remaining: 597, resetMs: 300 }, false, 0)
    expect(limit.read(0)?.level).toBe(597)
  })

  test('holds no more than before by a response that was overtaken, as its request may have been first', () => {
    const limit = new StatedLimit()
    const [first, second, third] = [1, 1, 1].map((amount) => limit.sent(amount, WAIT_MS))
    first?.({ limit: 600, remaining: 598, resetMs: 200 }, false, 0)
    second?.({ limit: 600, remaining: 597, resetMs: 300 }, false, 0)
    third?.({ limit: 600, remaining: 599, resetMs: 100 }, false, 0)
    expect(limit.read(0)?.level).toBe(597)
  })

  test('holds as much as the latest response says, or less by what ended while it was in flight', () => {
    const limit = stating([EMPTY, 0])
    admit(limit, 1, { limit: 600, remaining: 400, resetMs: 20_000 }, 0)
    expect(limit.read(0)?.level).toBe(400)
    const [first, second] = [limit.sent(1, WAIT_MS), limit.sent(1, WAIT_MS)]
    first({ limit: 600, remaining: 300, resetMs: 30_000 }, false, 0)
    second({ limit: 600, remaining: 500, resetMs: 10_000 }, false, 0)
    expect(limit.read(0)?.level).toBe(499)
  })

  test('that has room does not explain a 429', () => {
    expect(rateLimit(stating([EMPTY, 0]), 1, { ...EMPTY, remaining: 5 }, 0)).toBe(false)
  })
})

describe('a fixed window', () => {
  /** A window that ends at 40 s, half used. */
  const window = (): StatedLimit =>
    stating(
      [{ limit: 100, remaining: 99, resetMs: 40_000 }, 0],
      [{ limit: 100, remaining: 50, resetMs: 30_000 }, 10_000],
    )

  test('is told by a reset that counts down while it is used', () => {
    expect(window().read(20_000)).toEqual({ limit: 100, level: 50, perMinute: 0 })
  })

  test('is told by a reset that counts down while nothing comes back', () => {
    const empty = [0, 2000, 4000].map((now): [RateLimitWindow, number] => [
      { limit: 100, remaining: 0, resetMs: 40_000 - now },
      now,
    ])
    expect(stating(...empty).openAt(1, 4000)).toBe(40_000)
  })

  test('is not told by a bucket at rest, of which reset and use fall alike', () => {
    const limit = stating([EMPTY, 0], [{ limit: 600, remaining: 99, resetMs: 51_000 }, 10_000])
    expect(limit.read(10_000)?.perMinute).toBe(600)
  })

  test('is told by a response that was overtaken, too', () => {
    const limit = new StatedLimit()
    const [first, second] = [limit.sent(1, Infinity), limit.sent(1, Infinity)]
    second({ limit: 10, remaining: 9, resetMs: 60_000 }, false, 0)
    first({ limit: 10, remaining: 8, resetMs: 60_000 }, false, 0)
    expect(limit.read(0)).toEqual({ limit: 10, level: 8, perMinute: 0 })
  })

  test('is one still where its reset is 0 in its last second', () => {
    const limit = window()
    expect(rateLimit(limit, 1, { limit: 100, remaining: 0, resetMs: 0 }, 40_300)).toBe(true)
    expect(limit.openAt(1, 40_300)).toBe(40_300)
  })

  test('admits what remains, and the rest when it starts anew', () => {
    const limit = window()
    limit.sent(50, WAIT_MS)
    expect(limit.openAt(1, 10_000)).toBe(40_000)
    expect(limit.openAt(1, 40_000)).toBe(40_000)
  })

  test('that has started anew admits its limit, and waits for a response then', () => {
    const limit = window()
    expect(limit.openAt(100, 40_000)).toBe(40_000)
    const over = limit.sent(100, WAIT_MS)
    expect(limit.openAt(1, 41_000)).toBe(Infinity)
    over({}, false, 41_000)
    expect(limit.openAt(1, 41_000)).toBe(41_000)
  })
})

describe('what is not heeded', () => {
  test.each<[string, RateLimitWindow, number?]>([
    ['a limit that is absurd', { limit: 1e10, remaining: 0, resetMs: 60_000 }],
    ['a limit without what remains', { limit: 10, resetMs: 60_000 }],
    ['a limit without its reset', { limit: 10, remaining: 0 }],
    ['a refill that takes longer than the call would wait', { limit: 10, remaining: 0, resetMs: 86_400_000 }],
    ['a window of unknown size that takes longer', { remaining: 0, resetMs: 60_001 }],
  ])('is %s', (_, stated) => {
    const limit = stating([stated, 0])
    expect(limit.openAt(1, 5)).toBe(5)
    expect(limit.read(5)).toBeUndefined()
    // Nobody would keep to it otherwise: then the rate is learned.
    expect(rateLimit(limit, 1, stated, 5)).toBe(false)
  })
})

test('a limit is none any more where an absurd one follows it', () => {
  const limit = stating([EMPTY, 0], [{ limit: 1e10, remaining: 1e10, resetMs: 1000 }, 0])
  expect(limit.openAt(1, 5)).toBe(5)
  expect(limit.read(5)).toBeUndefined()
})

test('a limit that changes is learned anew', () => {
  const limit = stating([EMPTY, 0], [{ limit: 720, remaining: 0, resetMs: 60_000 }, 1000])
  expect(limit.read(2000)).toMatchObject({
    limit: 720,
    level: expect.closeTo(12, 6) as number,
    perMinute: 720,
  })
})
