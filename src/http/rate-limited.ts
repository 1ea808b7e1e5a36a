import { mayBeExhausted, readRateLimit } from '../api/rate-limit-headers.ts'
import type { RateLimit } from '../api/rate-limit-headers.ts'
import type { HeaderReader } from '../api/response.ts'
import { errorFromCooldown } from '../errors/create.ts'
import type { LeaseOutcome, RateLimitRequest } from '../limiter/rate-limiter.ts'
import type { Plan } from './attempt.ts'

// Classes, since getters cost least on a prototype: what a rate limiter does not ask for is not computed.

/** The request for a lease of the next attempt. */
export class Planned implements RateLimitRequest {
  readonly #settings: Plan['settings']
  readonly query: string
  readonly documents: readonly string[]
  readonly model: string
  readonly serviceTier: string | undefined
  readonly attempt: number
  readonly maxWaitMs: number
  readonly tooLong: (waitMs: number) => Error

  constructor(plan: Plan, remainingMs: number) {
    const { query, documents, model, service_tier } = plan.body
    this.#settings = plan.settings
    this.query = query
    this.documents = documents
    this.model = model
    this.serviceTier = service_tier ?? undefined
    this.attempt = plan.context.attempts + 1
    // A wait until the deadline would leave no time for the attempt.
    this.maxWaitMs = Math.min(plan.settings.maxRetryAfterMs, remainingMs - 1)
    this.tooLong = (waitMs) => errorFromCooldown(Math.ceil(waitMs), plan.context)
  }

  get account(): number {
    const { headers, projectId } = this.#settings
    return hash(`${headers['authorization'] ?? ''}\n${projectId ?? ''}`)
  }
}

/** The end of an attempt, with the headers of its response. */
export class Ended implements LeaseOutcome {
  readonly #headers: HeaderReader
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined

  constructor(status: number | undefined, headers: HeaderReader, retryAfterMs?: number) {
    this.#headers = headers
    this.status = status
    this.retryAfterMs = retryAfterMs
  }

  get mayBeExhausted(): boolean {
    return mayBeExhausted(this.#headers)
  }

  get rateLimit(): RateLimit | undefined {
    return readRateLimit(this.#headers)
  }
}

/** A number of 32 bits by FNV-1a: too few to tell a key by. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}
