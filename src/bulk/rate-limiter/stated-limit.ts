import type { RateLimitWindow } from '../../index.ts'

/** A limit as its service states it. */
export interface ServiceLimit {
  /** The most that it admits at once. */
  limit: number
  /** The number that remains of it, less those in flight. */
  level: number
  /** The number that comes back to it in a minute; 0 for a fixed window. */
  perMinute: number
}

/** Takes what a response states. Tells whether that explains a 429, and is kept to. */
type OnResponse = (stated: RateLimitWindow, isRateLimited: boolean, now: number) => boolean

/** A limit from here on is a way to say that there is none: 1e10 was seen of a server in use. */
const NOT_STATED = 1e9
/** The periods that services document limits for. The first that fits what a response says is taken for exact. */
const PERIODS_MS = [60_000, 1000, 3_600_000, 86_400_000]
/** Times this near to each other are the same: `reset` comes in whole seconds, by responses that take half of one. */
const SAME_MS = 1500
/**
 * A limit that a service states, in requests or in tokens. Times are milliseconds. It is taken for a bucket that refills
 * all the time, of which `reset` says when it is full: the more is used of it, the later. One of which `reset` counts down
 * to the same moment, while what is used of it does not fall alike, is a fixed window.
 */
export class StatedLimit {
  /** The most at once; 0 where none is stated. */
  limit = 0
  /** The least that responses said remains, and what came back since; those in flight may not be taken off it yet. */
  #remaining = Infinity
  #remainedAt = 0
  /** The part of all that was sent to which there is no response. */
  inFlight = 0
  /** All of a bucket comes back in as many milliseconds. */
  #periodMs = 60_000
  #isWindow = false
  /** The time at which it is full, and the number used of it, and its reset, when a response first said so. */
  #full = { at: Infinity, used: 0, resetMs: 0 }
  /** All that was sent: by now, by the request whose response is the latest, and by the last 429 that this explains. */
  #sum = 0
  #statedSum = 0
  #missedSum = 0
  /** The part left for unknown others: a bucket that is empty against expectation is tried ever more seldom. */
  #forOthers = 0

  /** The limit, what remains of it, and what comes back to it in a minute. */
  read(now: number): ServiceLimit | undefined {
    if (this.limit === 0 || this.limit === Infinity) return undefined
    const level = Math.max(0, this.#remainingAt(now) - this.inFlight - this.#forOthers)
    return { limit: this.limit, level, perMinute: this.#perMs * 60_000 }
  }

  /** The time at which so much may be sent; Infinity where a response to those in flight will tell. */
  openAt(amount: number, now: number): number {
    const taken = Math.min(this.inFlight, this.limit)
    // What is more than there ever is waits for all of it.
    const lacks = Math.min(amount + this.#forOthers, this.limit) + taken - this.#remainingAt(now)
    if (this.limit === 0 || lacks <= 0) return now
    if (!this.#isWindow) return now + lacks / this.#perMs
    // A window that has started again, and is used up, is one of which a response will tell.
    return this.#full.at < Infinity ? this.#full.at : this.inFlight > 0 ? Infinity : now
  }

  /** So much is sent, by a request that would wait for so long; what is returned takes its response. */
  sent(amount: number, maxWaitMs: number): OnResponse {
    const ended = this.#sum - this.inFlight
    this.inFlight += amount
    const sum = (this.#sum += amount)
    return ({ limit = Infinity, remaining = Infinity, resetMs = Infinity }, isRateLimited, now) => {
      const [endedMeanwhile, known] = [this.#sum - this.inFlight - ended, this.#remainingAt(now)]
      this.inFlight -= amount
      const isMiss = isRateLimited && remaining < Math.max(1, amount)
      if (!isRateLimited) this.#forOthers = 0
      else if (isMiss && this.#perMs > 0 && sum > this.#missedSum) this.#forOthers = 2 * this.#forOthers + 1
      if (isMiss) this.#missedSum = this.#sum
      const isNone = limit >= NOT_STATED && limit < Infinity
      const isAbsurd = isNone || remaining + resetMs === Infinity
      const isNew = !isAbsurd && sum >= this.#statedSum
      const told = isAbsurd ? known - amount : remaining
      // Requests overtake each other: those that ended while it was in flight may have been taken off later.
      this.#remaining = Math.max(isNew ? told - endedMeanwhile : -Infinity, Math.min(known, told))
      if (isNew) this.#statedSum = sum
      if (isNew && limit !== this.limit) [this.limit, this.#full.at] = [limit, Infinity]
      if (!isAbsurd && limit === this.limit) this.#learnPeriod(limit - remaining, resetMs, isNew, now)
      // A limit for which its own request would not wait is ignored: what is absurd must stop no run.
      if (isNone || (isNew && (this.#isWindow ? resetMs : 1 / this.#perMs) > maxWaitMs)) this.limit = 0
      return isMiss && this.limit > 0
    }
  }

  get #perMs(): number {
    return this.#isWindow ? 0 : this.limit / this.#periodMs
  }

  #remainingAt(now: number): number {
    const came = this.#perMs * (now - this.#remainedAt)
    if (!this.#isWindow) this.#remaining = Math.min(this.limit || Infinity, this.#remaining + came)
    else if (now >= this.#full.at) [this.#remaining, this.#full.at] = [this.limit, Infinity]
    this.#remainedAt = now
    return this.#remaining
  }

  #learnPeriod(used: number, resetMs: number, isNew: boolean, now: number): void {
    // A limit that is full, or a window in its last second, says nothing of its period.
    if (resetMs === 0 && this.limit < Infinity) return
    const isSame = Math.abs(now + resetMs - this.#full.at) <= SAME_MS
    const apart = Math.abs(used * this.#full.resetMs - this.#full.used * resetMs)
    if (isSame) this.#isWindow ||= apart > 2 * SAME_MS * Math.max(used, this.#full.used)
    else if (isNew) [this.#full, this.#isWindow] = [{ at: now + resetMs, used, resetMs }, used === Infinity]
    if (!isNew || this.#isWindow || used <= 0) return
    const [part, each] = [used / this.limit, this.limit > 1 ? 1 / this.limit : 0]
    const unit = resetMs % 1000 === 0 ? 1000 : 1
    const exact = PERIODS_MS.find((ms) => Math.abs(resetMs - part * ms) <= unit + each * ms)
    this.#periodMs = exact ?? resetMs / part
  }
}
