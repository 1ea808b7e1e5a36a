import type { RerankError } from '../errors/classes.ts'
import { errorFromCooldown } from '../errors/create.ts'
import type { FailureContext } from '../errors/create.ts'
import { wait } from '../shared/abort.ts'
import type { Payload } from '../api/request.ts'

/** The while for which a service asked a call, and all that share a limit with it, to leave it alone. */
export interface Cooldown {
  /** Milliseconds that are left of it; 0 where none is on. */
  readonly leftMs: number
  /**
   * A 429 that names a wait starts it, or extends it. A wait that is longer than the call itself would take, or than
   * others of its client would, does not: neither what is absurd nor one patient call must stop a client.
   */
  heed(error: RerankError): void
}

/** What a service's limits may hang on. */
export interface Scope {
  settings: {
    headers: Readonly<Record<string, string>>
    projectId: string | undefined
    maxRetryAfterMs: number
  }
  payload: Payload
}

/** The cooldowns of a client: calls with the same key, project, model and service tier share one. */
export function createCooldowns(client: { maxRetryAfterMs: number }): (call: Scope) => Cooldown {
  const ends = new Map<string, number>()
  const forgetThoseOver = (now: number): void => {
    // A timer may be early, by less than a millisecond.
    for (const [key, end] of ends) if (end - now < 1) ends.delete(key)
  }
  return (call) => ({
    get leftMs() {
      if (ends.size === 0) return 0
      const now = performance.now()
      forgetThoseOver(now)
      const end = ends.size > 0 ? ends.get(keyOf(call)) : undefined
      return end === undefined ? 0 : Math.ceil(end - now)
    },
    heed({ status, retryAfterMs = 0 }) {
      const longestMs = Math.min(call.settings.maxRetryAfterMs, client.maxRetryAfterMs)
      if (status !== 429 || retryAfterMs === 0 || retryAfterMs > longestMs) return
      const now = performance.now()
      forgetThoseOver(now)
      const key = keyOf(call)
      ends.set(key, Math.max(ends.get(key) ?? 0, now + retryAfterMs))
    },
  })
}

function keyOf({ settings: { headers, projectId }, payload: { body } }: Scope): string {
  return JSON.stringify([headers['authorization'], projectId, body.model, body.service_tier])
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
