import type { RerankUsage } from '../index.ts'

/** The data of a job on a queue: plain JSON. */
export interface QueuedJob {
  /** The caller's name for the job; no two jobs of a queue may have the same one. */
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
  /** The tokens that were used, where the service said. */
  usage?: RerankUsage | undefined
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

/** The id of a job on the queue: BullMQ takes no integers, and no colons. */
export function jobIdOf(id: string | number): string {
  return `rank-${encodeURIComponent(JSON.stringify(id))}`
}
