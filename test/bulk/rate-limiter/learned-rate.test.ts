import { expect, test } from 'vitest'
import { LearnedRate } from '../../../src/bulk/rate-limiter/learned-rate.ts'

/** Sends so many evenly, of which each so manieth is rate-limited, and gives the time after. */
function send(rate: LearnedRate, from: number, count: number, everyMs: number, limitedEach = 0): number {
  for (let at = 1; at <= count; at++) {
    const now = from + at * everyMs
    const sending = rate.sent(now)
    if (limitedEach > 0 && at % limitedEach === 0) rate.rateLimited(sending, 0, now)
    else rate.admitted(sending, true, now)
  }
  return from + count * everyMs
}

/** Sends one that is rate-limited, and asks to wait. */
function limit(rate: LearnedRate, now: number, waitMs = 0): void {
  rate.rateLimited(rate.sent(now), waitMs, now)
}

test('each admitted request raises the first rate, and none beyond twice what is sent', () => {
  const rate = new LearnedRate()
  const now = send(rate, 0, 100, 5)
  expect(rate.ceiling(now)).toBe(Infinity)
  expect(rate.at(now)).toBeGreaterThan(0.2)
  expect(rate.at(now)).toBeLessThan(0.51)
})

test('one that is admitted beyond the limit raises nothing', () => {
  const rate = new LearnedRate()
  for (let now = 0; now < 500; now += 5) rate.admitted(rate.sent(now), false, now)
  expect(rate.at(500)).toBe(0.1)
})

test('a 429 before anything is admitted says nothing of the rate', () => {
  const rate = new LearnedRate()
  limit(rate, 0)
  expect(rate.ceiling(0)).toBe(Infinity)
})

test('what is let out from a 429 to the next measures the rate, of which it keeps nearly all', () => {
  const rate = new LearnedRate()
  let now = send(rate, 0, 50, 5)
  for (let times = 0; times < 3; times++) {
    limit(rate, now)
    now = send(rate, now, 200, 10)
  }
  limit(rate, now)
  expect(rate.at(now)).toBeCloseTo(0.097, 2)
})

test('the ceiling is reached again, and passed', () => {
  const rate = new LearnedRate()
  limit(rate, send(rate, 0, 50, 10))
  const [cut, near, beyond] = [500, 1900, 4500].map((now) => rate.at(now))
  expect(cut).toBeLessThan(0.7 * (near ?? 0))
  expect(beyond).toBeGreaterThan(near ?? 0)
})

test('the ceiling is forgotten where nothing is rate-limited for long', () => {
  const rate = new LearnedRate()
  const now = send(rate, 0, 50, 10)
  limit(rate, now)
  expect(rate.ceiling(now)).toBeLessThan(Infinity)
  expect(rate.ceiling(send(rate, now, 500, 10))).toBe(Infinity)
})

test('pauses double while nothing is admitted, up to the longest', () => {
  const rate = new LearnedRate()
  let now = send(rate, 0, 1, 10)
  const pauses = Array.from({ length: 12 }, () => {
    limit(rate, now)
    const pause = rate.openAt - now
    now = rate.openAt
    return Math.round(pause)
  })
  expect(pauses.slice(2, 5)).toEqual([50, 100, 200])
  expect(pauses.at(-1)).toBe(2000)
})

test('a wait that a service names is kept, and made up for at once', () => {
  const rate = new LearnedRate()
  const now = send(rate, 0, 500, 1)
  limit(rate, now, 1000)
  expect(rate.openAt).toBe(now + 1000)
  for (let sent = 0; sent < 250; sent++) rate.sent(now + 1000)
  expect(rate.openAt).toBe(now + 1000)
})

test('a wait is made up for no more once less than that came in', () => {
  const rate = new LearnedRate()
  limit(rate, send(rate, 0, 500, 1), 1000)
  const now = send(rate, rate.openAt, 50, 0.1)
  limit(rate, now, 1000)
  for (let sent = 0; sent < 100; sent++) rate.sent(now + 1000)
  expect(rate.openAt).toBeGreaterThan(now + 1010)
})

test.each([[10], [5], [2]])('429s that come at any rate lower it no more: one in %i', (each) => {
  const rate = new LearnedRate()
  let now = 0
  for (let sent = 0; sent < 1000; sent++)
    now = send(rate, Math.max(now, rate.openAt - 1), 1, 1, +(sent % each === 0))
  expect(rate.at(now)).toBeGreaterThan(0.8)
})
