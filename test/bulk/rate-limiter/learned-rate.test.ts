import { describe, expect, test } from 'vitest'
import { createLearnedRate } from '../../../src/bulk/rate-limiter/learned-rate.ts'
import type { LearnedRate } from '../../../src/bulk/rate-limiter/learned-rate.ts'

const times = (count: number, act: () => void): void => {
  for (let at = 0; at < count; at++) act()
}

/** A rate of 100 a second that was refused after a second, at no cost. */
function refusedOnce(): LearnedRate {
  const rate = createLearnedRate()
  rate.refused(1000, 1000)
  return rate
}

describe('a rate of which nothing is known', () => {
  test('is 100 a second', () => {
    const rate = createLearnedRate()
    expect(rate.at(0)).toBe(0.1)
    expect(rate.isKnown).toBe(false)
  })

  test('grows by a quarter with each that is admitted, as long as half of it is used', () => {
    const rate = createLearnedRate()
    rate.left(0)
    rate.admitted(10)
    expect(rate.at(10)).toBe(0.125)
    times(9, () => rate.admitted(10))
    // That is 1.25⁴ of the first: at three times it was not yet twice what left.
    expect(rate.at(10)).toBeCloseTo(0.1 * 1.25 ** 4, 9)
  })

  test('does not grow where nothing leaves', () => {
    const rate = createLearnedRate()
    rate.admitted(10)
    expect(rate.at(10)).toBe(0.1)
  })
})

describe('a rate that was refused', () => {
  test('is cut to six tenths, and come near to in two seconds: quickly, then slowly', () => {
    const rate = refusedOnce()
    expect(rate.isKnown).toBe(true)
    expect([1000, 1500, 2000, 3000].map((now) => rate.at(now))).toEqual(
      [0.06, 0.1 - 0.04 * 0.75 ** 3, 0.1 - 0.04 / 8, 0.1].map(
        (expected) => expect.closeTo(expected, 9) as number,
      ),
    )
  })

  test('is not lower before it is gone on with', () => {
    const rate = createLearnedRate()
    expect(rate.refused(1000, 9000)).toBe(9000)
    expect(rate.at(1000)).toBeCloseTo(0.06, 9)
  })

  test('is passed after as long again, by ever more, where enough leaves', () => {
    const rate = refusedOnce()
    expect(rate.at(7000)).toBe(0.1)
    rate.left(4999)
    expect(rate.at(5000)).toBeCloseTo(0.1 * 1.05, 9)
    times(20, () => rate.left(6999))
    expect(rate.at(7000)).toBeCloseTo(0.1 * 1.4, 9)
  })

  test('is passed by no more than twice what leaves', () => {
    const rate = refusedOnce()
    times(20, () => rate.left(5000))
    // Twenty in 320 ms.
    expect(rate.at(5320)).toBeCloseTo(0.1 * (1 + 0.05 * 1.16 ** 3), 9)
    expect(rate.at(5390)).toBeCloseTo(2 * (20 / 390), 9)
  })

  test('is come near to the more slowly, the more the refusal cost', () => {
    const rate = createLearnedRate()
    rate.refused(1000, 1500)
    expect(rate.at(1500)).toBeCloseTo(0.06, 9)
    expect(rate.at(11_500)).toBeCloseTo(0.095, 9)
    expect(rate.at(21_500)).toBeCloseTo(0.1, 9)
  })

  test('counts from when the last of several is over', () => {
    const rate = refusedOnce()
    rate.refusedToo(1000, 1800)
    rate.refusedToo(1000, 1200)
    expect(rate.at(1800)).toBeCloseTo(0.06, 9)
    expect(rate.at(2800)).toBeCloseTo(0.095, 9)
  })
})

describe('where nothing is admitted', () => {
  test('it waits twice as long each time, up to eight seconds', () => {
    const rate = createLearnedRate()
    const pauses = Array.from({ length: 13 }, (_, at) => rate.refused(10_000 * at, 10_000 * at) - 10_000 * at)
    expect(pauses).toEqual([0, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 8000, 8000, 8000])
  })

  test('or for as long as it is told to, if that is more', () => {
    const rate = refusedOnce()
    expect(rate.refused(2000, 2100)).toBe(2100)
  })

  test('nothing is learned of what would be', () => {
    const rate = refusedOnce()
    rate.refused(2000, 2000)
    expect(rate.at(2025)).toBeCloseTo(0.95 * 0.095, 9)
    expect(rate.at(4025)).toBeCloseTo(0.1, 9)
  })

  test('but soon after it was cut, it is cut by more', () => {
    const rate = refusedOnce()
    rate.refused(1999, 1999)
    expect(rate.at(2024)).toBeCloseTo(0.6 * 0.095, 4)
  })

  test('one that is admitted ends that', () => {
    const rate = refusedOnce()
    rate.admitted(1500)
    expect(rate.refused(2000, 2000)).toBe(2000)
  })
})

describe('between two refusals', () => {
  test('what was admitted measures the rate, which falls to half at most', () => {
    const rate = refusedOnce()
    times(20, () => rate.admitted(1500))
    rate.refused(2000, 2000)
    expect(rate.at(2000)).toBeCloseTo(0.95 * 0.0475, 9)
    expect(rate.at(4000)).toBeCloseTo(0.0475, 9)
  })

  test('it goes a tenth above what was measured, and little below', () => {
    const rate = refusedOnce()
    times(75, () => rate.admitted(1500))
    rate.refused(2000, 2200)
    expect(rate.at(2200)).toBeCloseTo(0.95 * 0.0825, 9)
    expect(rate.at(2200 + 8000)).toBeCloseTo(0.0825, 9)
  })

  test('a measure above the rate leaves it as it was, and near to it', () => {
    const rate = refusedOnce()
    times(200, () => rate.admitted(1500))
    rate.refused(2000, 2200)
    expect(rate.at(2200)).toBeCloseTo(0.97 * 0.095, 9)
    expect(rate.at(2200 + 8000)).toBeCloseTo(0.095, 9)
  })

  test.each([
    ['nothing', 0, 0.97 * 0.1, 0.1],
    ['three hundredths of the time', 120, 0.97 * 0.1, 0.1],
    ['more', 121, 0.95 * 0.05, 0.05],
  ])('a refusal that costs %s is put up with, or not', (_, ms, atOnce, later) => {
    const rate = refusedOnce()
    times(100, () => rate.admitted(1500))
    const until = rate.refused(5000, 5000 + ms)
    expect(rate.at(until)).toBeCloseTo(atOnce, 9)
    expect(rate.at(until + 5000)).toBeCloseTo(later, 9)
  })

  test('a pause says that more may come in than came out', () => {
    const rate = refusedOnce()
    rate.refusedToo(1000, 1500)
    times(35, () => rate.admitted(1800))
    rate.refused(2000, 2000)
    // 35 in 500 ms, and a tenth more.
    expect(rate.at(4000)).toBeCloseTo(0.077, 9)
  })

  test('each that was refused too makes it less likely to be put up with', () => {
    const rate = refusedOnce()
    times(100, () => rate.admitted(1500))
    times(2, () => rate.refusedToo(1000, 1000))
    rate.refused(5000, 5000)
    expect(rate.at(7000)).toBeCloseTo(0.05, 9)
  })

  test('a slow rate is come near to slowly', () => {
    const rate = refusedOnce()
    for (const at of [10_000, 20_000, 30_000, 40_000]) {
      times(12, () => rate.admitted(at))
      rate.refused(at, at)
    }
    // Half of it was kept four times, and half of 40 times 80 ms is over.
    const ceiling = 0.1 / 2 ** 4
    expect(rate.at(41_600)).toBeCloseTo(ceiling - (0.05 * ceiling) / 8, 9)
  })
})

describe('refusals that slowing down does not lessen', () => {
  /** A rate at which 75 a second were admitted, refused each tenth of a second from then on. */
  function refusedOften(isAdmittedBetween: boolean): number[] {
    const rate = refusedOnce()
    times(75, () => rate.admitted(1500))
    rate.refused(2000, 2000)
    return Array.from({ length: 9 }, (_, index) => {
      const now = 2100 + 100 * index
      if (isAdmittedBetween) rate.admitted(now)
      rate.refused(now, now)
      return rate.isKnown ? rate.at(now) : -rate.at(now)
    })
  }

  test('are taken for chance after four, and the rate that was admitted is gone back to', () => {
    const rates = refusedOften(true)
    expect(rates.slice(0, 6).every((rate, index) => rate > 0 && rate < (rates[index - 1] ?? 0.1))).toBe(true)
    expect(rates[5]).toBeLessThan(0.01)
    // Without a ceiling.
    expect(rates.slice(6)).toEqual([-0.075, -0.075, -0.075])
  })

  test('are taken for an outage where nothing is admitted in between', () => {
    expect(refusedOften(false).every((rate) => rate > 0)).toBe(true)
  })
})
