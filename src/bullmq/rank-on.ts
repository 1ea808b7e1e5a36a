import { rerankErrorFrom } from '../index.ts'
import type { RankedItem, RerankUsage } from '../index.ts'
import { property } from '../shared/property.ts'
import { assertObject, invalid, isFunction, WHOLE } from '../shared/validate.ts'
import { addJobs, assertJob } from './entries.ts'
import type { AddOptions } from './entries.ts'
import { jobIdOf } from './job-data.ts'
import type { QueuedJob, QueuedResult } from './job-data.ts'
import { patiently, pause } from './patience.ts'
import type { FlowLike, QueueLike, SettledJob } from './queue.ts'
import { createSource } from './source.ts'

/** Options of {@link rankOn}. */
export interface RankOnOptions<Job> {
  /** Returns true for a job whose outcome an earlier run has saved. The job is not added. @default () => false */
  isDone?: ((job: Job) => boolean) | undefined
  /** The most jobs on the queue: a whole number, 1 or more. @default 500 */
  mostOnQueue?: number | undefined
  /** Milliseconds between checks for outcomes, while there are none. @default 100 */
  pollMs?: number | undefined
  /** The attempts of a job, without rate-limited ones. The back-off begins with 500 ms. @default 8 */
  attempts?: number | undefined
  /** Splits jobs of more than `documentsPerJob` documents into parts for several workers. @default undefined: no splitting */
  flow?: { producer: FlowLike; documentsPerJob: number } | undefined
  /** Ends the collection, which then throws `signal.reason`. The jobs stay on the queue. @default undefined */
  signal?: AbortSignal | undefined
}

/** The outcome of a job, as for `rankMany`: either `ranked` or `error` is set. */
export type QueueOutcome<Job> =
  | { job: Job; ranked: RankedItem<string>[]; usage: RerankUsage; error?: undefined }
  | { job: Job; error: Error; ranked?: undefined; usage?: undefined }

interface Settings<Job> extends AddOptions {
  isDone: (job: Job) => boolean
  mostOnQueue: number
  pollMs: number
  signal: AbortSignal | undefined
}

/** The most outcomes to take from the queue at once. */
const AT_A_TIME = 100
/** After this many checks of an empty queue, the queue has lost the jobs without an outcome. */
const LOOKS = 3

/**
 * Adds jobs to a BullMQ queue, and yields the outcome of each job exactly once, as `rankMany` does. It takes a job from
 * `jobs` only when the queue has room. Save each outcome before you ask for the next one, because it is then removed from
 * the queue. If this process is killed, start again with `isDone` and the same jobs in the same order. If the queue loses
 * jobs, for example by FLUSHALL or a restart of a Redis without persistence, they are added again.
 *
 * A queue can be used by one call at a time, because outcomes of jobs that others added are removed.
 *
 * If `jobs` throws, `rankOn` throws the same error after the outcomes of the jobs before.
 *
 * @throws TypeError for an invalid option
 * @example
 * const queue = new Queue('rerank', { connection })
 * for await (const { job, ranked, error } of rankOn(queue, jobs)) {
 *   if (error) console.error(job.id, error.message)
 *   else console.log(job.id, ranked[0]?.item)
 * }
 */
export function rankOn<Job extends QueuedJob>(
  queue: QueueLike,
  jobs: Iterable<Job> | AsyncIterable<Job>,
  options: RankOnOptions<Job> = {},
): AsyncGenerator<QueueOutcome<Job>, void, undefined> {
  if (!isFunction(property(queue, 'addBulk'))) invalid('queue', 'a Queue of BullMQ', queue)
  assertObject('options', options)
  const { isDone = () => false, mostOnQueue = 500, pollMs = 100, attempts = 8, flow, signal } = options
  const counts = { mostOnQueue, pollMs, attempts, documentsPerJob: flow?.documentsPerJob ?? 1 }
  for (const [name, value] of Object.entries(counts)) if (!WHOLE[0](value)) invalid(name, WHOLE[1], value)
  return collect(queue, jobs, { isDone, mostOnQueue, pollMs, attempts, flow, signal })
}

async function* collect<Job extends QueuedJob>(
  queue: QueueLike,
  jobs: Iterable<Job> | AsyncIterable<Job>,
  settings: Settings<Job>,
): AsyncGenerator<QueueOutcome<Job>, void, undefined> {
  const { isDone, mostOnQueue, pollMs, signal } = settings
  const ask = <Result>(what: () => Promise<Result>): Promise<Result> => patiently(what, signal)
  const source = createSource(jobs)
  /** The jobs without an outcome. They are kept because the queue may lose them. Equal jobs have one outcome. */
  const pending = new Map<string, Job[]>()
  /** Outcomes of unknown jobs: those of an earlier run, which `jobs` may still yield while the queue is not yet full. */
  let strangers = 0
  let isFull = false
  let looks = 0
  try {
    for (;;) {
      signal?.throwIfAborted()
      const came = await source.take(mostOnQueue - pending.size, pollMs)
      const fresh: Job[] = []
      for (const job of came) {
        try {
          assertJob(job)
        } catch (error) {
          yield { job, error: error as TypeError }
          continue
        }
        if (isDone(job)) continue
        const key = jobIdOf(job)
        pending.set(key, (pending.get(key) ?? []).concat(job))
        fresh.push(job)
      }
      isFull ||= source.hasEnded || pending.size >= mostOnQueue
      await ask(() => addJobs(queue, fresh, settings))
      const last = AT_A_TIME - 1 + strangers
      const settled = await ask(() => queue.getJobs(['completed', 'failed'], 0, last, true))
      const taken: SettledJob[] = []
      for (const each of settled.filter(Boolean)) {
        const key = each.id ?? ''
        const owners = pending.get(key) ?? []
        for (const job of owners) yield outcomeOf(job, each)
        pending.delete(key)
        if (isFull || owners.length > 0) taken.push(each)
      }
      await ask(() => Promise.all(taken.map((each) => each.remove())))
      strangers = settled.length - taken.length
      if (source.hasEnded && pending.size === 0) break
      if (came.length > 0 || taken.length > 0) continue
      const counts = await ask(() => queue.getJobCounts())
      looks = Object.values(counts).every((count) => count === 0) ? looks + 1 : 0
      if (looks === LOOKS) {
        looks = 0
        await ask(() => addJobs(queue, [...pending.values()].flat(), settings))
      }
      await pause(pollMs)
    }
    source.end()
  } finally {
    await source.close()
  }
}

/** The outcome of a job. A failed job has a reason, and a ranked job has none. */
function outcomeOf<Job extends QueuedJob>(
  job: Job,
  { returnvalue, failedReason }: SettledJob,
): QueueOutcome<Job> {
  if (failedReason && !returnvalue) return { job, error: errorOf(failedReason) }
  const { ranked, usage } = returnvalue as QueuedResult
  const items = ranked.map(({ index, score }) => ({ index, score, item: job.documents[index] ?? '' }))
  return { job, ranked: items, usage }
}

/** The error of a failed job: a RerankError, if the reason is the JSON of one. */
function errorOf(reason: string): Error {
  try {
    const json: unknown = JSON.parse(reason)
    if (property(json, 'kind') !== undefined) return rerankErrorFrom(json)
    return new TypeError(String(property(json, 'message')))
  } catch {
    return new Error(reason)
  }
}
