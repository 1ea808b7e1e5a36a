import { createChance } from './chance.ts'

/**
 * The rate at which a service admits requests, learned from its 429s. Times are milliseconds, rates requests a millisecond.
 *
 * A service is taken for a bucket of unknown size that fills at an unknown rate. From a 429 to the next the bucket goes
 * from empty to empty, so what it let out in between is what came in: that measures its rate. A rate that was
 * rate-limited is a ceiling, come near to by the cubic curve of CUBIC (RFC 9438, 4.2): quickly most of the way, then
 * slowly past it. Where nothing is rate-limited for long, and before the first 429, there is no ceiling, and each admitted
 * request multiplies the rate, as in slow start (RFC 5681, 3.1).
 */
export interface LearnedRate {
  /** Tells whether there is a ceiling: until then the rate only says how fast to rise. */
  readonly isKnown: boolean
  /** The rate to send at. */
  at(now: number): number
  /** A request is sent; tells whether that is well below what was measured to be admitted. */
  sent(now: number): boolean
  /** A request was admitted; `mayRise` is not set where it was beyond the service's limit. */
  admitted(now: number, isBelow: boolean, mayRise: boolean): void
  /** A request was rate-limited. */
  rateLimited(now: number, isBelow: boolean): void
  /**
   * The first of those in flight together was rate-limited: the rate is lowered. The service asks not to be called until
   * `until`. It returns when to send again, and for how many milliseconds before that to make up for.
   */
  slowDown(now: number, until: number): { until: number; creditMs: number }
}

/** The rate of a service of which nothing is known: 100 a second, a tenth of what loopback takes (bench/limits.ts). */
const FIRST_RATE = 0.1
/** The least rate, and with it the longest pause: a request in two seconds, the least of Smithy's adaptive retry. */
const FLOOR = 0.5 / 1000
/** The growth of a rate without a ceiling by an admitted request; at most to twice what is sent (Smithy: 2 × measuredTxRate). */
const RISE = 1.25
/** The share that is kept of a rate that was not measured. RFC 9438 and Smithy keep 0.7; this wastes less of small buckets. */
const KEPT = 0.6
/** The share of a measured rate that it goes to, and the factor by which that may be off (bench/limits.ts). */
const NEAR = 0.97
const DOUBT = 1.1
/** A rate so far below the measured one is not rate-limited for the rate (Chance). */
const BELOW = 0.7
/** The ceiling is reached after so many times the wait that a 429 named, so that waits cost a fortieth; or after this. */
const PATIENCE = 40
const LEAST_PATIENCE_MS = 1500
/** By how much the ceiling has been passed after twice the patience. After three times there is no ceiling any more. */
const BEYOND = 0.05
/** The pause where nothing is admitted and the service does not say for how long; it doubles up to 1 / FLOOR. */
const FIRST_PAUSE_MS = 25
/** The share of what comes in while a service first asks to wait that is sent at once thereafter (bench/limits.ts). */
const CREDIT = 0.7
/** So many measure a rate to a third, and on average to a tenth: one over the square root. */
const ENOUGH = 10

/** A rate of which nothing is known yet. */
export function createLearnedRate(): LearnedRate {
  /** The rate while there is no ceiling. */
  let openRate = FIRST_RATE
  /** The rate that was rate-limited, what was kept of it, and from when and for how long it is come near to again. */
  let ceiling = Infinity
  let kept = 0
  let resumedAt = 0
  let patience = LEAST_PATIENCE_MS
  /** Since the bucket was empty: what was admitted, and for how long nothing was asked for. */
  let emptyAt: number | undefined
  let firstAt: number | undefined
  let out = 0
  let pausedMs = 0
  /** The highest rate that was measured, since the last that proved wrong, and the last. */
  let highest = 0
  let last = 0
  let inVain = 0
  let sentAt: readonly number[] = []
  const chance = createChance()

  const sentRate = (now: number): number => (sentAt[0] === undefined ? 0 : sentAt.length / (now - sentAt[0]))
  const at = (now: number): number => {
    if (ceiling === Infinity) return openRate
    const beyond = (now - resumedAt) / patience - 1
    const rate =
      beyond < 0
        ? ceiling + (ceiling - kept) * Math.max(beyond, -1) ** 3
        : // A rate that nothing is sent at proves nothing.
          Math.min(ceiling * (1 + BEYOND * beyond ** 3), Math.max(ceiling, 2 * sentRate(now)))
    return Math.max(FLOOR, rate)
  }
  const openAt = (rate: number): void => {
    ceiling = Infinity
    openRate = rate
    sentAt = []
  }
  const count = (isRateLimited: boolean, isBelow: boolean): void => {
    const verdict = chance.count(isRateLimited, isBelow)
    if (verdict === 'chance') openAt(highest)
    if (verdict === 'rate') highest = Math.max(last, highest / 2)
  }
  /** Lowers the rate, and returns the share of the wait to make up for. */
  const cut = (now: number, waitMs: number, isMeasured: boolean): number => {
    const tried = at(now)
    const ms = now - (firstAt ?? now)
    // As much may come out again after the wait, if the bucket was not empty much sooner or later than that takes to fill.
    const isAgain = ceiling === Infinity && out >= ENOUGH && ms > waitMs / 3 && ms < 4 * waitMs
    if (isMeasured && emptyAt !== undefined) {
      ceiling = Math.max(tried / 2, Math.min(tried, (DOUBT * out) / (now - emptyAt - pausedMs)))
      kept = Math.max(KEPT * ceiling, NEAR * Math.min(last, ceiling))
    } else if (isAgain) {
      ceiling = Math.min(tried, sentRate(now))
      kept = Math.min(KEPT * tried, (NEAR * out) / (ms + waitMs))
    } else {
      ceiling = tried
      kept = KEPT * tried
    }
    patience = Math.max(LEAST_PATIENCE_MS, PATIENCE * waitMs)
    return isAgain && !isMeasured ? CREDIT : 0
  }

  return {
    at,
    get isKnown() {
      return ceiling < Infinity
    },
    sent(now) {
      sentAt = [...sentAt.slice(1 - 2 * ENOUGH), now]
      return at(now) < BELOW * highest
    },
    admitted(now, isBelow, mayRise) {
      count(false, isBelow)
      firstAt ??= now
      out += 1
      inVain = 0
      if (ceiling < Infinity && now - resumedAt > 3 * patience) openAt(at(now))
      if (!mayRise) return
      if (openRate < FIRST_RATE) openRate *= 2
      else if (openRate < 2 * sentRate(now)) openRate *= RISE
    },
    rateLimited: (_, isBelow) => count(true, isBelow),
    slowDown(now, asked) {
      const isMeasured = out >= ENOUGH && emptyAt !== undefined
      if (isMeasured) last = out / (now - (emptyAt ?? now))
      highest = Math.max(highest, last)
      // A bucket that was empty before the first request says nothing of the rate.
      const credit = chance.isOn || firstAt === undefined ? 0 : cut(now, asked - now, isMeasured)
      if (isMeasured || emptyAt === undefined) {
        emptyAt = now
        out = pausedMs = 0
      }
      const pauseMs = inVain > 0 ? Math.min(FIRST_PAUSE_MS * 2 ** (inVain - 1), 1 / FLOOR) : 0
      inVain += 1
      const until = Math.max(asked, now + pauseMs)
      pausedMs += until - now
      resumedAt = until
      return { until, creditMs: credit * (until - now) }
    },
  }
}
