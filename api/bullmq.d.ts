// The public API, written by `npm run api`. Any change to it needs a changeset.

import { RankOptions, RankedItem, RerankClient, RerankUsage } from '../index.js'

interface EntryOptions {
  attempts: number
  backoff: {
    type: string
    delay: number
    jitter: number
  }
}

interface FlowLike {
  addBulk(
    flows: (QueueEntry & {
      queueName: string
      children: QueuePart[]
    })[],
  ): Promise<unknown>
}

interface ProcessedJob {
  data: unknown
  updateProgress(progress: { done: number; total: number }): Promise<unknown>
  moveToDelayed(timestamp: number, token?: string): Promise<unknown>
  getChildrenValues(): Promise<Record<string, unknown>>
  getIgnoredChildrenFailures(): Promise<Record<string, string>>
}

interface QueueEntry {
  name: string
  data: object
  opts: EntryOptions & {
    jobId: string
  }
}

interface QueueLike {
  readonly name: string
  addBulk(jobs: QueueEntry[]): Promise<unknown>
  getJobs(types: ('completed' | 'failed')[], start: number, end: number, asc: boolean): Promise<SettledJob[]>
  getJobCounts(): Promise<Record<string, number>>
}

type QueueOutcome<Job> =
  | {
      job: Job
      ranked: RankedItem<string>[]
      usage: RerankUsage
      error?: undefined
    }
  | {
      job: Job
      error: Error
      ranked?: undefined
      usage?: undefined
    }

interface QueuePart {
  name: string
  queueName: string
  data: object
  opts: EntryOptions & {
    ignoreDependencyOnFailure: true
    removeOnComplete: true
    removeOnFail: true
  }
}

interface QueuedJob {
  id: string | number
  query: string
  documents: readonly string[]
  topN?: number | undefined
}

interface QueuedResult {
  ranked: {
    index: number
    score: number
  }[]
  usage: RerankUsage
}

interface RankOnOptions<Job> {
  isDone?: ((job: Job) => boolean) | undefined
  mostOnQueue?: number | undefined
  pollMs?: number | undefined
  attempts?: number | undefined
  flow?:
    | {
        producer: FlowLike
        documentsPerJob: number
      }
    | undefined
  signal?: AbortSignal | undefined
}

type RankProcessor = (job: ProcessedJob, token?: string, signal?: AbortSignal) => Promise<QueuedResult>

type RankProcessorOptions = Omit<RankOptions<string>, 'onProgress' | 'signal' | 'text'>

interface SettledJob {
  id?: string | undefined
  returnvalue: unknown
  failedReason?: string | undefined
  remove(): Promise<unknown>
}

declare function createRankProcessor(client: RerankClient, options?: RankProcessorOptions): RankProcessor

declare function rankOn<Job extends QueuedJob>(
  queue: QueueLike,
  jobs: Iterable<Job> | AsyncIterable<Job>,
  options?: RankOnOptions<Job>,
): AsyncGenerator<QueueOutcome<Job>, void, undefined>

export {
  type FlowLike,
  type ProcessedJob,
  type QueueEntry,
  type QueueLike,
  type QueueOutcome,
  type QueuePart,
  type QueuedJob,
  type QueuedResult,
  type RankOnOptions,
  type RankProcessor,
  type RankProcessorOptions,
  type SettledJob,
  createRankProcessor,
  rankOn,
}
