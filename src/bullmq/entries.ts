import { assertObject, invalid } from '../shared/validate.ts'
import { dataOf, jobIdOf } from './job-data.ts'
import type { QueuedJob } from './job-data.ts'
import type { FlowLike, QueueEntry, QueueLike, QueuePart } from './queue.ts'

/** The options of {@link addJobs}. */
export interface AddOptions {
  attempts: number
  flow?: { producer: FlowLike; documentsPerJob: number } | undefined
}

const BACKOFF = { type: 'exponential', delay: 500, jitter: 0.5 }

/** Checks the parts of a job that JSON would change. The rest is checked when the job is ranked. @throws TypeError */
export function assertJob(job: unknown): asserts job is QueuedJob {
  assertObject('a job', job)
  const { documents } = job as QueuedJob
  if (!Array.isArray(documents)) invalid('documents', 'an array', documents)
}

/** Adds jobs to a queue. Jobs that are already on the queue are not changed. */
export async function addJobs(
  queue: QueueLike,
  jobs: readonly QueuedJob[],
  { attempts, flow }: AddOptions,
): Promise<void> {
  const most = flow?.documentsPerJob ?? Infinity
  const entryOf = (job: QueuedJob, data: object): QueueEntry => ({
    name: 'rank',
    data,
    opts: { jobId: jobIdOf(job), attempts, backoff: BACKOFF },
  })
  const small = jobs.filter(({ documents }) => documents.length <= most)
  if (small.length > 0) await queue.addBulk(small.map((job) => entryOf(job, dataOf(job))))
  const big = jobs.filter(({ documents }) => documents.length > most)
  if (!flow || big.length === 0) return
  const queueName = queue.name
  const partOf = (job: QueuedJob, offset: number): QueuePart => ({
    name: 'part',
    queueName,
    data: { ...dataOf(job), documents: job.documents.slice(offset, offset + most), offset },
    opts: {
      attempts,
      backoff: BACKOFF,
      ignoreDependencyOnFailure: true,
      removeOnComplete: true,
      removeOnFail: true,
    },
  })
  await flow.producer.addBulk(
    big.map((job) => ({
      ...entryOf(job, { id: job.id, topN: job.topN, isWhole: true }),
      queueName,
      children: Array.from({ length: Math.ceil(job.documents.length / most) }, (_, at) =>
        partOf(job, at * most),
      ),
    })),
  )
}
