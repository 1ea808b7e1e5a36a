import { createRateLimiter } from '../bulk/index.ts'
import type { RateLimiterOptions } from '../bulk/index.ts'
import type { Lease, RateLimiter, RateLimitRequest } from '../index.ts'
import { evaluator } from './connection.ts'
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
  /** Milliseconds until the next request may be sent, where all have to wait. */
  cooldownMs: number
  /** Scripts that this process has run: round trips to Redis. */
  roundTrips: number
}

/**
 * Makes a rate limiter that many processes and machines share by way of Redis or Valkey: one limit, one cooldown.
 *
 * - The limit is `requestsPerMinute` and `tokensPerMinute`, or what responses state (`x-ratelimit-*-requests`), or what
 *   429s teach. A stated bucket is used up as a burst at first. Limits are kept for each model and service tier.
 * - A 429 with `Retry-After` makes all processes wait.
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
  if (typeof redis.eval !== 'function')
    throw new TypeError('redis must be a connection of ioredis or node-redis')
  // Checks the limits as well.
  let own = createRateLimiter(limits)
  const evaluate = evaluator(redis)
  const lines = new Map<string, Line>()
  const state = { isShared: true, inFlight: 0, rateLimited: 0, roundTrips: 0 }
  /** When the last requests were sent. */
  let recent: number[] = []
  let last: Line | undefined
  let triedAt = -Infinity

  const onGrant = (): void => void (state.inFlight += 1)
  const lineOf = ({ model, serviceTier = '' }: RateLimitRequest): Line => {
    const name = `${key}:${serviceTier}:${model}`
    let line = lines.get(name)
    if (!line) {
      const run = (script: string, args: readonly number[]): Promise<unknown> => {
        state.roundTrips += 1
        return evaluate(script, [name], args.map(String))
      }
      line = createLine({
        ...limits,
        run,
        isBackground,
        hasRoom: () => state.inFlight < own.concurrency,
        onGrant,
        leave,
      })
      lines.set(name, line)
    }
    return (last = line)
  }
  const leave = (reason: unknown): void => {
    if (state.isShared) {
      // All processes lose Redis together, and each goes on with its share.
      const perMinute = (60_000 * (recent.length - 1)) / ((recent.at(-1) ?? 0) - (recent[0] ?? 0))
      const { requestsPerMinute = Infinity } = limits
      if (recent.length > ENOUGH) {
        own = createRateLimiter({ ...limits, requestsPerMinute: Math.min(perMinute, requestsPerMinute) })
      }
      state.isShared = false
      onError?.(reason)
    }
    triedAt = performance.now()
    for (const line of lines.values()) line.dismiss()
  }
  /** Asks whether Redis is back, while nobody waits for that. */
  const tryAgain = (line: Line): void => {
    if (performance.now() - triedAt < RETRY_MS) return
    triedAt = performance.now()
    line.ping().then(
      () => (state.isShared = true),
      () => undefined,
    )
  }
  /** A lease of one that is counted as in flight. */
  const counted = (lease: Lease): Lease => {
    recent = [...recent.slice(1 - MEMORY), performance.now()]
    let isOver = false
    return {
      release(outcome) {
        if (isOver) return
        isOver = true
        state.inFlight -= 1
        if (outcome.status === 429) state.rateLimited += 1
        lease.release(outcome)
        for (const line of lines.values()) line.serve()
      },
    }
  }

  return {
    concurrency: own.concurrency,
    spacesRetries: true,
    async acquire(request, signal) {
      signal.throwIfAborted()
      const line = lineOf(request)
      const lease = state.isShared ? await line.acquire(request, signal) : undefined
      if (lease) return counted(lease)
      tryAgain(line)
      const ownLease = await own.acquire(request, signal)
      onGrant()
      return counted(ownLease)
    },
    get state() {
      const waiting = [...lines.values()].reduce((sum, line) => sum + line.waiting, 0)
      return {
        ...state,
        waiting,
        requestsPerMinute: last?.perMs && last.perMs * 60_000,
        cooldownMs: last?.cooldownMs ?? 0,
      }
    },
  }
}

/** So many requests at most, and more than so many at least, show the rate of a process. */
const MEMORY = 50
const ENOUGH = 5

/** The time between two tries to reach Redis again: several within the two seconds in which all are to return. */
const RETRY_MS = 500
