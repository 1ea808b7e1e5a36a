import { Redis } from 'ioredis'
import { createRerankClient } from '../../src/index.ts'
import type { RateLimiter, RerankClient } from '../../src/index.ts'

/** A connection that says nothing of what fails: the tests do that. */
export function connect(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 500 })
  redis.on('error', () => undefined)
  return redis
}

export function clientOf(baseUrl: string, rateLimiter?: RateLimiter): RerankClient {
  return createRerankClient({ baseUrl, apiKey: null, ...(rateLimiter && { rateLimiter }) })
}
