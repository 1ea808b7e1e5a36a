import { createChance } from './chance.ts'
import { createMeasure, createMeter } from './meter.ts'

/**
 * The rate at which a service admits requests, learned from its 429s. Times are milliseconds, rates are requests a
 * millisecond.
 *
 * A service is taken for a bucket of unknown size that fills at an unknown rate. From a 429 to the next the bucket goes
 * from empty to empty, so what it let out in between is what came in: that measures its rate. A rate that was
 * rate-limited is a ceiling, come near to by the cubic curve of CUBIC (RFC 9438, 4.2): quickly most of the way, then
 * slowly past it, and faster the longer nothing is rate-limited. Below the first ceiling, and after an outage, the rate
 * rises as in slow start (RFC 5681, 3.1). Where 429s come by chance there is no ceiling.
 */
export interface LearnedRate {
  /** The rate to send at. */
  at(now: number): number
  /** Tells whether there is a ceiling: until then the rate only says how fast to rise. */
  readonly isKnown: boolean
  /** A request is sent; tells whether that is below what was measured to be admitted. */
  sent(now: number): boolean
  /** A request was admitted; `mayRise` is not set where it was beyond the service's limit. */
  admitted(now: number, isBelow: boolean, mayRise: boolean): void
  /**
   * A request was rate-limited, and the service asks not to be called until `until`. `isFirst` is set for the first of
   * those that were in flight together: only that one lowers the rate.
   */
  rateLimited(now: number, until: number, isBelow: boolean, isFirst: boolean): Slowdown
}

/** What a 429 leads to. */
export interface Slowdown {
  /** Nothing is sent until then. */
  until: number
  /** What would have been sent in so many milliseconds before that may be sent at once. */
  creditMs: number
  /** Set where the 429 is for the rate. */
  isForRate: boolean
}

/** The rate of a service of which nothing is known: 100 a second, a tenth of what loopback takes (bench/limits.ts). */
const FIRST_RATE = 0.1
/** The least rate, and with it the longest pause: a request in two seconds, the least of Smithy's adaptive retry. */
const FLOOR = 0.5 / 1000
/** What each admitted request adds at first; bounded by twice the rate that is sent at (Smithy: 2 × measuredTxRate). */
const RISE_AT_FIRST = 1.25
/**
 * What is kept of a rate that was rate-limited: soon after it was cut it may be far too high, later it is nearly right.
 * RFC 9438 and Smithy keep 0.7 both times; these waste less of small buckets (bench/limits.ts).
 */
const KEPT = { soon: 0.6, later: 0.95 }
/** How near to a measured rate it goes, and by how much that may be off (bench/limits.ts). */
const NEAR = 0.97
const DOUBT = 1.1
/** A rate so far below the measured one is not rate-limited for the rate (Chance). */
const BELOW = 0.7
/** The share of the last requests, or of the time, that 429s may cost: a third of the bound of test/bulk. */
const TOLERANCE = 0.03
const MEMORY = 64
/** The ceiling is reached after so many times what the last 429 cost, so that it costs less than `TOLERANCE`. */
const PATIENCE = 40
const LEAST_PATIENCE_MS = 2000
/** By how much the ceiling has been passed after twice that; by eight times as much after three times (cubic). */
const RISE = 0.05
/** How long nothing is sent where nothing is admitted and the service does not say; it doubles up to 1 / FLOOR. */
const FIRST_PAUSE_MS = 25
/** The share of what comes in while a service asks to wait that is sent at once thereafter; each failure halves it. */
const FIRST_CREDIT = 0.7
/** After so many 429s with nothing admitted in between there is an outage, after which all is new. */
const OUTAGE = 4

/** A rate of which nothing is known yet. */
export function createLearnedRate(): LearnedRate {
  /** The rate while there is no ceiling. */
  let openRate = FIRST_RATE
  /** The rate that was rate-limited, what was kept of it, and from when and for how long it is come near to again. */
  let ceiling = Infinity
  let kept = 0
  let resumedAt = 0
  let patience = LEAST_PATIENCE_MS

  let rateLimitedAt = -Infinity
  /** Of a service of which little is known, nothing is put up with. */
  let share = 2 * TOLERANCE
  let inVain = 0
  let isInherited = true
  /** The highest rate that was measured, since the last that proved wrong, and the last. */
  let admittedRate = 0
  let lastRate = 0
  let ceilingIsGuess = false
  let credit = FIRST_CREDIT
  let creditUntil = 0
  const departures = createMeter()
  const measured = createMeasure()
  const chance = createChance()

  const at = (now: number): number => {
    if (ceiling === Infinity) return openRate
    const beyond = (now - resumedAt) / patience - 1
    const rate =
      beyond < 0
        ? ceiling + (ceiling - kept) * Math.max(beyond, -1) ** 3
        : // A rate that nothing is sent at proves nothing.
          Math.min(ceiling * (1 + RISE * beyond ** 3), Math.max(ceiling, 2 * departures.rate(now)))
    return Math.max(FLOOR, rate)
  }

  const cut = (tried: number, now: number, costMs: number): void => {
    const isSoon = ceiling === Infinity || now - rateLimitedAt < patience / 2
    const part = isSoon ? KEPT.soon : KEPT.later
    const range = measured.range(now)
    ceilingIsGuess = false
    if (range) {
      ceiling = Math.max(tried / 2, Math.min(tried, DOUBT * range.most))
      kept = Math.max(part * ceiling, NEAR * Math.min(range.least, ceiling))
    } else {
      // After a wait, what was admitted so far may be admitted again; of that a first rate is made.
      const again = ceiling === Infinity && costMs > 0 ? measured.again(now, costMs) : Infinity
      // Where nothing is admitted at all, that says nothing of the rate.
      ceilingIsGuess = again < Infinity
      if (inVain === 0) ceiling = ceilingIsGuess ? Math.min(tried, departures.rate(now)) : tried
      kept = Math.min(part * tried, NEAR * again)
    }
  }

  const slowDown = (now: number, costMs: number): void => {
    const tried = at(now)
    const isTooMany = ceiling === Infinity || share > TOLERANCE || costMs > TOLERANCE * (now - rateLimitedAt)
    if (isTooMany) cut(tried, now, costMs)
    else {
      ceiling = tried
      kept = NEAR * tried
    }
    resumedAt = now
    patience = Math.max(LEAST_PATIENCE_MS, PATIENCE * Math.max(costMs, 1 / Math.max(tried, FLOOR)))
  }

  /** Rises from a rate anew, as if nothing were known. */
  const startAt = (rate: number): void => {
    ceiling = Infinity
    openRate = Math.max(FLOOR, rate)
    departures.clear()
  }

  const count = (isRateLimited: boolean, isBelow: boolean): void => {
    const verdict = chance.count(isRateLimited, isBelow)
    if (verdict === 'chance') startAt(admittedRate)
    else if (verdict === 'rate') admittedRate = Math.max(lastRate, admittedRate / 2)
  }

  return {
    at,
    get isKnown() {
      return ceiling < Infinity
    },
    sent(now) {
      departures.add(now)
      return at(now) < BELOW * admittedRate
    },
    admitted(now, isBelow, mayRise) {
      count(false, isBelow)
      measured.add(now)
      inVain = 0
      isInherited = false
      share -= share / MEMORY
      if (mayRise && openRate < 2 * departures.rate(now))
        openRate *= openRate < FIRST_RATE ? 2 : RISE_AT_FIRST
    },
    rateLimited(now, until, isBelow, isFirst) {
      count(true, isBelow)
      share += (1 - share) / MEMORY
      // A bucket that was empty before the first request says nothing of the rate.
      const isForRate = isFirst && !chance.isOn && !isInherited
      if (isFirst) {
        const range = measured.range(now)
        if (range) {
          lastRate = range.least
          admittedRate = Math.max(admittedRate, lastRate)
        }
        if (isForRate) {
          if (inVain < OUTAGE) slowDown(now, until - now)
          else startAt(at(now) * KEPT.soon)
        }
        measured.startAfresh(now)
        const pauseMs = inVain > 0 ? Math.min(FIRST_PAUSE_MS * 2 ** (inVain - 1), 1 / FLOOR) : 0
        inVain += 1
        rateLimitedAt = now
        if (now < creditUntil) credit = 0
        creditUntil = 2 * until - now
        until = Math.max(until, now + pauseMs)
      }
      const asked = until - now
      measured.pause(Math.max(0, until - Math.max(now, resumedAt)))
      resumedAt = Math.max(resumedAt, until)
      return { until: resumedAt, creditMs: inVain > 1 ? 0 : ceilingIsGuess ? credit * asked : 0, isForRate }
    },
  }
}
