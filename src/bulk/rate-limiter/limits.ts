import type { LeaseOutcome, RateLimit } from '../../index.ts'
import { createLane } from './lane.ts'
import type { LimiterSettings } from './options.ts'
import { createLearnedRate } from './learned-rate.ts'
import { createWindows } from './windows.ts'

/** How many requests may be under way, and when the next may leave. Times are milliseconds. */
export interface Limits {
  readonly state: LimitsState
  /** Whether one more request may be under way. */
  readonly hasRoom: boolean
  /** Whether any limit is in tokens; where none is, they need not be counted. */
  readonly areInTokens: boolean
  /** When a request of so many tokens may leave; Infinity where that hangs on those in flight. */
  openAt(tokens: number, now: number): number
  /** Until when the service itself puts it off: by a wait that it asked for, or a window that it calls exhausted. */
  putOffUntil(tokens: number, now: number): number
  /** Requests a millisecond; `undefined` while nothing was refused. */
  learnedRate(now: number): number | undefined
  /** A request leaves. */
  left(demand: Demand, now: number): Departure
  /** A request is over. */
  over(departure: Departure, result: LeaseOutcome, now: number): void
}

/** What a request takes. */
export interface Demand {
  readonly tokens: number
  /** How long it lets the service put it off. */
  readonly maxWaitMs: number
}

/** What had left when a request did, itself included. */
export type Departure = Readonly<Record<keyof RateLimit, number>> & Pick<Demand, 'maxWaitMs'>

/** How things stand with {@link Limits}. */
export interface LimitsState {
  inFlight: number
  /** How many may be in flight; between whole numbers while it rises. */
  concurrency: number
  rateLimited: number
  cooldowns: number
}

const MINUTE_MS = 60_000

/** The caller's limits, with those that are learned from what becomes of the requests. */
export function createLimits({ concurrency, requestsPerMinute, tokensPerMinute }: LimiterSettings): Limits {
  const own = { requests: requestsPerMinute, tokens: tokensPerMinute }
  const learned = createLearnedRate()
  const cooldown = createLane()
  const lanes = { learned: createLane(), requests: createLane(), tokens: createLane() }
  const sent = { requests: 0, tokens: 0 }
  const windows = createWindows(sent, (name) => own[name] === Infinity)
  const state = {
    inFlight: 0,
    concurrency,
    rateLimited: 0,
    cooldowns: 0,
  }
  /** How many had left at the last refusal: where more of those are refused, that is nothing new. */
  let leftAtRefusal = 0

  const windowAt = (tokens: number, now: number): number =>
    windows.openAt({ requests: 1, tokens }, now, state.inFlight)

  const refuse = ({ requests }: Departure, now: number, until: number): void => {
    state.rateLimited += 1
    if (requests <= leftAtRefusal) {
      learned.refusedToo(now, until)
      return
    }
    leftAtRefusal = sent.requests
    if (until > now) state.cooldowns += 1
    state.concurrency = Math.max(1, state.concurrency / 2)
    lanes.learned.close(Math.max(learned.refused(now, until), now + 1 / learned.at(now)))
  }

  return {
    state,
    get hasRoom() {
      return state.inFlight < Math.floor(state.concurrency)
    },
    get areInTokens() {
      return own.tokens < Infinity || windows.areInTokens
    },
    openAt: (tokens, now) =>
      Math.max(
        cooldown.openAt,
        lanes.learned.openAt,
        lanes.requests.openAt,
        lanes.tokens.openAt,
        windowAt(tokens, now),
      ),
    putOffUntil(tokens, now) {
      const at = windowAt(tokens, now)
      return Math.max(cooldown.openAt, at < Infinity ? at : now)
    },
    learnedRate: (now) => (learned.isKnown ? learned.at(now) : undefined),
    left({ tokens, maxWaitMs }, now) {
      state.inFlight += 1
      sent.requests += 1
      sent.tokens += tokens
      lanes.learned.left(now, 1 / learned.at(now))
      lanes.requests.left(now, MINUTE_MS / own.requests)
      lanes.tokens.left(now, (MINUTE_MS / own.tokens) * tokens)
      learned.left(now)
      return { ...sent, maxWaitMs }
    },
    over(departure, { status, retryAfterMs = 0, rateLimit }, now) {
      state.inFlight -= 1
      if (rateLimit) windows.stated(rateLimit, departure, now, departure.maxWaitMs)
      if (retryAfterMs > 0) cooldown.close(now + retryAfterMs)
      if (status === 429) refuse(departure, now, now + retryAfterMs)
      else if (status !== undefined && status < 400) {
        state.concurrency = Math.min(concurrency, state.concurrency + 1 / state.concurrency)
        learned.admitted(now)
      }
    },
  }
}
