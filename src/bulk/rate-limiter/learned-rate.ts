import { Chance } from './chance.ts'

/** The first rate: 100 a second, a tenth of what loopback takes (bench/bulk.ts). Rates are requests a millisecond. */
const FIRST_RATE = 0.1
/** The least rate, and with it the longest pause: a request in two seconds, the least of Smithy's adaptive retry. */
const FLOOR = 0.5 / 1000
/** The growth of a rate without a ceiling by an admitted request; at most to twice what is sent (Smithy: 2 × measuredTxRate). */
const RISE = 1.25
/** The rate of what is sent is measured by as many requests, and for as long as a near service takes to respond (bench/limits.ts). */
const SLICE = { requests: 4, ms: 20 }
/** So many measure a rate to a third, and on average to a tenth: one over the square root. */
const ENOUGH = 10
/** The share of a measured rate that is kept, and the factor by which that may be off (bench/limits.ts). */
const NEAR = 0.97
const DOUBT = 1.1
/** The share of what a wait brings in, at the rate of a first burst, that is sent at once after it (bench/limits.ts). */
const AGAIN = 0.8
/** The share that is kept of another. RFC 9438 and Smithy keep 0.7; this wastes less of small buckets (bench/limits.ts). */
const KEPT = 0.6
/** The ceiling is reached after so many times the wait that a 429 named, so that waits cost a fortieth; or after this. */
const PATIENCE = 40
const LEAST_PATIENCE_MS = 1500
/** By how much the ceiling has been passed after twice the patience. After three times there is no ceiling any more. */
const BEYOND = 0.05
/** The pause where nothing is admitted and the service does not say for how long; it doubles up to 1 / FLOOR. */
const FIRST_PAUSE_MS = 25
/** A trial's share of a measured rate, above the 0.75 of BBR's drain phase; and its requests: 5% show in four of five. */
const TRIAL = { share: 0.85, requests: 30 }

/** A timer is late by a few milliseconds, of which so much is made up for: more than a busy Node 20 is late by. */
const SLACK_MS = 25

/**
 * The rate at which a service admits requests, learned from its 429s. Times are milliseconds.
 *
 * A service is taken for a bucket of unknown size that fills at an unknown rate. From a 429 to the next the bucket goes
 * from empty to empty, so what it let out in between is what came in: that measures its rate. A rate that was
 * rate-limited is a ceiling, come near to by the cubic curve of CUBIC (RFC 9438, 4.2): quickly most of the way, then
 * slowly past it. Where nothing is rate-limited for long, and before the first 429, there is no ceiling, and each admitted
 * request multiplies the rate, as in slow start (RFC 5681, 3.1).
 *
 * Some 429s come by chance. So where one comes sooner than the ceiling, requests are sent for trial below what was
 * measured. No bucket of that rate limits those, so 429s among them are by chance. From then on only a share above theirs
 * lowers the rate, and trials are repeated.
 */
export class LearnedRate {
  /** The time at which the next may be sent, as the rate has it; but so many may be at once. */
  openAt = 0
  #credit = 0
  /** The number of times that the rate was lowered or tried. */
  #turn = 0
  /** The rate while there is no ceiling, and the rate at which requests were sent. */
  #openRate = FIRST_RATE
  #sent = { rate: FIRST_RATE, at: 0, count: 0 }
  /** The rate that was rate-limited, what was kept of it, from when it is come near to again, and the wait that was named. */
  #ceiling = Infinity
  #kept = 0
  #resumedAt = 0
  #waitMs = 0
  /** Those admitted since the first was, or the rate was lowered, and for how long nothing was sent. */
  #since = { at: NaN, admitted: 0, pausedMs: 0 }
  /** Set once the bucket was empty. */
  #wasEmpty = false
  /** The number that may be sent at once after a wait that was named: the bucket holds as many, and they came in. */
  #again = 0
  /** 429s since one was admitted. */
  #inVain = 0
  /** The requests of a trial that are not over, their rate, and the turn that they are of. */
  #trial = { left: 0, rate: 0, turn: NaN }
  #chance = new Chance()

  /** The rate to send at. */
  at(now: number): number {
    if (this.#trial.left > 0) return Math.max(FLOOR, this.#trial.rate)
    if (this.#ceiling === Infinity) return this.#openRate
    const beyond = Math.max(-1, (now - this.#resumedAt) / this.#patience - 1)
    const slope = beyond < 0 ? this.#ceiling - this.#kept : BEYOND * this.#ceiling
    return Math.max(FLOOR, this.#ceiling + slope * beyond ** 3)
  }

  /** The same where there is a ceiling, else Infinity: until then the rate only says how fast to rise. */
  ceiling(now: number): number {
    return this.#ceiling < Infinity ? this.at(now) : Infinity
  }

  /** A request is sent; gives the turn that it is of. */
  sent(now: number): number {
    const { at, count } = this.#sent
    if (count < SLICE.requests || now - at < SLICE.ms) this.#sent.count += 1
    else this.#sent = { rate: count / (now - at), at: now, count: 1 }
    if (this.#credit >= 1) this.#credit -= 1
    else this.openAt = spaced(this.openAt, now, 1 / this.at(now))
    return this.#turn
  }

  /** A request was admitted; `mayRise` is not set where it was beyond the service's limit. */
  admitted(turn: number, mayRise: boolean, now: number): void {
    this.#isForRate(turn, false, now)
    if (Number.isNaN(this.#since.at)) this.#since.at = now
    this.#since.admitted += 1
    this.#inVain = 0
    if (this.#trial.left === 0 && now - this.#resumedAt > 3 * this.#patience) {
      this.#openRate = this.at(now)
      this.#ceiling = Infinity
      if (this.#chance.isThere && this.#since.admitted >= ENOUGH) this.#try(now)
    }
    if (mayRise && this.#openRate < 2 * this.#sent.rate) this.#openRate *= RISE
  }

  /** A request was rate-limited, and the service asks to wait for so long. */
  rateLimited(turn: number, waitMs: number, now: number): void {
    const isForRate = this.#isForRate(turn, true, now)
    // Of those in flight together, the first counts.
    if (turn !== this.#turn) return
    if (isForRate) this.#inVain += 1
    else if (waitMs === 0) return
    const pauseMs = this.#inVain < 2 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (this.#inVain - 2), 1 / FLOOR)
    if (this.#trial.turn === this.#turn++) this.#trial.turn = this.#turn
    // An outage is not chance.
    if (pauseMs === 1 / FLOOR) [this.#chance, this.#trial.left] = [new Chance(), 0]
    if (isForRate && this.#inVain === 1) this.#lower(waitMs, now)
    const ms = Math.max(waitMs, pauseMs)
    this.#since.pausedMs += ms
    this.#resumedAt = now + ms
    if (pauseMs > 0) this.#kept = Math.min(this.#kept, 1 / pauseMs)
    // Those sent before a trial are to have come first.
    const gapMs = 1 / this.at(now) + (this.#trial.left > 0 ? SLICE.ms : 0)
    this.openAt = Math.max(this.openAt, now + ms, now + gapMs)
    this.#credit = waitMs > 0 && this.#trial.left <= 0 ? this.#again : 0
  }

  /** Lowers the rate. */
  #lower(waitMs: number, now: number): void {
    const { at, admitted, pausedMs } = this.#since
    // A bucket that was empty before the first request says nothing of the rate.
    if (Number.isNaN(at)) return
    const ms = now - at
    const isEnough = admitted >= ENOUGH
    const isOver = isEnough || !this.#wasEmpty || this.#again > 0
    const isSoon = this.#chance.isThere || now - this.#resumedAt < this.#patience / 2
    this.#ceiling = this.at(now)
    if (isEnough && this.#wasEmpty) {
      const rate = admitted / (ms - pausedMs) / (1 - this.#chance.share)
      if (this.#again === 0) this.#ceiling = Math.min(this.#ceiling, DOUBT * rate)
      this.#kept = NEAR * Math.min(this.#ceiling, rate)
      if (isSoon && pausedMs < ms / 2) this.#try(now)
    } else if (isEnough && ms < 4 * waitMs) {
      // As much may come out again: the bucket was not empty much later than the wait takes to fill it.
      this.#ceiling = Math.min(this.#ceiling, this.#sent.rate)
      this.#kept = (DOUBT * admitted) / (ms + waitMs)
      this.#again = (AGAIN * admitted * waitMs) / (ms + waitMs)
    } else {
      // A wait brings in less than was sent after it, which says nothing of the rate.
      if (this.#again > 0) [this.#ceiling, this.#again] = [this.#openRate, 0]
      this.#kept = KEPT * this.#ceiling
    }
    if (isOver) this.#since = { at: now, admitted: -this.#again, pausedMs: 0 }
    this.#wasEmpty = true
    this.#waitMs = waitMs
    this.#chance.excess = 0
  }

  /** Begins a trial. */
  #try(now: number): void {
    const { at, admitted } = this.#since
    this.#trial = {
      left: TRIAL.requests,
      rate: (TRIAL.share * (admitted - 1)) / (now - at),
      turn: ++this.#turn,
    }
  }

  get #patience(): number {
    return Math.max(LEAST_PATIENCE_MS / (this.#chance.isThere ? 3 : 1), PATIENCE * this.#waitMs)
  }

  /** Counts an outcome, and tells whether a 429 is for the rate. */
  #isForRate(turn: number, isRateLimited: boolean, now: number): boolean {
    if (turn !== this.#trial.turn) return turn === this.#turn && this.#chance.isExceeded(isRateLimited)
    this.#chance.tried(isRateLimited)
    if (--this.#trial.left === 0) {
      this.#trial.turn = NaN
      this.#since = { at: now, admitted: 0, pausedMs: 0 }
      this.#resumedAt = now
    }
    return false
  }
}

/** The time at which the next may be sent, after one that takes so long, is sent now and might have been at `openAt`. */
export function spaced(openAt: number, now: number, ms: number): number {
  return (now - openAt > SLACK_MS ? now : openAt) + ms
}
