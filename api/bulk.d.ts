// The public API, written by `npm run api`. Any change to it needs a changeset.

import { RankOptions, RankWithUsage, RateLimiter, RerankClient, TextOptions } from '../index.js'

interface AdaptiveRateLimiter extends RateLimiter {
  readonly state: RateLimiterState
  readonly concurrency: number
}

interface DocumentsJob extends Query {
  documents: Iterable<string>
  items?: undefined
}

interface FailedJob<Job> {
  job: Job
  error: Error
  ranked?: undefined
  usage?: undefined
  ids?: undefined
}

type ItemOf<Job> = Job extends Pick<ItemsJob<infer Item>, 'items'> ? Item : string

interface ItemsJob<Item = string> extends Query {
  items: Iterable<Item>
  documents?: undefined
}

type Jobs<Job> = Iterable<Job> | AsyncIterable<Job>

type Outcomes<Job> = AsyncGenerator<RankOutcome<Job>, void, undefined>

interface Query {
  id?: unknown
  query: string
  topN?: number | undefined
}

type RankJob<Item = string> = DocumentsJob | ItemsJob<Item>

interface RankManyOptions<Item>
  extends
    Omit<RankOptions<Item>, 'onProgress' | 'fields' | keyof RunOptions>,
    RateLimiterOptions,
    RunOptions {}

type RankOutcome<Job> = RankedJob<Job> | FailedJob<Job>

interface RankedJob<Job> extends RankWithUsage<ItemOf<Job>> {
  job: Job
  error?: undefined
}

interface RateLimiterOptions {
  concurrency?: number | undefined
  requestsPerMinute?: number | undefined
  tokensPerMinute?: number | undefined
}

interface RateLimiterState {
  inFlight: number
  waiting: number
  requests: ServiceLimit | undefined
  tokens: ServiceLimit | undefined
  requestsPerMinute: number | undefined
  rateLimited: number
  cooldownMs: number
}

interface RunOptions {
  concurrency?: number | undefined
  ordered?: boolean | undefined
  rateLimiter?: RateLimiter | undefined
  maxRetries?: number | undefined
  maxRetryAfterMs?: number | undefined
}

interface ServiceLimit {
  limit: number
  level: number
  perMinute: number
}

declare function createRateLimiter(options?: RateLimiterOptions): AdaptiveRateLimiter

declare function estimateRequestTokens(query: string, documents: readonly string[]): number

declare function rankMany<Job extends RankJob>(
  client: RerankClient,
  jobs: Jobs<Job>,
  options?: RankManyOptions<ItemOf<Job>>,
): Outcomes<Job>

declare function rankMany<Job extends RankJob<unknown>>(
  client: RerankClient,
  jobs: Jobs<Job>,
  options: RankManyOptions<ItemOf<Job>> & Pick<TextOptions<ItemOf<Job>>, 'text'>,
): Outcomes<Job>

export {
  type AdaptiveRateLimiter,
  type DocumentsJob,
  type FailedJob,
  type ItemOf,
  type ItemsJob,
  type RankJob,
  type RankManyOptions,
  type RankOutcome,
  type RankedJob,
  type RateLimiterOptions,
  type RateLimiterState,
  type ServiceLimit,
  createRateLimiter,
  estimateRequestTokens,
  rankMany,
}
