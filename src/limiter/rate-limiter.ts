import type { RateLimit } from '../api/rate-limit-headers.ts'

/**
 * Decides when requests leave: the client asks it before each attempt, retries included, and tells it when the
 * attempt is over. `nebius-rerank/bulk` has one that keeps to a service's limits; any object of this shape will do.
 */
export interface Pace {
  /** The most requests that it lets be under way at once, where it has such a limit: `rankMany` holds as many jobs. */
  readonly concurrency?: number | undefined
  /**
   * Resolves when the attempt may leave, with a function that is called once when it is over, whatever became of it.
   * What it rejects with rejects the call; a RateLimitError without a `status` is told as the call's own, with its
   * attempts. Its signal aborts when nobody waits for it any more.
   *
   * A retry after a 429 that names no wait asks again at once: how long it has to wait is for the pace to say.
   */
  enter(request: PacedRequest, signal: AbortSignal): Promise<(result: PaceResult) => void>
}

/** What a {@link Pace} is told of an attempt before it leaves. */
export interface PacedRequest {
  /** Its query. */
  query: string
  /** Its documents, a text each. */
  documents: readonly string[]
  /** How long, in milliseconds, the call lets a service put it off. @default for ever */
  maxRetryAfterMs?: number | undefined
}

/** What a {@link Pace} is told of an attempt that is over; of one that had no answer, nothing. */
export interface PaceResult {
  /** HTTP status. */
  status?: number | undefined
  /** Milliseconds for which the server asks to be left alone; more than the call's `maxRetryAfterMs` is not told. */
  retryAfterMs?: number | undefined
  /** The service's limits, where the answer states them. */
  rateLimit?: RateLimit | undefined
}
