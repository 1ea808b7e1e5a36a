import { isRerankError, isRetryable } from '../index.ts'
import type { RankOptions, RerankClient } from '../index.ts'
import { property } from '../shared/property.ts'
import { assertObject, invalid, isFunction } from '../shared/validate.ts'
import type { Part, QueuedJob, QueuedResult, Whole } from './job-data.ts'

/** Options of {@link createRankProcessor}: those of ranking, for each job. */
export type RankProcessorOptions = Omit<RankOptions<string>, 'onProgress' | 'signal' | 'text'>

/** The part of a BullMQ job that the processor uses. */
export interface ProcessedJob {
  /** The data of the job: a {@link QueuedJob}, or what `rankOn` makes of one with many documents. */
  data: unknown
  /** Says how many documents are done. */
  updateProgress(progress: { done: number; total: number }): Promise<unknown>
  /** Puts the job off. */
  moveToDelayed(timestamp: number, token?: string): Promise<unknown>
  /** Reads what its parts returned. */
  getChildrenValues(): Promise<Record<string, unknown>>
  /** Reads why parts failed. */
  getIgnoredChildrenFailures(): Promise<Record<string, string>>
}

/** The function that a BullMQ `Worker` calls for each job. */
export type RankProcessor = (job: ProcessedJob, token?: string, signal?: AbortSignal) => Promise<QueuedResult>

/**
 * The wait of a job that was rate-limited to the last retry by a service that names no wait. A job whose worker closes
 * waits as long, since that worker would take it again at once.
 */
const DELAY_MS = 1000

/**
 * Makes a processor for a BullMQ `Worker` that ranks jobs: `{ id, query, documents, topN? }` in, `{ ranked, usage }` out.
 * Nothing of BullMQ is imported. Give all workers a client with one rate limiter of `nebius-rerank/redis`, which spaces their requests.
 *
 * - A job that is rate-limited to the last retry goes back to the queue for as long as the service asks, which costs none
 *   of its attempts; so does a job that is cancelled, as by `worker.close()` and then `worker.cancelAllJobs()`.
 * - What `isRetryable` says repeats by the job's `attempts` and `backoff`; anything else fails for good.
 * - The reason of a failed job is the JSON of its error: `rerankErrorFrom(JSON.parse(job.failedReason))`.
 *
 * A worker that is killed leaves its jobs stalled: give `maxStalledCount`, or the second such job fails.
 *
 * @throws TypeError for a client that is none, or for options that are not an object
 * @example
 * const rateLimiter = createRedisRateLimiter({ redis: connection, isBackground: true })
 * const client = createRerankClient({ rateLimiter })
 * new Worker('rerank', createRankProcessor(client), { connection, concurrency: 16, maxStalledCount: 10 })
 */
export function createRankProcessor(client: RerankClient, options: RankProcessorOptions = {}): RankProcessor {
  if (!isFunction(property(client, 'rank'))) {
    invalid('client', 'a client made by createRerankClient', client)
  }
  assertObject('options', options)
  return async (job, token, signal) => {
    const data = job.data as (QueuedJob & Partial<Part>) | Whole
    if ('isWhole' in data) {
      const [failure] = Object.values(await job.getIgnoredChildrenFailures())
      if (failure !== undefined) throw named('UnrecoverableError', failure)
      return merge(Object.values(await job.getChildrenValues()), data.topN ?? options.topN)
    }
    try {
      const { query, documents, topN = options.topN, offset = 0 } = data
      const { ranked, usage } = await client.rank.withUsage(query, documents, {
        ...options,
        topN,
        signal,
        onProgress: ({ done, total }) => {
          if (done < total) job.updateProgress({ done, total }).catch(() => undefined)
        },
      })
      return { ranked: ranked.map(({ index, score }) => ({ index: index + offset, score })), usage }
    } catch (reason) {
      if (signal?.aborted || isRerankError(reason, 'rate_limit')) {
        const ms = (Number(property(reason, 'retryAfterMs')) || DELAY_MS) * (1 + Math.random() / 4)
        await job.moveToDelayed(Date.now() + ms, token)
        throw named('DelayedError', 'bullmq:movedToDelayed')
      }
      const name = isRerankError(reason) && isRetryable(reason) ? 'Error' : 'UnrecoverableError'
      const json = JSON.stringify(isRerankError(reason) ? reason : { message: messageOf(reason) })
      throw named(name, json, reason)
    }
  }
}

/** Scores of separate requests compare: each is of its query and its document alone. */
function merge(values: readonly unknown[], topN: number | undefined): QueuedResult {
  const parts = values as QueuedResult[]
  const ranked = parts.flatMap((part) => part.ranked).sort((a, b) => b.score - a.score || a.index - b.index)
  const sum = (of: 'prompt_tokens' | 'total_tokens'): number =>
    parts.reduce((n, { usage }) => n + usage[of], 0)
  const usage = { prompt_tokens: sum('prompt_tokens'), total_tokens: sum('total_tokens') }
  return { ranked: ranked.slice(0, topN), usage }
}

/** BullMQ knows errors by their names, and keeps their messages alone. */
function named(name: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name })
}

function messageOf(reason: unknown): string {
  const message = property(reason, 'message')
  return typeof message === 'string' ? message : String(reason)
}
