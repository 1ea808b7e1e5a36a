import type { RankWithUsage } from '../index.ts'
import { invalid, isIterable } from '../shared/validate.ts'

/** A query with its documents or items. A job may have other properties: it is returned with its outcome. */
export type RankJob<Item = string> = DocumentsJob | ItemsJob<Item>

interface Query {
  /** An identifier of the job, which is not used. */
  id?: unknown
  /** The query. */
  query: string
  /** The most items to return, the best ones. @default the option `topN` */
  topN?: number | undefined
}

/** A job that ranks texts. */
export interface DocumentsJob extends Query {
  /** The texts. */
  documents: Iterable<string>
  /** Absent: the job has `documents`. */
  items?: undefined
}

/** A job that ranks strings or, with the option `text`, items of any type. */
export interface ItemsJob<Item = string> extends Query {
  /** The items. */
  items: Iterable<Item>
  /** Absent: the job has `items`. */
  documents?: undefined
}

/** The type of a job's items. */
export type ItemOf<Job> = Job extends Pick<ItemsJob<infer Item>, 'items'> ? Item : string

/** The outcome of a job: either `ranked` or `error` is set. */
export type RankOutcome<Job> = RankedJob<Job> | FailedJob<Job>

/** A job with its items, best first. */
export interface RankedJob<Job> extends RankWithUsage<ItemOf<Job>> {
  /** The job itself, not a copy. */
  job: Job
  /** Absent: the job is ranked. */
  error?: undefined
}

/** A job that failed, after all its retries. */
export interface FailedJob<Job> {
  /** The job itself, not a copy. */
  job: Job
  /** A RerankError, a TypeError for an invalid job, or an error of your own function `text`. */
  error: Error
  /** Absent: the job failed. */
  ranked?: undefined
  /** Absent: the job failed. */
  usage?: undefined
  /** Absent: the job failed. */
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
