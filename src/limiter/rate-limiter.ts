import type { RateLimit } from '../api/rate-limit-headers.ts'

/**
 * Decides when attempts are sent. A client acquires a lease from it before each attempt, retries included, and
 * releases the lease when the attempt is over. `nebius-rerank/bulk` has one that keeps to a service's limits; any object
 * of this shape will do.
 *
 * @example
 * // At most two requests in flight, by a semaphore of your own.
 * const rateLimiter: RateLimiter = {
 *   async acquire(_, signal) {
 *     await semaphore.take({ signal })
 *     return { release: () => semaphore.give() }
 *   },
 * }
 */
export interface RateLimiter {
  /** The most requests that it lets be in flight at once, where it has such a limit: `rankMany` holds as many jobs. */
  readonly concurrency?: number | undefined
  /**
   * Set where `acquire` also spaces retries after a 429 that names no wait. Otherwise the client backs off before such a
   * retry, as after any failure. @default false
   */
  readonly spacesRetries?: boolean | undefined
  /**
   * Gives the lease of an attempt as soon as it may be sent: at once, or by a promise. What it throws rejects the call.
   * The call that a server asked to wait by a 429 waits by itself; it is for the limiter to make all others wait as well.
   * `signal` aborts when nobody waits for the lease any more.
   */
  acquire(request: RateLimitRequest, signal: AbortSignal): Lease | Promise<Lease>
}

/** The permission to send one attempt. */
export interface Lease {
  /** Called once, when the attempt is over, with what came of it. */
  release(outcome: LeaseOutcome): void
}

/** The facts of an attempt that a {@link RateLimiter} decides by. */
export interface RateLimitRequest {
  /** The query of the request. */
  readonly query: string
  /** The documents of the request, a text each. */
  readonly documents: readonly string[]
  /** The model of the request: limits are kept per model. */
  readonly model: string
  /** The service tier of the request, where it names one. */
  readonly serviceTier: string | undefined
  /** A number that differs between accounts, as told by key and project, and discloses neither. */
  readonly account: number
  /** 1 for the first attempt of a call, 2 for its first retry. */
  readonly attempt: number
  /** The longest wait, in milliseconds, that the call has time for. */
  readonly maxWaitMs: number
  /** The error to reject with at once where the wait is known to take longer than `maxWaitMs`. */
  readonly tooLong: (waitMs: number) => Error
}

/** The end of an attempt, for a {@link RateLimiter}; empty where there was no response. */
export interface LeaseOutcome {
  /** HTTP status. */
  readonly status?: number | undefined
  /** Milliseconds for which the server asks not to be called; never more than the call's `maxRetryAfterMs`. */
  readonly retryAfterMs?: number | undefined
  /** `false` where nothing in the response says that a limit is exhausted, and so `rateLimit` need not be read. */
  readonly mayBeExhausted?: boolean | undefined
  /** The service's limits, where the response states them. */
  readonly rateLimit?: RateLimit | undefined
}
