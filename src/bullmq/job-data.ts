import type { RerankUsage } from '../index.ts'

/** The data of a job on a queue: plain JSON. */
export interface QueuedJob {
  /** The caller's name for the job. */
  id: string | number
  /** The query. */
  query: string
  /** The texts to rank. */
  documents: readonly string[]
  /** The number of best items to return. @default that of the processor's options */
  topN?: number | undefined
}

/** The result of a processor, as plain JSON. */
export interface QueuedResult {
  /** The places of the documents and their scores, best first. */
  ranked: { index: number; score: number }[]
  /** The tokens that were used. */
  usage: RerankUsage
}

/** A part of a job with many documents, as a child of it: the rest of its data is a job's. */
export interface Part {
  /** The place of its first document among those of the job. */
  offset: number
}

/** The data of the parent of parts: it has no documents, and merges what its children return. */
export interface Whole {
  id: string | number
  topN?: number | undefined
  isWhole: true
}

/** The data of a job; whatever else the caller's has stays with the caller. */
export function dataOf({ id, query, documents, topN }: QueuedJob): QueuedJob {
  return { id, query, documents, topN }
}

/**
 * The id of a job on the queue. It has a hash of the job, so that the outcome of another job that once had the same id
 * is not taken for this one's. BullMQ takes no integers, and no colons.
 */
export function jobIdOf(job: QueuedJob): string {
  const id = encodeURIComponent(JSON.stringify(job.id)).slice(0, 100)
  return `rank-${id}-${hash(JSON.stringify(dataOf(job)))}`
}

/** Two hashes of 32 bits each: FNV-1a, and one that differs in its steps. */
function hash(text: string): string {
  let [one, two] = [0x811c9dc5, 0x9e3779b9]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    one = Math.imul(one ^ code, 0x01000193)
    two = Math.imul(two ^ (code + at), 0x85ebca6b) ^ (two >>> 13)
  }
  return `${(one >>> 0).toString(36)}${(two >>> 0).toString(36)}`
}
