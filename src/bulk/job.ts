import type { RankWithUsage } from '../index.ts'
import { invalid, isIterable } from '../shared/validate.ts'

/** A query with what is to be ranked for it. Whatever else a job holds comes back with it. */
export type RankJob<Item = string> = DocumentsJob | ItemsJob<Item>

interface Query {
  /** The caller's name for the job. */
  id?: unknown
  /** The query. */
  query: string
  /** The number of best items to return. @default that of the options */
  topN?: number | undefined
}

/** A job that ranks texts. */
export interface DocumentsJob extends Query {
  /** The texts. */
  documents: Iterable<string>
  /** Absent: they are `documents`. */
  items?: undefined
}

/** A job that ranks strings or, with the option `text`, items of any kind. */
export interface ItemsJob<Item = string> extends Query {
  /** The items. */
  items: Iterable<Item>
  /** Absent: they are `documents`. */
  documents?: undefined
}

/** The items of a job. */
export type ItemOf<Job> = Job extends Pick<ItemsJob<infer Item>, 'items'> ? Item : string

/** The outcome of a job: it is ranked, or has an `error`. */
export type RankOutcome<Job> = RankedJob<Job> | FailedJob<Job>

/** A job with its items, best first. */
export interface RankedJob<Job> extends RankWithUsage<ItemOf<Job>> {
  /** The job itself, not a copy. */
  job: Job
  /** Absent: it is ranked. */
  error?: undefined
}

/** A job that failed, after all retries where they could help. */
export interface FailedJob<Job> {
  /** The job itself, not a copy. */
  job: Job
  /** A RerankError, or a TypeError for a job of the wrong shape. */
  error: Error
  /** Absent: it failed. */
  ranked?: undefined
  /** Absent, as far as is known. */
  usage?: undefined
  /** Absent: those of the failed request are the error's. */
  ids?: undefined
}

/** Reads a job. @throws TypeError for an invalid one */
export function readJob<Item>(job: unknown): Query & { items: Iterable<Item>; isTexts: boolean } {
  if (typeof job !== 'object' || job === null) invalid('a job', 'an object', job)
  const { query, topN, items, documents } = job as Query & {
    items?: Iterable<Item>
    documents?: Iterable<Item>
  }
  const isTexts = items === undefined
  const given = items ?? documents
  if (given === undefined || (!isTexts && documents !== undefined)) {
    throw new TypeError(`a job must have documents or items, got ${isTexts ? 'neither' : 'both'}`)
  }
  if (!isIterable(given)) invalid(isTexts ? 'documents' : 'items', 'an iterable', given)
  return { query, topN, items: given, isTexts }
}

/** Makes a check for the documents of a job, one after the other. */
export function documentReader(): (document: unknown) => string {
  let index = 0
  return (document) => {
    if (typeof document !== 'string') invalid(`documents[${index}]`, 'a string', document)
    index += 1
    return document
  }
}
