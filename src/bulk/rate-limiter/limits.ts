import type { LeaseOutcome } from '../../index.ts'
import { createLane } from './lane.ts'
import { createLearnedRate } from './learned-rate.ts'
import { createStatedLimit } from './stated-limit.ts'
import type { StatedLimitState } from './stated-limit.ts'

/** The limits of one model for one account: those that its responses state, and those that its 429s teach. */
export interface Limits {
  readonly inFlight: number
  readonly rateLimited: number
  /** Tells whether a limit in tokens is stated; where none is, they need not be counted. */
  readonly areInTokens: boolean
  /** The time at which a request of so many tokens may be sent; Infinity where that hangs on those in flight. */
  openAt(tokens: number, now: number): number
  /** The time until which the service itself puts it off: it asked for that, or its limit is exhausted. */
  putOffUntil(tokens: number, now: number): number
  /** Requests a millisecond, as far as they are known. */
  rate(now: number): number | undefined
  /** The limits as they are stated. */
  stated(now: number): Record<LimitName, StatedLimitState | undefined>
  /** A request is sent. */
  sent(demand: Demand, now: number): Departure
  /** A request is over. */
  over(departure: Departure, outcome: LeaseOutcome, now: number): void
}

type LimitName = 'requests' | 'tokens'

/** The tokens that a request takes, and the milliseconds for which it lets the service put it off. */
export interface Demand {
  readonly tokens: number
  readonly maxWaitMs: number
}

/** The facts of a request that is sent; `total` is all that had been sent by then, itself included. */
export interface Departure extends Demand {
  readonly total: Readonly<Record<LimitName, number>>
  readonly isBelow: boolean
}

const NAMES = ['requests', 'tokens'] as const

/** Limits of which nothing is known; `heeds` tells of which the caller has none of its own. */
export function createLimits(heeds: (name: LimitName) => boolean): Limits {
  const learned = createLearnedRate()
  const spacing = createLane()
  const limits = { requests: createStatedLimit(), tokens: createStatedLimit() }
  const total = { requests: 0, tokens: 0 }
  let inFlight = 0
  let rateLimited = 0
  let cooldownEnd = 0
  /** The total sent at the last 429 for the rate: where more of those are rate-limited, that is nothing new. */
  let totalAtCut = 0
  /** The same at the last 429 that a stated limit explains. */
  let totalAtMiss = 0
  /** The total sent at the request whose response the limits are known from. */
  let statedBy = 0

  const statedOpenAt = (tokens: number, now: number): number =>
    Math.max(
      ...NAMES.filter(heeds).map((name) =>
        limits[name].openAt(name === 'tokens' ? tokens : 1, now, inFlight),
      ),
      now,
    )

  return {
    get inFlight() {
      return inFlight
    },
    get rateLimited() {
      return rateLimited
    },
    get areInTokens() {
      return limits.tokens.isStated
    },
    openAt: (tokens, now) => Math.max(cooldownEnd, spacing.openAt, statedOpenAt(tokens, now)),
    putOffUntil(tokens, now) {
      const at = statedOpenAt(tokens, now)
      return Math.max(cooldownEnd, at < Infinity ? at : now)
    },
    rate(now) {
      const perMinute = limits.requests.read(now)?.perMinute ?? 0
      const rate = Math.min(perMinute / 60_000 || Infinity, learned.isKnown ? learned.at(now) : Infinity)
      return rate < Infinity ? rate : undefined
    },
    stated: (now) => ({ requests: limits.requests.read(now), tokens: limits.tokens.read(now) }),
    sent(demand, now) {
      inFlight += 1
      total.requests += 1
      total.tokens += demand.tokens
      limits.requests.take(1)
      limits.tokens.take(demand.tokens)
      spacing.take(now, 1 / learned.at(now))
      return { ...demand, total: { ...total }, isBelow: learned.sent(now) }
    },
    over({ total: { requests, tokens }, ...departure }, { status = 0, retryAfterMs = 0, rateLimit }, now) {
      inFlight -= 1
      cooldownEnd = Math.max(cooldownEnd, now + retryAfterMs)
      const needed = { requests: 1, tokens: Math.max(1, departure.tokens) }
      const lacking = NAMES.filter(
        (name) => status === 429 && heeds(name) && (rateLimit?.[name]?.remaining ?? Infinity) < needed[name],
      )
      // Responses overtake each other; that to the latest request has the latest word.
      if (rateLimit && requests > statedBy) {
        statedBy = requests
        const sentSince = { requests: total.requests - requests, tokens: total.tokens - tokens }
        for (const name of NAMES) {
          const isNew = requests > totalAtMiss && limits[name].isStated
          const isMiss = status !== 429 ? false : (lacking.includes(name) && isNew) || undefined
          const response = { sentSince: sentSince[name], isMiss, maxWaitMs: departure.maxWaitMs }
          limits[name].state(rateLimit[name] ?? {}, response, now)
        }
      }
      if (status === 429) {
        rateLimited += 1
        // A stated limit that is exhausted says nothing of the rate.
        if (lacking.length > 0) return void (totalAtMiss = total.requests)
        learned.rateLimited(now, departure.isBelow)
        if (requests <= totalAtCut) return
        totalAtCut = total.requests
        const { until, creditMs } = learned.slowDown(now, now + retryAfterMs)
        spacing.close(Math.max(until, now + 1 / learned.at(now)), creditMs)
      } else if (status >= 200 && status < 400) {
        learned.admitted(now, departure.isBelow, rateLimit?.overLimit !== true)
      }
    },
  }
}
