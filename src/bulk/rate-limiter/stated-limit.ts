import type { RateLimitWindow } from '../../index.ts'

/** A limit as its service states it. */
export interface StatedLimitState {
  /** The most that it admits at once. */
  limit: number
  /** The number that remains of it, less those in flight. */
  level: number
  /** The number that comes back to it in a minute; 0 for a fixed window. */
  perMinute: number
}

/** A limit from here on is a way to say that there is none: 1e10 was seen of a server in use. */
const NOT_STATED = 1e9
/** The periods that services document limits for. The first that fits what a response says is taken for exact. */
const PERIODS_MS = [60_000, 1000, 3_600_000, 86_400_000]
/** Times this near to each other are the same: `reset` comes in whole seconds, by responses that take half of one. */
const SAME_MS = 1500
/** The share by which a level rises to what a response tells beyond what is known: the smoothing of RFC 6298, 2.3. */
const TRUST = 1 / 8

/**
 * A limit that a service states, in requests or in tokens. Times are milliseconds. It is taken for a bucket that refills
 * all the time, of which `reset` says when it is full: the more is used of it, the later. One whose `reset` counts down to
 * the same moment while it is used is a fixed window.
 */
export class StatedLimit {
  #limit = 0
  #level = Infinity
  #levelAt = 0
  /** All of a bucket comes back in as many milliseconds, from the least to the most. */
  #period = { least: 0, most: Infinity }
  #isWindow = false
  #resetAt = Infinity
  #misses = 0

  /** Tells whether anything was stated. */
  get isStated(): boolean {
    return this.#limit > 0
  }

  /** The limit, what remains of it, and what comes back to it in a minute. */
  read(now: number): StatedLimitState | undefined {
    if (this.#limit === 0 || this.#limit === Infinity) return undefined
    return { limit: this.#limit, level: Math.max(0, this.#levelOf(now)), perMinute: this.#perMs * 60_000 }
  }

  /** The time at which so much may be sent; Infinity where a response to those in flight will tell. */
  openAt(amount: number, now: number, inFlight: number): number {
    // What is more than there ever is waits for all of it.
    const lacks = Math.min(amount, this.#limit) - this.#levelOf(now)
    if (this.#limit === 0 || lacks <= 0) return now
    if (!this.#isWindow) return now + lacks / this.#perMs
    // A window that has started anew, and is used up, is one of which a response will tell.
    return this.#resetAt < Infinity ? this.#resetAt : inFlight > 0 ? Infinity : now
  }

  /** So much is sent. */
  take(amount: number): void {
    this.#level -= amount
  }

  /**
   * A response states the limit. One that its own call would not wait for is ignored: what is absurd must stop no run.
   *
   * @param by.sentSince - What was sent after its request, which the service had not counted.
   * @param by.isMiss - Set where its request was rate-limited although there should have been room.
   */
  state(
    { limit = Infinity, remaining, resetMs }: RateLimitWindow,
    by: { sentSince: number; isMiss: boolean | undefined; maxWaitMs: number },
    now: number,
  ): void {
    if (remaining === undefined || resetMs === undefined) return
    if (limit >= NOT_STATED && limit < Infinity) return
    const known = limit === this.#limit && !this.#isWindow ? this.#levelOf(now) : Infinity
    if (limit !== this.#limit) {
      ;[this.#limit, this.#isWindow] = [limit, limit === Infinity]
      this.#period = { least: 0, most: Infinity }
    }
    this.#learnPeriod(limit - remaining, resetMs, now)
    if (by.isMiss !== undefined) this.#misses = by.isMiss ? this.#misses + 1 : 0
    // Nobody knows who else uses a bucket that is empty against expectation: it is tried ever more seldom.
    const told = remaining - by.sentSince - (this.#isWindow ? 0 : 2 ** this.#misses - 1)
    // Requests overtake each other, so a response may not have counted all that were sent before its request.
    this.#level = told > known ? known + (told - known) * TRUST : told
    this.#levelAt = now
    if ((this.#isWindow ? resetMs : 1 / this.#perMs) > by.maxWaitMs) this.#limit = 0
  }

  get #perMs(): number {
    const { least, most } = this.#period
    const period = PERIODS_MS.find((ms) => ms >= least && ms <= most) ?? (most < Infinity ? most : least)
    return this.#isWindow || this.#limit === Infinity ? 0 : this.#limit / period
  }

  #levelOf(now: number): number {
    if (!this.#isWindow)
      this.#level = Math.min(this.#limit, this.#level + this.#perMs * (now - this.#levelAt))
    else if (now >= this.#resetAt) [this.#level, this.#resetAt] = [this.#limit, Infinity]
    this.#levelAt = now
    return this.#level
  }

  /** Nothing is used right after a limit is full, which says nothing of its period. */
  #learnPeriod(used: number, resetMs: number, now: number): void {
    const isSameReset = Math.abs(now + resetMs - this.#resetAt) <= SAME_MS
    this.#resetAt = now + resetMs
    if (used <= 0 || used === Infinity || resetMs === 0) return
    const { least, most } = this.#period
    const unit = resetMs % 1000 === 0 ? 1000 : 1
    const from = ((resetMs - unit) / (used + 1)) * this.#limit
    const to = used > 1 ? ((resetMs + unit) / (used - 1)) * this.#limit : Infinity
    if (from <= most && to >= least) {
      this.#period = { least: Math.max(least, from), most: Math.min(most, to) }
      return
    }
    this.#isWindow = isSameReset
    this.#period = { least: from, most: to }
  }
}
