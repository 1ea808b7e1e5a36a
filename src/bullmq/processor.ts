import { isRerankError, isRetryable } from '../index.ts'
import type { RankOptions, RerankClient } from '../index.ts'
import { property } from '../shared/property.ts'
import { assertObject, invalid, isFunction } from '../shared/validate.ts'
import type { Part, QueuedJob, QueuedResult, Whole } from './job-data.ts'

/** Options of {@link createRankProcessor}: options of `rank` for each job. */
export type RankProcessorOptions = Omit<RankOptions<string>, 'onProgress' | 'signal' | 'text'>

/** The part of a BullMQ job that the processor uses. */
export interface ProcessedJob {
  /** The data of the job: a {@link QueuedJob}, or a part of one, made by `rankOn`. */
  data: unknown
  /** Reports the number of ranked documents. */
  updateProgress(progress: { done: number; total: number }): Promise<unknown>
  /** Delays the job until a time, in milliseconds since the epoch. */
  moveToDelayed(timestamp: number, token?: string): Promise<unknown>
  /** Returns the results of the job's parts. */
  getChildrenValues(): Promise<Record<string, unknown>>
  /** Returns the reasons why parts failed. */
  getIgnoredChildrenFailures(): Promise<Record<string, string>>
}

/** The function that a BullMQ `Worker` calls for each job. */
export type RankProcessor = (job: ProcessedJob, token?: string, signal?: AbortSignal) => Promise<QueuedResult>

/**
 * The wait of a job that is still rate-limited after all retries, if the service states no wait. A job whose worker closes
 * waits as long, because the worker would otherwise take it again at once.
 */
const DELAY_MS = 1000

/**
 * Makes a processor for a BullMQ `Worker`. A job `{ id, query, documents, topN? }` has the result `{ ranked, usage }`.
 * BullMQ is not imported. To share one rate limit, give the client of each worker a rate limiter of `nebius-rerank/redis`.
 *
 * - A job that is still rate-limited after all retries returns to the queue for as long as the service asks. This uses up
 *   none of its attempts. The same happens to a cancelled job, for example by `worker.cancelAllJobs()`.
 * - If `isRetryable` is true for its error, a job is repeated according to its `attempts` and `backoff`. Otherwise it fails.
 * - The reason of a failed job is the JSON of its error: `rerankErrorFrom(JSON.parse(job.failedReason))`.
 *
 * The jobs of a killed worker are stalled, and BullMQ fails a job that stalls more than `maxStalledCount` times. Its
 * default is 1, so set a higher number.
 *
 * @throws TypeError if `client` is not a client, or `options` is not an object
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

/** Merges the results of parts. Their scores are comparable, because each depends on its query and document alone. */
function merge(values: readonly unknown[], topN: number | undefined): QueuedResult {
  const parts = values as QueuedResult[]
  const ranked = parts.flatMap((part) => part.ranked).sort((a, b) => b.score - a.score || a.index - b.index)
  const sum = (of: 'prompt_tokens' | 'total_tokens'): number =>
    parts.reduce((n, { usage }) => n + usage[of], 0)
  const usage = { prompt_tokens: sum('prompt_tokens'), total_tokens: sum('total_tokens') }
  return { ranked: ranked.slice(0, topN), usage }
}

/** An error with a name, by which BullMQ recognises it. BullMQ keeps only its message. */
function named(name: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name })
}

function messageOf(reason: unknown): string {
  const message = property(reason, 'message')
  return typeof message === 'string' ? message : String(reason)
}
