/** A job as it is put on a queue. */
export interface QueueEntry {
  /** The name of the job. */
  name: string
  /** The data of the job. */
  data: object
  /** Its id, and how it is tried again. */
  opts: EntryOptions & { jobId: string }
}

interface EntryOptions {
  /** The most attempts. */
  attempts: number
  /** The wait between them. */
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
  /** Retries, and that a failure reaches its parent. */
  opts: EntryOptions & { ignoreDependencyOnFailure: true; removeOnComplete: true; removeOnFail: true }
}

/** The part of a BullMQ job that is collected. */
export interface SettledJob {
  /** The id of the job on the queue. */
  id?: string | undefined
  /** The result, where it was ranked. */
  returnvalue: unknown
  /** The reason, where it failed. */
  failedReason?: string | undefined
  /** Removes it from the queue. */
  remove(): Promise<unknown>
}

/** The part of a BullMQ `Queue` that is used. */
export interface QueueLike {
  /** The name of the queue. */
  readonly name: string
  /** Adds jobs; those whose ids it has are left as they are. */
  addBulk(jobs: QueueEntry[]): Promise<unknown>
  /** Reads jobs by what became of them. */
  getJobs(types: ('completed' | 'failed')[], start: number, end: number, asc: boolean): Promise<SettledJob[]>
  /** Counts jobs by state. */
  getJobCounts(): Promise<Record<string, number>>
}

/** The part of a BullMQ `FlowProducer` that is used. */
export interface FlowLike {
  /** Adds jobs with their parts. */
  addBulk(flows: (QueueEntry & { queueName: string; children: QueuePart[] })[]): Promise<unknown>
}
