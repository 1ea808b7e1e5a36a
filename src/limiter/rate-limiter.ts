import type { RateLimit } from '../api/rate-limit-headers.ts'

/**
 * Decides when attempts are sent. A client acquires a lease before each attempt, retries included, and releases the
 * lease after the attempt. `createRateLimiter` of `nebius-rerank/bulk` makes a rate limiter that adapts to the service's
 * limits. You can also write your own.
 *
 * @example
 * // At most two requests in flight, with your own semaphore.
 * const rateLimiter: RateLimiter = {
 *   async acquire(_, signal) {
 *     await semaphore.take({ signal })
 *     return { release: () => semaphore.give() }
 *   },
 * }
 */
export interface RateLimiter {
  /** The most requests in flight, if there is such a limit. `rankMany` also keeps at most this many jobs in memory. */
  readonly concurrency?: number | undefined
  /**
   * True if `acquire` also delays retries after a 429 that states no wait. If not, the client backs off before such a
   * retry, as after any other failure. @default false
   */
  readonly spacesRetries?: boolean | undefined
  /**
   * Returns the lease of an attempt, or a promise that resolves when the attempt may be sent. If it throws, the call
   * rejects with the error. A call that received a 429 waits by itself: the rate limiter must make the other calls wait.
   * `signal` aborts when the lease is no longer needed.
   */
  acquire(request: RateLimitRequest, signal: AbortSignal): Lease | Promise<Lease>
}

/** The permission to send one attempt. */
export interface Lease {
  /** Called once after the attempt, with its outcome. */
  release(outcome: LeaseOutcome): void
}

/** The attempt for which a {@link RateLimiter} is asked for a lease. */
export interface RateLimitRequest {
  /** The query of the request. */
  readonly query: string
  /** The documents of the request. */
  readonly documents: readonly string[]
  /** The model of the request. Each model has its own limits. */
  readonly model: string
  /** The service tier of the request, if it names one. */
  readonly serviceTier: string | undefined
  /** A number for each combination of key and project, which reveals neither. */
  readonly account: number
  /** 1 for the first attempt of a call, 2 for its first retry. */
  readonly attempt: number
  /** The longest wait, in milliseconds, that the call has time for. */
  readonly maxWaitMs: number
  /** Makes the error to reject with, if the wait is known to be longer than `maxWaitMs`. */
  readonly tooLong: (waitMs: number) => Error
}

/** The outcome of an attempt. Empty if there was no response. */
export interface LeaseOutcome {
  /** HTTP status. */
  readonly status?: number | undefined
  /** The wait in milliseconds that the server asked for, at most the call's `maxRetryAfterMs`. */
  readonly retryAfterMs?: number | undefined
  /** `false` if the response does not say that a limit is exhausted. Then `rateLimit` does not have to be read. */
  readonly mayBeExhausted?: boolean | undefined
  /** The service's limits, if the response states them. */
  readonly rateLimit?: RateLimit | undefined
}
