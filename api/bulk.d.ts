// The public surface, written by `npm run api`. A change of it needs a changeset.

import {
  ItemOptions,
  Pace,
  PaceResult,
  PacedRequest,
  RankOptions,
  RankWithUsage,
  RerankClient,
} from '../index.js'

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

interface PaceOptions {
  concurrency?: number | undefined
  requestsPerMinute?: number | undefined
  tokensPerMinute?: number | undefined
}

interface PaceState {
  inFlight: number
  waiting: number
  concurrency: number
  requestsPerMinute: number | undefined
  refused: number
  cooldowns: number
  cooldownMs: number
}

interface Patience {
  maxRetries?: number | undefined
  maxRetryAfterMs?: number | undefined
}

interface Query {
  id?: unknown
  query: string
  topN?: number | undefined
}

type RankJob<Item = string> = DocumentsJob | ItemsJob<Item>

interface RankManyOptions<Item>
  extends Omit<RankOptions<Item>, 'concurrency' | 'onProgress' | keyof Patience>, PaceOptions, Patience {
  concurrency?: number | undefined
  ordered?: boolean | undefined
  pace?: Pace | undefined
}

type RankOutcome<Job> = RankedJob<Job> | FailedJob<Job>

interface RankedJob<Job> extends RankWithUsage<ItemOf<Job>> {
  job: Job
  error?: undefined
}

interface SharedPace extends Pace {
  readonly state: PaceState
  readonly concurrency: number
  enter(request: PacedRequest, signal?: AbortSignal): Promise<(result: PaceResult) => void>
}

declare function createPace(options?: PaceOptions): SharedPace

declare function rankMany<Job extends RankJob>(
  client: RerankClient,
  jobs: Jobs<Job>,
  options?: RankManyOptions<ItemOf<Job>>,
): Outcomes<Job>

declare function rankMany<Job extends RankJob<unknown>>(
  client: RerankClient,
  jobs: Jobs<Job>,
  options: RankManyOptions<ItemOf<Job>> & Pick<ItemOptions<ItemOf<Job>>, 'text'>,
): Outcomes<Job>

export {
  type DocumentsJob,
  type FailedJob,
  type ItemOf,
  type ItemsJob,
  type PaceOptions,
  type PaceState,
  type RankJob,
  type RankManyOptions,
  type RankOutcome,
  type RankedJob,
  type SharedPace,
  createPace,
  rankMany,
}
