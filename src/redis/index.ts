export type { Evaluate, IoRedis, NodeRedis, RedisConnection } from './connection.ts'
export { createRedisRateLimiter } from './rate-limiter.ts'
export type { RedisRateLimiter, RedisRateLimiterOptions, RedisRateLimiterState } from './rate-limiter.ts'
