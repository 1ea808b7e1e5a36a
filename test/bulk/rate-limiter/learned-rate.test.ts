import { describe, expect, test } from 'vitest'
import { LearnedRate } from '../../../src/bulk/rate-limiter/learned-rate.ts'

/** Sends so many evenly, of which each so manieth is rate-limited, and gives the time after. */
function send(rate: LearnedRate, from: number, count: number, everyMs: number, limitedEach = 0): number {
  for (let at = 1; at <= count; at++) {
    const now = from + at * everyMs
    const request = rate.sent(now)
    if (limitedEach > 0 && at % limitedEach === 0) rate.rateLimited(request, 0, now)
    else rate.admitted(request, true, now)
  }
  return from + count * everyMs
}

/** Sends one that is rate-limited, and asks to wait. */
function limit(rate: LearnedRate, now: number, waitMs = 0): void {
  rate.rateLimited(rate.sent(now), waitMs, now)
}

describe('before the first 429', () => {
  test('each admitted request multiplies the rate, of which there is no ceiling', () => {
    const rate = new LearnedRate()
    const now = send(rate, 0, 4, 5)
    expect(rate.at(now)).toBeCloseTo(0.2 * 1.5 ** 4, 6)
    expect(rate.ceiling(now)).toBe(Infinity)
  })

  test('one that is admitted beyond the limit raises nothing', () => {
    const rate = new LearnedRate()
    for (let now = 0; now < 500; now += 5) rate.admitted(rate.sent(now), false, now)
    expect(rate.at(500)).toBe(0.2)
  })

  test('a 429 before anything is admitted says nothing of the rate', () => {
    const rate = new LearnedRate()
    limit(rate, 0)
    expect(rate.ceiling(0)).toBe(Infinity)
  })
})

test('a clock that stands still, and as many admitted as one likes, break nothing', () => {
  const rate = new LearnedRate()
  for (let sent = 0; sent < 2000; sent++) rate.admitted(rate.sent(5), true, 5)
  limit(rate, 5)
  expect(rate.at(5)).toBeGreaterThan(0)
  expect(rate.openAt).toBeGreaterThanOrEqual(5)
})

describe('what is measured', () => {
  test('is the share of those in flight with the first 429 that was admitted', () => {
    const rate = new LearnedRate()
    const before = send(rate, 0, 100, 1)
    const flight = Array.from({ length: 40 }, (_, at) => rate.sent(before + at))
    // One in four, at one a millisecond.
    for (const [at, request] of flight.entries())
      if (at % 4 === 0) rate.admitted(request, true, before + 40 + at)
      else rate.rateLimited(request, 0, before + 40 + at)
    expect(rate.at(before + 80)).toBeGreaterThan(0.24)
    expect(rate.at(before + 80)).toBeLessThan(0.3)
  })

  test('is what is let out from a 429 to the next', () => {
    const rate = new LearnedRate()
    let now = send(rate, 0, 50, 5)
    for (let times = 0; times < 3; times++) {
      limit(rate, now)
      now = send(rate, now, 400, 10)
    }
    limit(rate, now)
    expect(rate.at(now)).toBeCloseTo(0.1, 2)
  })

  test('is passed slowly, and then ever faster', () => {
    const rate = new LearnedRate()
    let now = send(rate, 0, 50, 10)
    limit(rate, now)
    now = send(rate, now, 400, 10)
    limit(rate, now)
    const [cut, near, beyond, after] = [0, 500, 1000, 2000].map((ms) => rate.at(now + ms))
    expect(near).toBeLessThan(1.2 * (cut ?? 0))
    expect(beyond).toBeGreaterThan(near ?? 0)
    expect(after).toBeGreaterThan(2 * (beyond ?? 0))
  })

  test('is no ceiling any more where nothing is rate-limited for long', () => {
    const rate = new LearnedRate()
    const now = send(rate, 0, 50, 10)
    limit(rate, now)
    expect(rate.ceiling(now)).toBeLessThan(Infinity)
    expect(rate.ceiling(send(rate, now, 500, 10))).toBe(Infinity)
  })
})

test('after a 429 nothing is sent for a round trip', () => {
  const rate = new LearnedRate()
  const request = rate.sent(send(rate, 0, 50, 5))
  rate.rateLimited(request, 0, request.at + 70)
  expect(rate.openAt).toBe(request.at + 140)
})

test('pauses double while nothing is admitted, up to the longest', () => {
  const rate = new LearnedRate()
  let now = send(rate, 0, 1, 10)
  const pauses = Array.from({ length: 14 }, () => {
    limit(rate, now)
    const pause = rate.openAt - now
    now = rate.openAt
    return pause
  })
  for (const at of [2, 3, 4]) expect((pauses[at] ?? 0) / (pauses[at - 1] ?? 0)).toBeCloseTo(2, 6)
  expect(pauses.at(-1)).toBe(2000)
})

describe('a wait that a service names', () => {
  /** For how long the next has to wait, after so many before a wait of a second, and so many at once after it. */
  const waitAfter = (before: number, atOnce: number): number => {
    const rate = new LearnedRate()
    const now = send(rate, 0, before, 1)
    limit(rate, now, 1000)
    for (let sent = 0; sent < atOnce; sent++) rate.sent(now + 1000)
    return rate.openAt - (now + 1000)
  }

  test('is made up for at once, as far as the bucket held as much at first', () => {
    expect(waitAfter(500, 250)).toBeLessThanOrEqual(0)
  })

  test('is made up for no more than it held', () => {
    expect(waitAfter(15, 100)).toBeGreaterThan(0)
  })

  test('tells the rate where it brings in as much as was let out: 100 in a second, after a tenth of one', () => {
    const rate = new LearnedRate()
    const before = send(rate, 0, 100, 1)
    const flight = Array.from({ length: 40 }, (_, at) => rate.sent(before + at))
    for (const [at, request] of flight.entries())
      if (at % 10 === 9) rate.admitted(request, true, before + 40 + at)
      else rate.rateLimited(request, 900, before + 40 + at)
    expect(rate.at(before + 80)).toBeCloseTo(0.1, 2)
  })
})

test.each([[10], [5], [2]])('429s that come at any rate lower it no more: one in %i', (each) => {
  const rate = new LearnedRate()
  let now = 0
  for (let sent = 0; sent < 2000; sent++)
    now = send(rate, Math.max(now, rate.openAt - 1), 1, 1, +(sent % each === 0))
  expect(rate.at(now)).toBeGreaterThan(0.3)
})

describe('a rate that was lowered to its floor rises again', () => {
  /** Sends one after the other, as the rate allows, for so long; each takes 10 ms. Gives the time after. */
  function run(rate: LearnedRate, from: number, forMs: number, isLimited: (now: number) => boolean): number {
    let now = from
    while (now < from + forMs) {
      const sent = rate.sent(now)
      now += 10
      if (isLimited(now)) rate.rateLimited(sent, 0, now)
      else rate.admitted(sent, true, now)
      now = Math.max(now, rate.openAt)
    }
    return now
  }
  /** By a service that admits one in two seconds. */
  function atFloor(): [LearnedRate, number] {
    const rate = new LearnedRate()
    let openAt = 0
    const now = run(rate, 0, 120_000, (now) => {
      const isLimited = now < openAt
      if (!isLimited) openAt = now + 2000
      return isLimited
    })
    expect(rate.at(now)).toBeLessThan(0.001)
    return [rate, now]
  }

  test.each([
    [5, 2],
    [5, 3],
  ])('within %i minutes, though one in %i is rate-limited at any rate', (minutes, each) => {
    const [rate, start] = atFloor()
    const lastMinute: number[] = []
    let count = 0
    run(rate, start, minutes * 60_000, (now) => {
      if (now > start + (minutes - 1) * 60_000) lastMinute.push(rate.at(now))
      return (count += 1) % each === 0
    })
    const mean = lastMinute.reduce((sum, each) => sum + each, 0) / lastMinute.length
    expect(mean).toBeGreaterThan(0.05)
    // A trial, which is sent at less than the rate, may be what goes on at any moment.
    expect(Math.min(...lastMinute)).toBeGreaterThan(0.8 * 0.05)
  })
})
