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
  /** Tells which jobs have an outcome that is safe, from a run before: they are not added. @default none has */
  isDone?: ((job: Job) => boolean) | undefined
  /** The most jobs that are on the queue. @default 500 */
  mostOnQueue?: number | undefined
  /** Milliseconds between looks for outcomes, where there are none. @default 100 */
  pollMs?: number | undefined
  /** The attempts of a job; those that were rate-limited are not counted. @default 8, with back-off from 500 ms */
  attempts?: number | undefined
  /** Splits jobs of more than `documentsPerJob` documents into parts, which workers share. @default nothing is split */
  flow?: { producer: FlowLike; documentsPerJob: number } | undefined
  /** Ends it with its reason; what is on the queue stays there. */
  signal?: AbortSignal | undefined
}

/** The outcome of a job: it is ranked, or has an `error`, as for `rankMany`. */
export type QueueOutcome<Job> =
  | { job: Job; ranked: RankedItem<string>[]; usage: RerankUsage; error?: undefined }
  | { job: Job; error: Error; ranked?: undefined; usage?: undefined }

interface Settings<Job> extends AddOptions {
  isDone: (job: Job) => boolean
  mostOnQueue: number
  pollMs: number
  signal: AbortSignal | undefined
}

/** So many outcomes are taken at a time. */
const AT_A_TIME = 100
/** After so many looks at an empty queue, what has no outcome was forgotten by it. */
const LOOKS = 3

/**
 * Has the workers of a BullMQ queue rank jobs, and yields the outcome of each exactly once, as `rankMany` does. Jobs are
 * asked for as there is room on the queue. An outcome is removed from the queue when the next one is asked for, so keep
 * it safe before that; where this process is killed, start again with `isDone` and the jobs in the same order. Jobs that the queue forgets, as by FLUSHALL
 * or by a restart of a Redis without persistence, are added again.
 *
 * One call at a time owns a queue: outcomes of jobs that others added are removed.
 *
 * When `jobs` itself throws, so does this, after the outcomes of the jobs before.
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
  /** Those without an outcome: the jobs themselves, since the queue may forget them. Equal ones have one outcome. */
  const pending = new Map<string, Job[]>()
  /** Outcomes of jobs that are not known: of a run before, and still to come, until as many came as were on the queue. */
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

/** A job that failed has a reason, and one that was ranked has none. */
function outcomeOf<Job extends QueuedJob>(
  job: Job,
  { returnvalue, failedReason }: SettledJob,
): QueueOutcome<Job> {
  if (failedReason && !returnvalue) return { job, error: errorOf(failedReason) }
  const { ranked, usage } = returnvalue as QueuedResult
  const items = ranked.map(({ index, score }) => ({ index, score, item: job.documents[index] ?? '' }))
  return { job, ranked: items, usage }
}

/** The error of a failed job: one of ours, where its reason is the JSON of one. */
function errorOf(reason: string): Error {
  try {
    const json: unknown = JSON.parse(reason)
    if (property(json, 'kind') !== undefined) return rerankErrorFrom(json)
    return new TypeError(String(property(json, 'message')))
  } catch {
    return new Error(reason)
  }
}
