/**
 * One rate limiter for many processes, in Redis or Valkey.
 *
 * @module nebius-rerank/redis
 */

export type { Evaluate, IoRedis, NodeRedis, RedisConnection } from './connection.ts'
export { createRedisRateLimiter } from './rate-limiter.ts'
export type { RedisRateLimiter, RedisRateLimiterOptions, RedisRateLimiterState } from './rate-limiter.ts'
