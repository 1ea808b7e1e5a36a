import { wait } from '../shared/abort.ts'
import type { Lease, RateLimiter, RateLimitRequest } from './rate-limiter.ts'

/** The share of a wait, and the most milliseconds, by which attempts are spread after it, not to come all at once. */
const SPREAD = { share: 0.25, mostMs: 1000 }

/**
 * The rate limiter of a client that was given no other. It lets attempts pass, and keeps the waits that a 429 names for
 * all calls with the same account, model and service tier. A wait longer than `maxRetryAfterMs`, or than the call that
 * was told of it would take, is not kept: neither an absurd one nor one patient call must stop a client.
 */
export function createCooldown({ maxRetryAfterMs }: { maxRetryAfterMs: number }): RateLimiter {
  const ends = new Map<string, number>()

  const forgetThoseOver = (now: number): void => {
    // A timer may be early, by less than a millisecond.
    for (const [key, end] of ends) if (end - now < 1) ends.delete(key)
  }
  const leftMs = (request: RateLimitRequest): number => {
    if (ends.size === 0) return 0
    const now = performance.now()
    forgetThoseOver(now)
    return Math.ceil(Math.max(0, (ends.get(keyOf(request)) ?? 0) - now))
  }
  const leaseOf = (request: RateLimitRequest): Lease => ({
    release({ status, retryAfterMs = 0 }) {
      if (status !== 429 || retryAfterMs === 0 || retryAfterMs > maxRetryAfterMs) return
      const now = performance.now()
      forgetThoseOver(now)
      const key = keyOf(request)
      ends.set(key, Math.max(ends.get(key) ?? 0, now + retryAfterMs))
    },
  })
  const waitOut = async (request: RateLimitRequest, signal: AbortSignal): Promise<Lease> => {
    for (let left = leftMs(request); left > 0; left = leftMs(request)) {
      if (left > request.maxWaitMs) throw request.tooLong(left)
      const spread = Math.random() * Math.min(left * SPREAD.share, SPREAD.mostMs)
      await wait(Math.ceil(left + spread), signal)
    }
    return leaseOf(request)
  }

  return {
    acquire: (request, signal) => (leftMs(request) > 0 ? waitOut(request, signal) : leaseOf(request)),
  }
}

function keyOf({ account, model, serviceTier }: RateLimitRequest): string {
  return JSON.stringify([account, model, serviceTier])
}
