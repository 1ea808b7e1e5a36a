/**
 * Many rankings, as fast as the limits of the service allow.
 *
 * @module nebius-rerank/bulk
 */

export type { DocumentsJob, FailedJob, ItemOf, ItemsJob, RankedJob, RankJob, RankOutcome } from './job.ts'
export type { RateLimiterOptions } from './options.ts'
export { rankMany } from './rank-many.ts'
export type { RankManyOptions } from './rank-many.ts'
export { createRateLimiter } from './rate-limiter/rate-limiter.ts'
export type { RateLimiterState } from './rate-limiter/limits.ts'
export type { AdaptiveRateLimiter } from './rate-limiter/rate-limiter.ts'
export type { ServiceLimit } from './rate-limiter/stated-limit.ts'
export { estimateRequestTokens } from './request-tokens.ts'
