import type { RerankUsage } from '../index.ts'

/** The data of a job on a queue: plain JSON. */
export interface QueuedJob {
  /** An identifier of the job. */
  id: string | number
  /** The query. */
  query: string
  /** The texts to rank. */
  documents: readonly string[]
  /** The most documents to return, the best ones. @default the processor's option `topN` */
  topN?: number | undefined
}

/** The result of a processor: plain JSON. */
export interface QueuedResult {
  /** The positions of the documents in `documents`, from 0, and their scores, best first. */
  ranked: { index: number; score: number }[]
  /** The tokens used. */
  usage: RerankUsage
}

/** The data of a part of a job with many documents, in addition to the data of a job. A part is a child of its job. */
export interface Part {
  /** The position of the first document of the part in the job's documents. */
  offset: number
}

/** The data of a job that is divided into parts. It has no documents, and merges the results of its parts. */
export interface Whole {
  id: string | number
  topN?: number | undefined
  isWhole: true
}

/** The data of a job, without other properties of the caller's object. */
export function dataOf({ id, query, documents, topN }: QueuedJob): QueuedJob {
  return { id, query, documents, topN }
}

/**
 * The id of a job on the queue. It contains a hash of the job, so that it differs from the id of an earlier job with the
 * same `id` and other data. BullMQ does not allow integers or colons.
 */
export function jobIdOf(job: QueuedJob): string {
  const id = encodeURIComponent(JSON.stringify(job.id)).slice(0, 100)
  return `rank-${id}-${hash(JSON.stringify(dataOf(job)))}`
}

/** Two hashes of 32 bits each: FNV-1a, and a variant of it. */
function hash(text: string): string {
  let [one, two] = [0x811c9dc5, 0x9e3779b9]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    one = Math.imul(one ^ code, 0x01000193)
    two = Math.imul(two ^ (code + at), 0x85ebca6b) ^ (two >>> 13)
  }
  return `${(one >>> 0).toString(36)}${(two >>> 0).toString(36)}`
}
