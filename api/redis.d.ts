// The public API, written by `npm run api`. Any change to it needs a changeset.

import { RateLimiter } from '../index.js'

import { RateLimiterOptions } from '../bulk/index.js'

type Evaluate = (script: string, keys: string[], args: string[]) => Promise<unknown>

interface IoRedis {
  eval(script: string, numberOfKeys: number, ...keysAndArgs: string[]): Promise<unknown>
  defineCommand: (...args: never[]) => unknown
}

interface NodeRedis {
  eval(
    script: string,
    options: {
      keys: string[]
      arguments: string[]
    },
  ): Promise<unknown>
  sendCommand: (...args: never[]) => unknown
}

type RedisConnection =
  | IoRedis
  | NodeRedis
  | {
      eval: Evaluate
    }

interface RedisRateLimiter extends RateLimiter {
  readonly concurrency: number
  readonly state: RedisRateLimiterState
}

interface RedisRateLimiterOptions extends RateLimiterOptions {
  redis: RedisConnection
  key?: string | undefined
  isBackground?: boolean | undefined
  onError?: ((reason: unknown) => void) | undefined
}

interface RedisRateLimiterState {
  isShared: boolean
  inFlight: number
  waiting: number
  requestsPerMinute: number | undefined
  rateLimited: number
  cooldownMs: number
  roundTrips: number
}

declare function createRedisRateLimiter(options: RedisRateLimiterOptions): RedisRateLimiter

export {
  type Evaluate,
  type IoRedis,
  type NodeRedis,
  type RedisConnection,
  type RedisRateLimiter,
  type RedisRateLimiterOptions,
  type RedisRateLimiterState,
  createRedisRateLimiter,
}
