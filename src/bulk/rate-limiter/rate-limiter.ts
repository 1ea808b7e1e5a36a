import { estimateTokens } from '../../index.ts'
import type { Lease, RateLimiter, RateLimitRequest } from '../../index.ts'
import { createLimits } from './limits.ts'
import type { Demand } from './limits.ts'
import { readOptions } from '../../shared/option-table.ts'
import { LIMITER } from './options.ts'
import type { LimiterSettings, RateLimiterOptions } from './options.ts'

// Queues such as p-queue, p-limit, p-throttle and Bottleneck hold to numbers that they are given. None learns a rate from
// 429s, makes all wait for what one response says, or spaces by tokens.

/** A rate limiter that keeps to a service's limits: those that it is given, and those that it learns. */
export interface AdaptiveRateLimiter extends RateLimiter {
  /** The present state, for a progress line and for metrics. */
  readonly state: RateLimiterState
  /** The most requests in flight at once. */
  readonly concurrency: number
}

/** The present state of an {@link AdaptiveRateLimiter}. */
export interface RateLimiterState {
  /** Requests in flight. */
  inFlight: number
  /** Requests that wait for a lease. */
  waiting: number
  /** The most requests that may be in flight at once, at present. */
  concurrency: number
  /** The rate learned from 429s, in requests a minute; `undefined` before the first. */
  requestsPerMinute: number | undefined
  /** Attempts that were rate-limited (429). */
  rateLimited: number
  /** The number of times the service asked to wait. */
  cooldowns: number
  /** Milliseconds for which the service makes the next request wait: it asked for that, or its window is exhausted. */
  cooldownMs: number
}

/**
 * Makes a rate limiter. Clients and calls that are given the same one keep one limit together.
 *
 * - At most `concurrency` requests are in flight. That number halves when the service rate-limits a request (429), once
 *   for all that are in flight then, and rises by one each time that as many were admitted.
 * - A response with `Retry-After` makes all of them wait for that long.
 * - The rate that the service admits is learned from its 429s. Requests are sent a little more slowly than that, and a
 *   higher rate is tried from time to time; about three in a hundred are rate-limited where a 429 costs no wait.
 *   Requests that are rate-limited by chance, as many at any rate, do not lower the rate.
 * - `requestsPerMinute` and `tokensPerMinute` hold from the first request. Where they are not given, nothing is sent
 *   into a window that the `x-ratelimit-*` headers call exhausted.
 *
 * Requests are sent in the order in which they came. One that has to wait for longer than its `maxRetryAfterMs`
 * rejects at once with a RateLimitError; a window that takes longer than that of the request that was told of it is
 * ignored.
 *
 * @throws TypeError for an invalid option
 * @example
 * const rateLimiter = createRateLimiter({ concurrency: 32 })
 * const client = createRerankClient({ rateLimiter })
 * setInterval(() => console.log(rateLimiter.state), 1000)
 */
export function createRateLimiter(options: RateLimiterOptions = {}): AdaptiveRateLimiter {
  return createRateLimiterBy(CLOCK, options)
}

/** The time of a rate limiter. */
export interface Clock {
  /** Milliseconds. */
  now(): number
  /** Calls back after so many milliseconds, unless the function that it returns is called first. */
  after(ms: number, callback: () => void): () => void
}

/** Makes a rate limiter by another clock. */
export function createRateLimiterBy(clock: Clock, options: RateLimiterOptions = {}): AdaptiveRateLimiter {
  const limits = createLimits(readOptions(options, LIMITER) as LimiterSettings)
  const queue = new Set<Waiter>()
  let stopTimer: (() => void) | undefined
  /** The end of the longest wait that was looked at. */
  let putOffUntil = 0

  /** Grants leases to those that may have one. A timer runs only while it is all that somebody waits for. */
  const serve = (): void => {
    stopTimer?.()
    stopTimer = undefined
    for (const waiter of queue) {
      dropImpatient()
      if (!queue.has(waiter)) continue
      if (!limits.hasRoom) return
      const now = clock.now()
      const openAt = limits.openAt(waiter.demand.tokens, now)
      if (openAt > now) {
        if (openAt < Infinity) stopTimer = clock.after(openAt - now, serve)
        return
      }
      queue.delete(waiter)
      waiter.grant(leaseOf(waiter.demand, now))
    }
  }

  /** Milliseconds for which the service makes the next request wait, and with it all. */
  const putOffMs = (): number => {
    const now = clock.now()
    const [next] = queue
    return Math.max(0, limits.putOffUntil(next?.demand.tokens ?? 0, now) - now)
  }

  const dropIfPutOff = ({ demand, drop, tooLong }: Waiter, ms: number): void => {
    if (ms > demand.maxWaitMs) drop(tooLong(ms))
  }

  /** Looks at all who wait only when it takes longer than it did. */
  const dropImpatient = (): void => {
    const ms = putOffMs()
    const until = clock.now() + ms
    if (ms === 0 || until <= putOffUntil) return
    putOffUntil = until
    for (const waiter of queue) dropIfPutOff(waiter, ms)
  }

  const leaseOf = (demand: Demand, now: number): Lease => {
    const departure = limits.left(demand, now)
    let isOver = false
    return {
      release(outcome) {
        if (isOver) return
        isOver = true
        limits.over(departure, outcome, clock.now())
        serve()
      },
    }
  }

  return {
    concurrency: limits.state.concurrency,
    // It waits out a 429 itself, whether that names a wait or not.
    spacesRetries: true,
    acquire(request, signal) {
      signal.throwIfAborted()
      return new Promise<Lease>((resolve, reject) => {
        const forget = (): void => signal.removeEventListener('abort', giveUp)
        const waiter: Waiter = {
          demand: {
            tokens: limits.areInTokens ? tokensOf(request) : 0,
            maxWaitMs: request.maxWaitMs,
          },
          tooLong: (ms) => request.tooLong(Math.ceil(ms)),
          grant(lease) {
            forget()
            resolve(lease)
          },
          drop(reason) {
            forget()
            queue.delete(waiter)
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own, or an error
            reject(reason)
          },
        }
        const giveUp = (): void => {
          waiter.drop(signal.reason)
          serve()
        }
        signal.addEventListener('abort', giveUp, { once: true })
        queue.add(waiter)
        dropIfPutOff(waiter, putOffMs())
        serve()
      })
    },
    get state() {
      const { inFlight, concurrency, rateLimited, cooldowns } = limits.state
      const rate = limits.learnedRate(clock.now())
      return {
        inFlight,
        waiting: queue.size,
        concurrency: Math.floor(concurrency),
        requestsPerMinute: rate && rate * 60_000,
        rateLimited,
        cooldowns,
        cooldownMs: putOffMs(),
      }
    },
  }
}

/** A request in the queue. */
interface Waiter {
  demand: Demand
  tooLong: (ms: number) => Error
  grant: (lease: Lease) => void
  drop: (reason: unknown) => void
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

const CLOCK: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.ceil(ms), LONGEST_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

function tokensOf({ query, documents }: RateLimitRequest): number {
  return documents.reduce((sum, text) => sum + estimateTokens(text), estimateTokens(query) * documents.length)
}
