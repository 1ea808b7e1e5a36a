import { createRateLimiter } from '../bulk/index.ts'
import type { RateLimiterOptions } from '../bulk/index.ts'
import type { Lease, RateLimiter, RateLimitRequest } from '../index.ts'
import { evaluate } from './connection.ts'
import type { RedisConnection } from './connection.ts'
import { createLine } from './line.ts'
import type { Line } from './line.ts'

/** Options of {@link createRedisRateLimiter}. `requestsPerMinute` and `tokensPerMinute` apply to all processes together. */
export interface RedisRateLimiterOptions extends RateLimiterOptions {
  /** The connection: ioredis (also a Cluster), node-redis, or an object with `eval(script, keys, args)`. */
  redis: RedisConnection
  /** The prefix of the Redis keys. Processes with the same prefix share their limits. @default 'nebius-rerank' */
  key?: string | undefined
  /** Lets the requests of other processes go first, such as single calls. Use it for bulk runs. @default false */
  isBackground?: boolean | undefined
  /** Called with the error when Redis becomes unreachable. Until it is back, this process limits itself. @default undefined */
  onError?: ((reason: unknown) => void) | undefined
}

/** A rate limiter whose limits are shared by all processes with the same Redis and key. */
export interface RedisRateLimiter extends RateLimiter {
  /** The most requests of this process in flight. */
  readonly concurrency: number
  /** The current state, for a progress line and for metrics. */
  readonly state: RedisRateLimiterState
}

/** The current state of a {@link RedisRateLimiter} in this process. */
export interface RedisRateLimiterState {
  /** True if the limit is shared; false while Redis is unreachable. */
  isShared: boolean
  /** Requests of this process in flight. */
  inFlight: number
  /** Requests of this process that wait for a lease. */
  waiting: number
  /** The rate of all processes together, in requests per minute, for the model of the last request. */
  requestsPerMinute: number | undefined
  /** Attempts of this process that were rate-limited (429). */
  rateLimited: number
  /** Milliseconds that remain of the wait that the service asked for. */
  cooldownMs: number
  /** Round trips of this process to Redis. */
  roundTrips: number
}

/**
 * Makes a rate limiter that many processes and machines share through Redis or Valkey.
 *
 * - The limits are `requestsPerMinute` and `tokensPerMinute`, or those that responses state (`x-ratelimit-*-requests`), or
 *   a rate that is learned from 429s. What remains of a stated limit is used up at once at first. Each model and service
 *   tier has its own limits.
 * - A 429 with `Retry-After` makes all processes wait. Unlike the rate limiter of `nebius-rerank/bulk`, this one lowers a
 *   learned rate after every 429, even one that came by chance.
 * - A process reserves a few slots at a time, for at most the next 200 ms, or 75 ms with `isBackground`. If a process
 *   crashes, the others lose no more than these slots.
 * - While Redis is unreachable, or takes longer than half a second, each process uses its own rate limiter, at its last
 *   rate. It returns to the shared limits by itself.
 *
 * No Redis client is imported. Each model has one key, as a Redis Cluster requires. A key expires after an hour.
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
    throw new TypeError(`redis must be a connection of ioredis or node-redis, got ${typeof redis}`)
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
  /** The average time from one request of this process to the next. */
  let gapMs = 0
  let sent = 0
  let sentAt = 0
  let triedAt = 0

  const lineOf = ({ model, serviceTier = '' }: RateLimitRequest): Line => {
    const name = `${key}:${serviceTier}:${model}`
    /** Runs a script, and notes whether Redis is reachable. */
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
      // All processes lose Redis at the same time, so each continues at its share of the rate.
      const requestsPerMinute = Math.min(60_000 / gapMs, limits.requestsPerMinute ?? Infinity)
      own = createRateLimiter({ ...limits, requestsPerMinute })
      state.isShared = false
      try {
        onError?.(reason)
      } catch {
        // A call does not fail because of it.
      }
    }
    for (const line of lines.values()) line.dismiss()
  }
  /** A lease whose request counts as in flight. */
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
      // No call waits for the result.
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

/** The time ahead for which slots are reserved. A shorter time gives precedence to the others. */
const AHEAD_MS = 200
const BACKGROUND_MS = 75

/** The average covers about this many requests. */
const MEMORY = 50

/** The time between two tries to reach Redis again. All processes should be back within two seconds. */
const RETRY_MS = 500
