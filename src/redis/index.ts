/**
 * A rate limiter that many processes share through Redis or Valkey.
 *
 * @module nebius-rerank/redis
 */

export type { Evaluate, IoRedis, NodeRedis, RedisConnection } from './connection.ts'
export { createRedisRateLimiter } from './rate-limiter.ts'
export type { RedisRateLimiter, RedisRateLimiterOptions, RedisRateLimiterState } from './rate-limiter.ts'
