/** A job to add to a queue. */
export interface QueueEntry {
  /** The name of the job. */
  name: string
  /** The data of the job. */
  data: object
  /** The id of the job, and its retries. */
  opts: EntryOptions & { jobId: string }
}

interface EntryOptions {
  /** The most attempts. */
  attempts: number
  /** The wait between attempts. `delay` is in milliseconds. */
  backoff: { type: string; delay: number; jitter: number }
}

/** A part of a job with many documents. */
export interface QueuePart {
  /** The name of the part. */
  name: string
  /** The queue of the part. */
  queueName: string
  /** The data of the part. */
  data: object
  /** The retries of the part, and what happens to it at its end. A failure does not fail the parent at once. */
  opts: EntryOptions & { ignoreDependencyOnFailure: true; removeOnComplete: true; removeOnFail: true }
}

/** The part of a completed or failed BullMQ job that is used. */
export interface SettledJob {
  /** The id of the job on the queue. */
  id?: string | undefined
  /** The result, if the job was ranked. */
  returnvalue: unknown
  /** The reason, if the job failed. */
  failedReason?: string | undefined
  /** Removes the job from the queue. */
  remove(): Promise<unknown>
}

/** The part of a BullMQ `Queue` that is used. */
export interface QueueLike {
  /** The name of the queue. */
  readonly name: string
  /** Adds jobs. If a job with the same id exists, it is not changed. */
  addBulk(jobs: QueueEntry[]): Promise<unknown>
  /** Returns completed or failed jobs. */
  getJobs(types: ('completed' | 'failed')[], start: number, end: number, asc: boolean): Promise<SettledJob[]>
  /** Returns the number of jobs in each state. */
  getJobCounts(): Promise<Record<string, number>>
}

/** The part of a BullMQ `FlowProducer` that is used. */
export interface FlowLike {
  /** Adds jobs with their parts. */
  addBulk(flows: (QueueEntry & { queueName: string; children: QueuePart[] })[]): Promise<unknown>
}
