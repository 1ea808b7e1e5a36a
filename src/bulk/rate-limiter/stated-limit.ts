import type { RateLimitWindow } from '../../index.ts'

/**
 * A limit that a service states, in requests or in tokens. Times are milliseconds.
 *
 * It is taken for a bucket that refills all the time, of which `reset` says when it is full. It is taken for a fixed
 * window once `reset` counts down to the same moment while the limit is used, which no bucket does. The time
 * that a bucket takes to refill grows with what is used of it.
 */
export interface StatedLimit {
  /** Tells whether anything was stated. */
  readonly isStated: boolean
  /** The time at which so much may be sent; Infinity where a response to those in flight will tell. */
  openAt(amount: number, now: number, inFlight: number): number
  /** So much is sent. */
  take(amount: number): void
  /**
   * A response states the limit. One that would make its call wait for longer than `maxWaitMs` is not heeded: what is
   * absurd must not stop a run.
   *
   * @param response.sentSince - What was sent after its request, which the service has not counted.
   * @param response.isMiss - Set where its request was rate-limited although there should have been room.
   */
  state(
    limit: RateLimitWindow,
    response: { sentSince: number; isMiss: boolean | undefined; maxWaitMs: number },
    now: number,
  ): void
  /** The limit, what remains of it, and what comes back to it in a minute. */
  read(now: number): StatedLimitState | undefined
}

/** A limit as its service states it. */
export interface StatedLimitState {
  /** The most that it admits at once. */
  limit: number
  /** The number that remains of it, less those in flight. */
  level: number
  /** The number that comes back to it in a minute; 0 for a fixed window. */
  perMinute: number
}

/** A limit from here on is a way to say that there is none: 1e10 was seen. */
const NOT_STATED = 1e9
/** The periods that services state limits for. One of them is taken for exact where it fits what a response says. */
const PERIODS_MS = [60_000, 1000, 3_600_000, 86_400_000]
/** Times that are this near to each other are the same: `reset` comes in whole seconds, by responses of any latency. */
const SAME_MS = 1500
/** The share by which a level rises to what a response tells beyond what is known: a smoothing of 1/8 as of RFC 6298, 2.3. */
const TRUST = 1 / 8

/** A limit of which nothing was stated. */
export function createStatedLimit(): StatedLimit {
  let limit = 0
  let level = Infinity
  let levelAt = 0
  /** The milliseconds in which all of a bucket comes back are from `least` to `most`. */
  let least = 0
  let most = Infinity
  let isWindow = false
  let resetAt = Infinity
  let misses = 0

  const perMs = (): number => {
    const period = PERIODS_MS.find((ms) => ms >= least && ms <= most) ?? (most < Infinity ? most : least)
    return isWindow || limit === Infinity ? 0 : limit / period
  }
  const levelOf = (now: number): number => {
    if (!isWindow) level = Math.min(limit, level + perMs() * (now - levelAt))
    else if (now >= resetAt) {
      level = limit
      resetAt = Infinity
    }
    levelAt = now
    return level
  }
  /** Learns what kind of limit it is. Nothing is used right after it is full, and says nothing. */
  const compare = (used: number, resetMs: number, now: number): void => {
    const isSameReset = Math.abs(now + resetMs - resetAt) <= SAME_MS
    resetAt = now + resetMs
    if (used <= 0 || used === Infinity || resetMs === 0) return
    const unit = resetMs % 1000 === 0 ? 1000 : 1
    const from = ((resetMs - unit) / (used + 1)) * limit
    const to = used > 1 ? ((resetMs + unit) / (used - 1)) * limit : Infinity
    const fits = from <= most && to >= least
    if (!fits) isWindow = isSameReset
    least = fits ? Math.max(least, from) : from
    most = fits ? Math.min(most, to) : to
  }

  return {
    get isStated() {
      return limit > 0
    },
    openAt(amount, now, inFlight) {
      // What is more than there ever is waits for all of it.
      const lacks = Math.min(amount, limit) - levelOf(now)
      if (limit === 0 || lacks <= 0) return now
      if (!isWindow) return now + lacks / perMs()
      // A window that has started anew, and is used up, is one of which a response will tell.
      return resetAt < Infinity ? resetAt : inFlight > 0 ? Infinity : now
    },
    take: (amount) => void (level -= amount),
    state({ limit: stated = Infinity, remaining, resetMs }, { sentSince, isMiss, maxWaitMs }, now) {
      if (remaining === undefined || resetMs === undefined) return
      if (stated >= NOT_STATED && stated < Infinity) return
      const known = stated === limit && !isWindow ? levelOf(now) : Infinity
      if (stated !== limit) {
        limit = stated
        least = 0
        most = Infinity
        isWindow = stated === Infinity
      }
      compare(limit - remaining, resetMs, now)
      // Requests overtake each other, so a response may not have counted all that were sent before its request.
      if (isMiss !== undefined) misses = isMiss ? misses + 1 : 0
      // Nobody knows who else uses a bucket that is empty against expectation: it is tried ever more seldom.
      const told = remaining - sentSince - (isWindow ? 0 : 2 ** misses - 1)
      level = told > known ? known + (told - known) * TRUST : told
      levelAt = now
      if ((isWindow ? resetMs : 1 / perMs()) > maxWaitMs) limit = 0
    },
    read: (now) =>
      limit > 0 && limit < Infinity
        ? { limit, level: Math.max(0, levelOf(now)), perMinute: perMs() * 60_000 }
        : undefined,
  }
}
