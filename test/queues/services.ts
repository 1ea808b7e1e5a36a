import { Redis } from 'ioredis'
import { createRerankClient } from '../../src/index.ts'
import type { RateLimiter, RateLimitRequest, RerankClient } from '../../src/index.ts'
import { RateLimitError } from '../../src/index.ts'

/** A request for a lease, as a client makes it. */
export const REQUEST: RateLimitRequest = {
  query: 'q',
  documents: ['d'],
  model: 'm',
  serviceTier: undefined,
  account: 1,
  attempt: 1,
  maxWaitMs: Infinity,
  tooLong: (retryAfterMs) => new RateLimitError(`wait ${retryAfterMs} ms`, { attempts: 0, retryAfterMs }),
}

/** A connection that says nothing of what fails: the tests do that. */
export function connect(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null })
  redis.on('error', () => undefined)
  return redis
}

export function clientOf(baseUrl: string, rateLimiter?: RateLimiter): RerankClient {
  return createRerankClient({ baseUrl, apiKey: null, ...(rateLimiter && { rateLimiter }) })
}
