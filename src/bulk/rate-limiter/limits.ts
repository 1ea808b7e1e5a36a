import type { LeaseOutcome } from '../../index.ts'
import { LearnedRate } from './learned-rate.ts'
import type { Sending } from './learned-rate.ts'
import { StatedLimit } from './stated-limit.ts'
import type { StatedLimitState } from './stated-limit.ts'

type LimitName = 'requests' | 'tokens'
const NAMES = ['requests', 'tokens'] as const

/** The tokens that a request takes, and the milliseconds for which it lets the service put it off. */
export interface Demand {
  readonly tokens: number
  readonly maxWaitMs: number
}

/** The facts of a request that is sent; `total` is all that had been sent by then, itself included. */
interface Departure extends Demand, Sending {
  readonly total: Readonly<Record<LimitName, number>>
}

/** The limits of one model for one account: those that its responses state, and those that its 429s teach. */
export class Limits {
  inFlight = 0
  rateLimited = 0
  readonly #learned = new LearnedRate()
  readonly #stated = { requests: new StatedLimit(), tokens: new StatedLimit() }
  readonly #heeded: readonly LimitName[]
  readonly #total = { requests: 0, tokens: 0 }
  /** The total sent at the last 429 that a stated limit explains, and at the request whose response is the latest. */
  #totalAtMiss = 0
  #statedBy = 0
  #cooldownEnd = 0

  /** Limits of which nothing is known; `heeds` tells of which the caller has none of its own. */
  constructor(heeds: (name: LimitName) => boolean) {
    this.#heeded = NAMES.filter(heeds)
  }

  /** Tells whether a limit in tokens is stated; where none is, they need not be counted. */
  get areInTokens(): boolean {
    return this.#stated.tokens.isStated
  }

  /** The limits as they are stated, and requests a minute, as far as they are known. */
  read(
    now: number,
  ): Record<LimitName, StatedLimitState | undefined> & { requestsPerMinute: number | undefined } {
    const requests = this.#stated.requests.read(now)
    const stated = requests?.perMinute ?? 0
    const rate = Math.min(stated > 0 ? stated : Infinity, 60_000 * this.#learned.ceiling(now))
    const requestsPerMinute = rate < Infinity ? rate : undefined
    return { requests, tokens: this.#stated.tokens.read(now), requestsPerMinute }
  }

  /** The time at which a request of so many tokens may be sent; Infinity where that hangs on those in flight. */
  openAt(tokens: number, now: number): number {
    return Math.max(this.#cooldownEnd, this.#learned.openAt, this.#statedOpenAt(tokens, now))
  }

  /** The time until which the service itself puts it off: it asked for that, or its limit is exhausted. */
  putOffUntil(tokens: number, now: number): number {
    const at = this.#statedOpenAt(tokens, now)
    return Math.max(this.#cooldownEnd, at < Infinity ? at : now)
  }

  /** A request is sent; what is returned takes what came of it. */
  sent(demand: Demand, now: number): (outcome: LeaseOutcome, now: number) => void {
    this.inFlight += 1
    for (const name of NAMES) {
      const amount = name === 'tokens' ? demand.tokens : 1
      this.#total[name] += amount
      this.#stated[name].take(amount)
    }
    const departure = { ...demand, ...this.#learned.sent(now), total: { ...this.#total } }
    return (outcome, now) => this.#over(departure, outcome, now)
  }

  #over(
    departure: Departure,
    { status = 0, retryAfterMs = 0, rateLimit = {} }: LeaseOutcome,
    now: number,
  ): void {
    const { total, maxWaitMs } = departure
    const is429 = status === 429
    this.inFlight -= 1
    this.#cooldownEnd = Math.max(this.#cooldownEnd, now + retryAfterMs)
    const needed = { requests: 1, tokens: Math.max(1, departure.tokens) }
    const isLacking = (name: LimitName): boolean => (rateLimit[name]?.remaining ?? Infinity) < needed[name]
    const lacking = is429 ? this.#heeded.filter(isLacking) : []
    // Responses overtake each other; that to the latest request has the latest word.
    const isLatest = (rateLimit.requests ?? rateLimit.tokens) && total.requests > this.#statedBy
    for (const name of isLatest ? NAMES : []) {
      const isNews = total.requests > this.#totalAtMiss && this.#stated[name].isStated
      const isMiss = is429 ? (lacking.includes(name) && isNews) || undefined : false
      const sentSince = this.#total[name] - total[name]
      this.#stated[name].state(rateLimit[name] ?? {}, { sentSince, isMiss, maxWaitMs }, now)
    }
    if (isLatest) this.#statedBy = total.requests
    if (is429) this.rateLimited += 1
    // A stated limit that is exhausted says nothing of the rate.
    if (lacking.length > 0) this.#totalAtMiss = this.#total.requests
    else if (is429) this.#learned.rateLimited(departure, retryAfterMs, now)
    else if (status >= 200 && status < 400)
      this.#learned.admitted(departure, rateLimit.overLimit !== true, now)
  }

  #statedOpenAt(tokens: number, now: number): number {
    const needed = { requests: 1, tokens }
    return Math.max(
      now,
      ...this.#heeded.map((name) => this.#stated[name].openAt(needed[name], now, this.inFlight)),
    )
  }
}
