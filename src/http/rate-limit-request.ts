import { errorFromCooldown } from '../errors/create.ts'
import type { RateLimitRequest } from '../limiter/rate-limiter.ts'
import type { Plan } from './attempt.ts'

/** The request for a lease of the next attempt. */
export function rateLimitRequest({ body, settings, context }: Plan, remainingMs: number): RateLimitRequest {
  const { query, documents, model, service_tier } = body
  const { headers, projectId, maxRetryAfterMs } = settings
  return {
    query,
    documents,
    model,
    serviceTier: service_tier ?? undefined,
    // Computed only where a limiter has something to keep apart.
    get account() {
      return hash(`${headers['authorization'] ?? ''}\n${projectId ?? ''}`)
    },
    attempt: context.attempts + 1,
    // A wait until the deadline would leave no time for the attempt.
    maxWaitMs: Math.min(maxRetryAfterMs, remainingMs - 1),
    tooLong: (waitMs) => errorFromCooldown(Math.ceil(waitMs), context),
  }
}

/** A number of 32 bits by FNV-1a: too few to tell a key by. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}
