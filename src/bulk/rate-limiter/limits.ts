import type { LeaseOutcome } from '../../index.ts'
import { createLane } from './lane.ts'
import { createLearnedRate } from './learned-rate.ts'
import { createStatedLimit } from './stated-limit.ts'
import type { StatedLimitState } from './stated-limit.ts'

/** The limits of one model for one account: those that its responses state, and those that its 429s teach. */
export interface Limits {
  readonly state: LimitsState
  /** Tells whether one more request may be in flight. */
  readonly hasRoom: boolean
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

/** What a request takes. */
export interface Demand {
  readonly tokens: number
  /** Milliseconds for which it lets the service put it off. */
  readonly maxWaitMs: number
}

/** What is known of a request that is sent; `total` is what had been sent by then, itself included. */
export interface Departure extends Demand {
  readonly total: Readonly<Record<LimitName, number>>
  readonly isBelow: boolean
}

/** The counts of {@link Limits}. */
export interface LimitsState {
  inFlight: number
  /** The most that may be in flight; between whole numbers while it rises. */
  concurrency: number
  rateLimited: number
  cooldowns: number
}

const NAMES = ['requests', 'tokens'] as const

/** Limits of which nothing is known; `heeds` tells of which the caller has none of its own. */
export function createLimits(concurrency: number, heeds: (name: LimitName) => boolean): Limits {
  const learned = createLearnedRate()
  const spacing = createLane()
  const cooldown = createLane()
  const limits = { requests: createStatedLimit(), tokens: createStatedLimit() }
  const total = { requests: 0, tokens: 0 }
  const state = { inFlight: 0, concurrency, rateLimited: 0, cooldowns: 0 }
  /** What had been sent at the last 429 for the rate: where more of those are rate-limited, that is nothing new. */
  let totalAtCut = 0
  /** The same at the last 429 that a stated limit explains. */
  let totalAtMiss = 0
  /** What had been sent when the request was to whose response the limits are known. */
  let statedBy = 0

  const statedOpenAt = (tokens: number, now: number): number =>
    Math.max(
      ...NAMES.map((name) =>
        heeds(name) ? limits[name].openAt(name === 'tokens' ? tokens : 1, now, state.inFlight) : now,
      ),
    )

  /** Takes in what a response states, and tells whether that explains a 429. */
  const readLimits = (departure: Departure, { status, rateLimit }: LeaseOutcome, now: number): boolean => {
    const isLatest = departure.total.requests > statedBy
    let isExplained = false
    for (const name of NAMES) {
      const stated = rateLimit?.[name]
      const { remaining = Infinity } = stated ?? {}
      const lacks = status === 429 && remaining < (name === 'tokens' ? Math.max(1, departure.tokens) : 1)
      isExplained ||= lacks && heeds(name)
      // Responses overtake each other; that to the latest request has the latest word.
      if (!stated || !isLatest) continue
      const isMiss = lacks && limits[name].isStated && departure.total.requests > totalAtMiss
      const miss = isMiss || (status === 429 ? undefined : false)
      const sentSince = total[name] - departure.total[name]
      limits[name].state(stated, { sentSince, miss, maxWaitMs: departure.maxWaitMs }, now)
    }
    if (rateLimit && isLatest) statedBy = departure.total.requests
    if (isExplained) totalAtMiss = total.requests
    return isExplained
  }

  const slowDown = ({ total: { requests }, isBelow }: Departure, until: number, now: number): void => {
    const isFirst = requests > totalAtCut
    if (isFirst) totalAtCut = total.requests
    if (isFirst && until > now) state.cooldowns += 1
    const slowdown = learned.rateLimited(now, until, isBelow, isFirst)
    if (slowdown.isForRate) state.concurrency = Math.max(1, state.concurrency / 2)
    if (isFirst) spacing.close(Math.max(slowdown.until, now + 1 / learned.at(now)), slowdown.creditMs)
  }

  return {
    state,
    get hasRoom() {
      return state.inFlight < Math.floor(state.concurrency)
    },
    get areInTokens() {
      return limits.tokens.isStated
    },
    openAt: (tokens, now) => Math.max(cooldown.openAt, spacing.openAt, statedOpenAt(tokens, now)),
    putOffUntil(tokens, now) {
      const at = statedOpenAt(tokens, now)
      return Math.max(cooldown.openAt, at < Infinity ? at : now)
    },
    rate(now) {
      const { requests } = this.stated(now)
      const rates = [requests && requests.perMinute / 60_000, learned.isKnown && learned.at(now)]
      const known = rates.filter((rate) => typeof rate === 'number' && rate > 0) as number[]
      return known.length > 0 ? Math.min(...known) : undefined
    },
    stated: (now) => ({ requests: limits.requests.read(now), tokens: limits.tokens.read(now) }),
    sent(demand, now) {
      state.inFlight += 1
      total.requests += 1
      total.tokens += demand.tokens
      limits.requests.take(1)
      limits.tokens.take(demand.tokens)
      spacing.take(now, 1 / learned.at(now))
      return { ...demand, total: { ...total }, isBelow: learned.sent(now) }
    },
    over(departure, outcome, now) {
      const { status, retryAfterMs = 0, rateLimit } = outcome
      state.inFlight -= 1
      const isExplained = readLimits(departure, outcome, now)
      if (retryAfterMs > 0) cooldown.close(now + retryAfterMs)
      if (status === 429) {
        state.rateLimited += 1
        if (!isExplained) slowDown(departure, now + retryAfterMs, now)
      } else if (status !== undefined && status < 400) {
        state.concurrency = Math.min(concurrency, state.concurrency + 1 / state.concurrency)
        learned.admitted(now, departure.isBelow, rateLimit?.overLimit !== true)
      }
    },
  }
}
