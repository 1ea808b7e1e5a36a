import type { Lease, LeaseOutcome, RateLimitRequest } from '../../index.ts'
import { LearnedRate } from './learned-rate.ts'
import { StatedLimit, type ServiceLimit } from './stated-limit.ts'

/** The present state of an AdaptiveRateLimiter; limits, rate and waits are those of the model last asked for. */
export interface RateLimiterState {
  /** Requests in flight. */
  inFlight: number
  /** Requests that wait for a lease. */
  waiting: number
  /** The limit in requests that the service states, and what remains of it. */
  requests: ServiceLimit | undefined
  /** The limit in tokens that the service states, and what remains of it. */
  tokens: ServiceLimit | undefined
  /** The rate at which the service admits requests, in requests a minute, as it states or as its 429s teach. */
  requestsPerMinute: number | undefined
  /** Attempts that were rate-limited (429). */
  rateLimited: number
  /** Milliseconds for which the service makes the next request wait: it asked for that, or its limit is exhausted. */
  cooldownMs: number
}

export const NAMES: readonly ('requests' | 'tokens')[] = ['requests', 'tokens']

/** So many are sent before a response tells of limits: 3% of 300 jobs, all rate-limited where a limit is used up. */
const FIRST_FLIGHT = 10

/** A request that waits for a lease. */
export interface Waiter {
  readonly request: RateLimitRequest
  readonly amounts: Readonly<Record<'requests' | 'tokens', number>>
  readonly resolve: (lease: Lease) => void
  readonly reject: (reason: unknown) => void
  readonly stopListening: () => void
}

/** The limits of one model for one account and service tier, as responses state and 429s teach, and those who wait. */
export class Limits {
  readonly queue = new Set<Waiter>()
  readonly stated = { requests: new StatedLimit(), tokens: new StatedLimit() }
  readonly #learned = new LearnedRate()
  readonly #heeded: typeof NAMES
  /** The time at which a response lets the next be sent: its own, at least. */
  cooldownEnd = 0

  /** Limits of which nothing is known; `heeded` are those of which the caller has none of its own. */
  constructor(heeded: typeof NAMES) {
    this.#heeded = heeded
  }

  read(now: number): Omit<RateLimiterState, 'inFlight' | 'waiting' | 'rateLimited'> {
    const [requests, tokens] = NAMES.map((name) => this.stated[name].read(now))
    const stated = requests?.perMinute ?? 0
    const rate = Math.min(stated > 0 ? stated : Infinity, 60_000 * this.#learned.ceiling(now))
    const requestsPerMinute = rate < Infinity ? rate : undefined
    return { requests, tokens, requestsPerMinute, cooldownMs: this.putOffMs(now) }
  }

  leave(waiter: Waiter): Waiter {
    waiter.stopListening()
    this.queue.delete(waiter)
    return waiter
  }

  /** The time at which a request that takes so much may be sent; Infinity where that hangs on those in flight. */
  openAt(amounts: Waiter['amounts'], now: number): number {
    if (this.cooldownEnd === 0 && this.stated.requests.inFlight >= FIRST_FLIGHT) return Infinity
    return Math.max(this.cooldownEnd, this.#learned.openAt, this.#statedOpenAt(amounts, now))
  }

  /** Milliseconds for which the service itself puts off the next: it asked for that, or its limit is exhausted. */
  putOffMs(now: number): number {
    const [next] = this.queue
    const at = this.#statedOpenAt(next?.amounts ?? { requests: 1, tokens: 0 }, now)
    return Math.max(this.cooldownEnd, at < Infinity ? at : now, now) - now
  }

  /** A request is sent; what is returned takes what came of it. */
  sent({ amounts, request }: Waiter, now: number): (outcome: LeaseOutcome, now: number) => void {
    const { maxWaitMs } = request
    const sent = this.#learned.sent(now)
    const ends = NAMES.map((name) => [name, this.stated[name].sent(amounts[name], maxWaitMs)] as const)
    return ({ status = 0, retryAfterMs = 0, rateLimit = {} }, now) => {
      this.cooldownEnd = Math.max(this.cooldownEnd, now + retryAfterMs)
      const explaining = ends.filter(([name, end]) => end(rateLimit[name] ?? {}, status === 429, now))
      // A stated limit that is exhausted says nothing of the rate.
      if (explaining.some(([name]) => this.#heeded.includes(name))) return
      if (status === 429) this.#learned.rateLimited(sent, retryAfterMs, now)
      else if (status >= 200 && status < 400) this.#learned.admitted(sent, rateLimit.overLimit !== true, now)
    }
  }

  #statedOpenAt(amounts: Waiter['amounts'], now: number): number {
    const times = this.#heeded.map((name) => this.stated[name].openAt(amounts[name], now))
    return Math.max(now, ...times)
  }
}
