import { createRerankClient } from 'nebius-rerank'
import { createRedisRateLimiter } from 'nebius-rerank/redis'
import type { RedisRateLimiter, RedisRateLimiterState } from 'nebius-rerank/redis'

const redis = { eval: async (script: string, keys: string[], args: string[]) => [script, ...keys, ...args] }
const rateLimiter: RedisRateLimiter = createRedisRateLimiter({ redis, key: 'rerank', requestsPerMinute: 600 })
export const client = createRerankClient({ apiKey: 'key', rateLimiter })
export const state: RedisRateLimiterState = rateLimiter.state

// @ts-expect-error it needs a connection
createRedisRateLimiter({ key: 'rerank' })
