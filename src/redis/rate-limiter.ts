import { createRateLimiter } from '../bulk/index.ts'
import type { RateLimiterOptions } from '../bulk/index.ts'
import type { Lease, RateLimiter, RateLimitRequest } from '../index.ts'
import { evaluate } from './connection.ts'
import type { RedisConnection } from './connection.ts'
import { createLine } from './line.ts'
import type { Line } from './line.ts'

/** Options of {@link createRedisRateLimiter}; `requestsPerMinute` and `tokensPerMinute` are those of all processes together. */
export interface RedisRateLimiterOptions extends RateLimiterOptions {
  /** The connection: ioredis (a Cluster, too), node-redis, or an object with `eval(script, keys, args)`. */
  redis: RedisConnection
  /** The beginning of the keys. Processes with the same one share a limit. @default 'nebius-rerank' */
  key?: string | undefined
  /** Lets requests of others, such as single calls of a web server, go first: for bulk runs. @default false */
  isBackground?: boolean | undefined
  /** Called with the reason when Redis is away: until it is back, this process has a rate limiter of its own. */
  onError?: ((reason: unknown) => void) | undefined
}

/** A rate limiter whose limit is shared by all processes that use the same Redis and key. */
export interface RedisRateLimiter extends RateLimiter {
  /** The most requests of this process in flight at once. */
  readonly concurrency: number
  /** The present state, for a progress line and for metrics. */
  readonly state: RedisRateLimiterState
}

/** The present state of a {@link RedisRateLimiter}, as this process knows it. */
export interface RedisRateLimiterState {
  /** Tells whether the limit is shared: not while Redis is away. */
  isShared: boolean
  /** Requests of this process in flight. */
  inFlight: number
  /** Requests of this process that wait for a lease. */
  waiting: number
  /** The rate of all processes together, in requests a minute, of the model last asked for. */
  requestsPerMinute: number | undefined
  /** Attempts of this process that were rate-limited (429). */
  rateLimited: number
  /** Milliseconds that are left of the wait that the service asked for. */
  cooldownMs: number
  /** Scripts that this process has run: round trips to Redis. */
  roundTrips: number
}

/**
 * Makes a rate limiter that many processes and machines share by way of Redis or Valkey: one limit, one cooldown.
 *
 * - The limit is `requestsPerMinute` and `tokensPerMinute`, or what responses state (`x-ratelimit-*-requests`), or what
 *   429s teach. A stated bucket is used up as a burst at first. Limits are kept for each model and service tier.
 * - A 429 with `Retry-After` makes all processes wait. Requests that are rate-limited by chance lower a learned rate, too:
 *   the rate limiter of `nebius-rerank/bulk` tells them from others, this one does not.
 * - A process asks for a few slots at a time, for the next 200 ms at most, and 75 ms with `isBackground`. One
 *   that dies costs the others no more.
 * - While Redis is away, or takes longer than half a second, each process goes on by a rate limiter of its own, at the rate
 *   that it had. It comes back by itself.
 *
 * Nothing is imported of a Redis client. Each model is one key, so that a Redis Cluster works; a key lasts for an hour.
 *
 * @throws TypeError for an invalid option
 * @example
 * import { Redis } from 'ioredis'
 *
 * const rateLimiter = createRedisRateLimiter({ redis: new Redis('redis://localhost'), key: 'rerank' })
 * const client = createRerankClient({ rateLimiter })
 */
export function createRedisRateLimiter(options: RedisRateLimiterOptions): RedisRateLimiter {
  const { redis, key = 'nebius-rerank', isBackground = false, onError, ...limits } = options
  if (typeof (redis as RedisConnection | undefined)?.eval !== 'function')
    throw new TypeError(`redis must be a connection with eval, got ${typeof redis}`)
  // Checks the limits as well.
  let own = createRateLimiter(limits)
  const { concurrency } = own
  const lines = new Map<string, Line>()
  const aheadMs = isBackground ? BACKGROUND_MS : AHEAD_MS
  const state = {
    isShared: true,
    inFlight: 0,
    waiting: 0,
    requestsPerMinute: undefined as number | undefined,
    rateLimited: 0,
    coolUntil: 0,
    roundTrips: 0,
  }
  /** The time from one request of this process to the next, on average. */
  let gapMs = 0
  let sent = 0
  let sentAt = 0
  let triedAt = 0

  const lineOf = ({ model, serviceTier = '' }: RateLimitRequest): Line => {
    const name = `${key}:${serviceTier}:${model}`
    /** Notes whether Redis is there. */
    const run = (script: string, args: readonly unknown[]) => {
      state.roundTrips += 1
      return evaluate(redis, script, name, args).then((result) => {
        state.isShared = true
        return result
      }, leave)
    }
    const line = lines.get(name) ?? createLine({ ...limits, run, aheadMs, concurrency, state })
    lines.set(name, line)
    return line
  }
  const leave = (reason: unknown): undefined => {
    if (state.isShared) {
      // All processes lose Redis together, and each goes on with its share.
      const requestsPerMinute = Math.min(60_000 / gapMs, limits.requestsPerMinute ?? Infinity)
      own = createRateLimiter({ ...limits, requestsPerMinute })
      state.isShared = false
      try {
        onError?.(reason)
      } catch {
        // It breaks no call.
      }
    }
    for (const line of lines.values()) line.dismiss()
  }
  /** A lease of one that is counted as in flight. */
  const counted = (lease: Lease): Lease => {
    const now = performance.now()
    if (sent > 0) gapMs += (now - sentAt - gapMs) / Math.min(sent, MEMORY)
    sent += 1
    sentAt = now
    return {
      release(outcome) {
        state.inFlight -= 1
        if (outcome.status === 429) state.rateLimited += 1
        lease.release(outcome)
        for (const line of lines.values()) line.serve()
      },
    }
  }

  return {
    concurrency,
    spacesRetries: true,
    async acquire(request, signal) {
      signal.throwIfAborted()
      const line = lineOf(request)
      const lease = state.isShared ? await line.acquire(request, signal) : undefined
      if (lease) return counted(lease)
      // Nobody waits for whether Redis is back.
      if (performance.now() - triedAt > RETRY_MS) {
        triedAt = performance.now()
        void line.ask()
      }
      const ownLease = await own.acquire(request, signal)
      state.inFlight += 1
      return counted(ownLease)
    },
    get state() {
      const { coolUntil, ...rest } = state
      return { ...rest, cooldownMs: Math.max(0, coolUntil - performance.now()) }
    },
  }
}

/** The time ahead for which slots are given: those in the background come after others. */
const AHEAD_MS = 200
const BACKGROUND_MS = 75

/** The average is that of so many requests, more or less. */
const MEMORY = 50

/** The time between two tries to reach Redis again: several within the two seconds in which all are to return. */
const RETRY_MS = 500
