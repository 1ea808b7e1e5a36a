import { createBlame } from './blame.ts'
import { createMeasure, createMeter } from './meter.ts'

/**
 * The rate at which a service admits requests, learned from what it refuses. Times are milliseconds, rates are
 * requests a millisecond.
 *
 * A service is taken for a bucket of unknown size that fills at an unknown rate. From a refusal to the next the bucket
 * goes from empty to empty, so what it let out in between is what came in: that measures its rate. A rate that was
 * refused is a ceiling, come near to by a cubic curve: quickly most of the way, then slowly past it, and faster the
 * longer nothing is refused. Where refusals come by chance there is no ceiling.
 */
export interface LearnedRate {
  /** The rate to send at. */
  at(now: number): number
  /** Whether anything was refused for its rate: until then the rate only says how fast to start. */
  readonly isKnown: boolean
  /** A request leaves. */
  left(now: number): void
  /** A request was admitted. */
  admitted(now: number): void
  /** The first of the requests under way was refused, and the service asks to be left alone until `until`: go on then. */
  refused(now: number, until: number): number
  /** So was another of them. */
  refusedToo(now: number, until: number): void
}

/** How fast a service is approached of which nothing is known: 100 requests a second. */
const FIRST_RATE = 0.1
/** What each admitted request adds to that: it doubles in three. */
const GROWTH = 1.25
/** What is kept of a rate that was refused: soon after it was cut, it may be far too high; later it is nearly right. */
const KEPT = { soon: 0.6, later: 0.95 }
/** How near to a measured rate it goes, and by how much that may be off. */
const NEAR = 0.97
const DOUBT = 1.1
/** The share of the last requests, or of the time, that refusals may cost. */
const TOLERANCE = 0.03
const MEMORY = 64
/** The ceiling is reached after so many times what the last refusal cost, in time and in requests. */
const PATIENCE = 40
const LEAST_PATIENCE_MS = 2000
/** By how much the ceiling has been passed after twice that; by eight times as much after three times. */
const RISE = 0.05
/** How long nothing is sent where nothing is admitted and the service does not say; it doubles each time. */
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 8000

/** A rate of which nothing is known yet. */
export function createLearnedRate(): LearnedRate {
  let firstRate = FIRST_RATE
  /** The rate that was refused, what was kept of it, and from when and for how long it is come near to again. */
  let ceiling = Infinity
  let kept = 0
  let resumedAt = 0
  let patience = LEAST_PATIENCE_MS

  let refusedAt = -Infinity
  /** Of a service of which little is known, nothing is put up with. */
  let refusedShare = 2 * TOLERANCE
  let refusedInVain = 0
  const departures = createMeter()
  const measured = createMeasure()
  const blame = createBlame()

  const at = (now: number): number => {
    if (ceiling === Infinity) return firstRate
    const beyond = (now - resumedAt) / patience - 1
    if (beyond < 0) return ceiling + (ceiling - kept) * Math.max(beyond, -1) ** 3
    // A rate that nothing is sent at proves nothing.
    return Math.min(ceiling * (1 + RISE * beyond ** 3), Math.max(ceiling, 2 * departures.rate(now)))
  }

  const cut = (tried: number, now: number): void => {
    const isSoon = ceiling === Infinity || now - refusedAt < patience / 2
    const share = isSoon ? KEPT.soon : KEPT.later
    const range = measured.range(now)
    if (range) {
      ceiling = Math.max(tried / 2, Math.min(tried, DOUBT * range.most))
      kept = Math.max(share * ceiling, NEAR * Math.min(range.least, ceiling))
    } else {
      // Where nothing is admitted at all, that says nothing of the rate.
      if (refusedInVain === 0) ceiling = tried
      kept = share * tried
    }
  }

  const slowDown = (tried: number, now: number, costMs: number): void => {
    const isTooMany =
      ceiling === Infinity || refusedShare > TOLERANCE || costMs > TOLERANCE * (now - refusedAt)
    if (isTooMany) cut(tried, now)
    else {
      ceiling = tried
      kept = NEAR * tried
    }
    resumedAt = now
    patience = Math.max(LEAST_PATIENCE_MS, PATIENCE * Math.max(costMs, 1 / tried))
  }

  return {
    at,
    get isKnown() {
      return ceiling < Infinity
    },
    left: (now) => departures.add(now),
    admitted(now) {
      measured.add()
      refusedInVain = 0
      refusedShare -= refusedShare / MEMORY
      if (firstRate < 2 * departures.rate(now)) firstRate *= GROWTH
    },
    refused(now, until) {
      const tried = at(now)
      const blamed = blame.refused({
        tried,
        admitted: measured.range(now)?.least,
        share: refusedShare,
        isBetween: refusedInVain === 0,
      })
      if (blamed === 'rate') slowDown(tried, now, until - now)
      else if (blamed === 'trial') {
        ceiling = Infinity
        firstRate = blame.formerRate
      }
      const pauseMs =
        refusedInVain > 0 ? Math.min(FIRST_PAUSE_MS * 2 ** (refusedInVain - 1), LONGEST_PAUSE_MS) : 0
      measured.startAfresh(now)
      refusedInVain += 1
      refusedAt = now
      this.refusedToo(now, Math.max(until, now + pauseMs))
      return resumedAt
    },
    refusedToo(now, until) {
      refusedShare += (1 - refusedShare) / MEMORY
      if (until <= now) return
      measured.pause(Math.max(0, until - Math.max(now, resumedAt)))
      resumedAt = Math.max(resumedAt, until)
    },
  }
}
