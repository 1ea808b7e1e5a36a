import { refillMs } from '../api/rate-limit-headers.ts'
import { wait } from '../shared/abort.ts'
import type { Lease, RateLimiter, RateLimitRequest } from './rate-limiter.ts'

/** After a wait, attempts are delayed at random by up to this share of it, so that they do not all come at once. */
const SPREAD = 0.25
const LONGEST_SPREAD_MS = 1000

interface Cooldown {
  /** The time at which the next attempt may be sent. */
  end: number
  /** Milliseconds from that attempt to the next, or 0 if no limit is known to be exhausted. */
  gapMs: number
}

/**
 * The default rate limiter of a client. It sends attempts at once. After a 429, all calls with the same account, model
 * and service tier wait as long as the server asked. While responses say that a limit is exhausted, attempts are spaced
 * by the time in which the limit refills by one. If a spaced attempt gets a 429, that time doubles. A wait longer than
 * `maxRetryAfterMs`, of the client or of the call, is ignored: neither an absurd wait nor one patient call must stop the
 * other calls.
 */
export function createCooldown({
  maxRetryAfterMs,
}: {
  maxRetryAfterMs: number
}): RateLimiter & { lightSignal: true } {
  const cooldowns = new Map<string, Cooldown>()

  const forgetThoseOver = (now: number): void => {
    // A timer may be early, by less than a millisecond.
    for (const [key, { end, gapMs }] of cooldowns) if (end + gapMs - now < 1) cooldowns.delete(key)
  }
  /** The lease, if the attempt can be sent now, or else the milliseconds until then. */
  const take = (request: RateLimitRequest): Lease | number => {
    if (cooldowns.size === 0) return leaseOf(request)
    const now = performance.now()
    forgetThoseOver(now)
    const cooldown = cooldowns.get(keyOf(request))
    if (cooldown && cooldown.end - now >= 1) return Math.ceil(cooldown.end - now)
    if (cooldown) cooldown.end = now + cooldown.gapMs
    return leaseOf(request, cooldown)
  }
  const leaseOf = (request: RateLimitRequest, spacedBy?: Cooldown): Lease => ({
    release(outcome) {
      const { status = 0, retryAfterMs = 0 } = outcome
      const isRateLimited = status === 429
      const refill = outcome.mayBeExhausted === false ? 0 : (refillMs(outcome.rateLimit) ?? 0)
      if (refill === 0 && (isRateLimited ? retryAfterMs === 0 : cooldowns.size === 0)) return
      const key = keyOf(request)
      const present = cooldowns.get(key)
      const gapMs =
        isRateLimited && present && present === spacedBy ? Math.max(refill, 2 * present.gapMs) : refill
      const waitMs = Math.max(gapMs, isRateLimited ? retryAfterMs : 0)
      if (waitMs > maxRetryAfterMs) return
      // The limit is no longer exhausted.
      if (waitMs === 0) {
        if (present && outcome.rateLimit) present.gapMs = 0
        return
      }
      const now = performance.now()
      forgetThoseOver(now)
      cooldowns.set(key, { end: Math.max(present?.end ?? 0, now + waitMs), gapMs })
    },
  })
  const waitOut = async (request: RateLimitRequest, signal: AbortSignal): Promise<Lease> => {
    for (let given = take(request); ; given = take(request)) {
      if (typeof given !== 'number') return given
      if (given > request.maxWaitMs) throw request.tooLong(given)
      await wait(Math.ceil(given + Math.random() * Math.min(given * SPREAD, LONGEST_SPREAD_MS)), signal)
    }
  }

  return {
    lightSignal: true,
    acquire(request, signal) {
      const given = take(request)
      return typeof given === 'number' ? waitOut(request, signal) : given
    },
  }
}

function keyOf({ account, model, serviceTier }: RateLimitRequest): string {
  return JSON.stringify([account, model, serviceTier])
}
