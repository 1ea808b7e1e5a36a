import { rerankErrorFrom } from '../index.ts'
import type { RankedItem, RerankUsage } from '../index.ts'
import { property } from '../shared/property.ts'
import { assertObject, invalid, isFunction } from '../shared/validate.ts'
import { jobIdOf } from './job-data.ts'
import type { QueuedJob, QueuedResult } from './job-data.ts'
import type { FlowLike, QueueEntry, QueueLike, QueuePart, SettledJob } from './queue.ts'

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
  | { job: Job; ranked: RankedItem<string>[]; usage?: RerankUsage | undefined; error?: undefined }
  | { job: Job; error: Error; ranked?: undefined }

/** So many are added, and collected, at a time. */
const AT_A_TIME = 100
const BACKOFF = { type: 'exponential', delay: 500, jitter: 0.5 }
/** After so many looks at an empty queue, what has no outcome was forgotten by it. */
const LOOKS = 3
/** The longest wait for a Redis that restarts. */
const PATIENCE_MS = 60_000

/**
 * Has the workers of a BullMQ queue rank jobs, and yields the outcome of each exactly once, as `rankMany` does. Jobs are
 * asked for as there is room on the queue. An outcome is removed from the queue when the next one is asked for, so keep
 * it safe before that; where this process is killed, start again with `isDone`. Jobs that the queue forgets, as by FLUSHALL
 * or by a restart of a Redis without persistence, are added again.
 *
 * One call at a time owns a queue: outcomes of jobs that others added would be taken for its own, and removed.
 *
 * @throws TypeError for an invalid option
 * @example
 * const queue = new Queue('rerank', { connection })
 * for await (const { job, ranked, error } of rankOn(queue, jobs)) {
 *   if (error) console.error(job.id, error.message)
 *   else console.log(job.id, ranked[0]?.item)
 * }
 */
export async function* rankOn<Job extends QueuedJob>(
  queue: QueueLike,
  jobs: Iterable<Job> | AsyncIterable<Job>,
  options: RankOnOptions<Job> = {},
): AsyncGenerator<QueueOutcome<Job>, void, undefined> {
  if (!isFunction(property(queue, 'addBulk'))) invalid('queue', 'a Queue of BullMQ', queue)
  assertObject('options', options)
  const { isDone = () => false, mostOnQueue = 500, pollMs = 100, signal } = options
  const iterator = Symbol.asyncIterator in jobs ? jobs[Symbol.asyncIterator]() : jobs[Symbol.iterator]()
  /** Those without an outcome: the jobs themselves, since the queue may forget them. */
  const pending = new Map<string, Job>()
  let hasEnded = false
  let looks = 0
  try {
    for (;;) {
      signal?.throwIfAborted()
      const fresh: Job[] = []
      while (!hasEnded && pending.size < mostOnQueue && fresh.length < AT_A_TIME) {
        const next = await iterator.next()
        if (next.done === true) hasEnded = true
        else if (!isDone(next.value)) {
          pending.set(jobIdOf(next.value.id), next.value)
          fresh.push(next.value)
        }
      }
      await patiently(() => add(queue, fresh, options), signal)
      const settled = await patiently(
        () => queue.getJobs(['completed', 'failed'], 0, AT_A_TIME - 1, true),
        signal,
      )
      const taken: SettledJob[] = []
      for (const each of settled.filter(Boolean)) {
        const job = pending.get(each.id ?? '')
        if (job) yield outcomeOf(job, each)
        pending.delete(each.id ?? '')
        taken.push(each)
      }
      await patiently(() => Promise.all(taken.map((each) => each.remove())), signal)
      if (hasEnded && pending.size === 0) return
      if (fresh.length > 0 || taken.length > 0) continue
      const counts = await patiently(() => queue.getJobCounts(), signal)
      looks = Object.values(counts).every((count) => count === 0) ? looks + 1 : 0
      if (looks === LOOKS) {
        looks = 0
        await patiently(() => add(queue, [...pending.values()], options), signal)
      }
      await pause(pollMs)
    }
  } finally {
    await iterator.return?.()
  }
}

async function add<Job extends QueuedJob>(
  queue: QueueLike,
  jobs: readonly Job[],
  { attempts = 8, flow }: RankOnOptions<Job>,
): Promise<void> {
  const entryOf = (data: object, id: string | number): QueueEntry => ({
    name: 'rank',
    data,
    opts: { jobId: jobIdOf(id), attempts, backoff: BACKOFF },
  })
  const most = flow?.documentsPerJob ?? Infinity
  const small = jobs.filter(({ documents }) => documents.length <= most)
  if (small.length > 0) await queue.addBulk(small.map((job) => entryOf(dataOf(job), job.id)))
  const big = jobs.filter(({ documents }) => documents.length > most)
  if (!flow || big.length === 0) return
  const queueName = queue.name
  const wholes = big.map((job) => ({
    ...entryOf({ id: job.id, topN: job.topN, isWhole: true }, job.id),
    queueName,
    children: partsOf(job, most).map(({ offset, documents }): QueuePart => ({
      name: 'part',
      queueName,
      data: { ...dataOf(job), documents, offset },
      opts: {
        attempts,
        backoff: BACKOFF,
        ignoreDependencyOnFailure: true,
        removeOnComplete: true,
        removeOnFail: true,
      },
    })),
  }))
  await flow.producer.addBulk(wholes)
}

function dataOf({ id, query, documents, topN }: QueuedJob): QueuedJob {
  return { id, query, documents, topN }
}

function partsOf({ documents }: QueuedJob, most: number): { offset: number; documents: string[] }[] {
  return Array.from({ length: Math.ceil(documents.length / most) }, (_, at) => ({
    offset: at * most,
    documents: documents.slice(at * most, (at + 1) * most),
  }))
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

/** Asks again while the queue's server is away; all that is asked here may be asked twice. */
async function patiently<Result>(
  ask: () => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  for (const started = performance.now(); ;) {
    signal?.throwIfAborted()
    try {
      return await ask()
    } catch (reason) {
      if (performance.now() - started > PATIENCE_MS) throw reason
      await pause(250)
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
