import { mayBeExhausted, readRateLimit } from '../api/rate-limit-headers.ts'
import type { RateLimit } from '../api/rate-limit-headers.ts'
import type { HeaderReader } from '../api/response.ts'
import { errorFromCooldown } from '../errors/create.ts'
import type { LeaseOutcome, RateLimitRequest } from '../limiter/rate-limiter.ts'
import type { Plan } from './attempt.ts'

// Classes, since getters cost least on a prototype: what a rate limiter does not ask for is not computed.

/** The request for a lease of the next attempt. */
export class Planned implements RateLimitRequest {
  readonly #plan: Plan
  declare readonly query: string
  declare readonly documents: readonly string[]
  declare readonly model: string
  declare readonly serviceTier: string | undefined
  declare readonly attempt: number
  declare readonly maxWaitMs: number

  constructor(plan: Plan, remainingMs: number) {
    const { query, documents, model, service_tier } = plan.body
    this.#plan = plan
    this.query = query
    this.documents = documents
    this.model = model
    this.serviceTier = service_tier ?? undefined
    this.attempt = plan.context.attempts + 1
    // A wait until the deadline would leave no time for the attempt.
    this.maxWaitMs = Math.min(plan.settings.maxRetryAfterMs, remainingMs - 1)
  }

  /** A number of 32 bits by FNV-1a: too few to tell a key by. */
  get account(): number {
    const { headers, projectId } = this.#plan.settings
    let hash = 0x811c9dc5
    for (const character of [headers['authorization'], projectId].join('\n')) {
      hash = Math.imul(hash ^ Number(character.codePointAt(0)), 0x01000193)
    }
    return hash >>> 0
  }

  get tooLong(): (waitMs: number) => Error {
    const { context } = this.#plan
    return (waitMs) => errorFromCooldown(Math.ceil(waitMs), context)
  }
}

/** The end of an attempt, with the headers of its response. */
export class Ended implements LeaseOutcome {
  readonly #headers: HeaderReader
  declare readonly status: number | undefined
  declare readonly retryAfterMs: number | undefined

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
