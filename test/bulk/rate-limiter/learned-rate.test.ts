import { expect, test } from 'vitest'
import { createLearnedRate } from '../../../src/bulk/rate-limiter/learned-rate.ts'
import type { LearnedRate } from '../../../src/bulk/rate-limiter/learned-rate.ts'

/** Sends and admits so many, evenly, and gives the time after. */
function admit(rate: LearnedRate, from: number, count: number, everyMs: number): number {
  for (let at = 0; at < count; at++) {
    const now = from + at * everyMs
    rate.admitted(now, rate.sent(now), true)
  }
  return from + count * everyMs
}

test('each admitted request raises the first rate, and none beyond twice what is sent', () => {
  const rate = createLearnedRate()
  const now = admit(rate, 0, 100, 5)
  expect(rate.isKnown).toBe(false)
  expect(rate.at(now)).toBeGreaterThan(0.2)
  expect(rate.at(now)).toBeLessThan(0.51)
})

test('a 429 before anything is admitted says nothing of the rate', () => {
  const rate = createLearnedRate()
  rate.slowDown(0, 0)
  expect(rate.isKnown).toBe(false)
})

test('what is let out from a 429 to the next measures the rate, of which it keeps nearly all', () => {
  const rate = createLearnedRate()
  let now = admit(rate, 0, 50, 5)
  for (let times = 0; times < 4; times++) {
    rate.slowDown(now, now)
    now = admit(rate, now, 20, 10)
  }
  rate.slowDown(now, now)
  expect(rate.at(now)).toBeCloseTo(0.096, 2)
})

test('the ceiling is reached again, and passed', () => {
  const rate = createLearnedRate()
  rate.slowDown(admit(rate, 0, 50, 10), 500)
  const [cut, near, beyond] = [500, 1900, 4500].map((now) => rate.at(now))
  expect(cut).toBeLessThan(0.7 * (near ?? 0))
  expect(beyond).toBeGreaterThan(near ?? 0)
})

test('the ceiling is forgotten where nothing is rate-limited for long', () => {
  const rate = createLearnedRate()
  rate.slowDown(admit(rate, 0, 50, 10), 500)
  admit(rate, 500, 500, 10)
  expect(rate.isKnown).toBe(false)
})

test('pauses double while nothing is admitted, up to the longest, and the rate keeps its floor', () => {
  const rate = createLearnedRate()
  let now = admit(rate, 0, 1, 10)
  const pauses = Array.from({ length: 12 }, () => {
    const { until } = rate.slowDown(now, now)
    const pause = until - now
    now = until
    return pause
  })
  expect(pauses.slice(0, 4)).toEqual([0, 25, 50, 100])
  expect(pauses.at(-1)).toBe(2000)
  expect(rate.at(now)).toBe(0.5 / 1000)
})

test('a wait that a service names is kept, and is made up for after its first burst', () => {
  const rate = createLearnedRate()
  const now = admit(rate, 0, 500, 1)
  expect(rate.slowDown(now, now + 1000)).toEqual({ until: now + 1000, creditMs: 700 })
})
