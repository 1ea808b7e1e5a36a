import type { RerankError } from './errors.ts'
import { errorFromCooldown } from './failure.ts'
import type { FailureContext } from './failure.ts'
import { wait } from './limits.ts'

/** The while for which a service asked to be left alone. All calls of a client share one. */
export interface Cooldown {
  /** Milliseconds that are left of it; 0 where none is on. */
  readonly leftMs: number
  /**
   * A 429 that names a wait starts it, or extends it. A wait that is longer than the call itself would take does not:
   * what is absurd must not stop a client.
   */
  heed(error: RerankError, settings: { maxRetryAfterMs: number }): void
}

export function createCooldown(): Cooldown {
  let until = 0
  return {
    get leftMs() {
      const ms = until === 0 ? 0 : until - performance.now()
      // A timer may be early, by less than a millisecond.
      return ms < 1 ? 0 : Math.ceil(ms)
    },
    heed({ status, retryAfterMs = 0 }, { maxRetryAfterMs }) {
      if (status !== 429 || retryAfterMs > maxRetryAfterMs) return
      until = Math.max(until, performance.now() + retryAfterMs)
    },
  }
}

/** What an attempt has to wait with. */
export interface Patience {
  maxRetryAfterMs: number
  /** Milliseconds left of the call's deadline. */
  remainingMs: () => number
  signal: AbortSignal | undefined
}

/** Those that wait leave over a quarter more of the time, up to a second, so as not to come back all at once. */
const SPREAD = 0.25
const LONGEST_SPREAD_MS = 1000

/** Waits until a cooldown is over. @throws RateLimitError at once where that takes too long, or `signal.reason` */
export async function waitOut(
  cooldown: Cooldown,
  { maxRetryAfterMs, remainingMs, signal }: Patience,
  context: FailureContext,
  random: () => number = Math.random,
): Promise<void> {
  for (let left = cooldown.leftMs; left > 0; left = cooldown.leftMs) {
    const ms = Math.ceil(left + random() * Math.min(left * SPREAD, LONGEST_SPREAD_MS))
    if (left > maxRetryAfterMs || ms >= remainingMs()) throw errorFromCooldown(left, context)
    await wait(ms, signal)
  }
}
