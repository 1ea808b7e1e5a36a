import type { RankWithUsage } from '../index.ts'
import { refuse } from './refuse.ts'

/** A query with what is to be ranked for it. Whatever else a job holds comes back with it. */
export type RankJob<Item = string> = DocumentsJob | ItemsJob<Item>

interface Query {
  /** What the caller knows the job by. */
  id?: unknown
  /** The query. */
  query: string
  /** How many of the best items to return. @default that of the options */
  topN?: number | undefined
}

/** A job that ranks texts. */
export interface DocumentsJob extends Query {
  /** The texts. */
  documents: Iterable<string>
  /** None: they are `documents`. */
  items?: undefined
}

/** A job that ranks strings or, with the option `text`, whatever that reads. */
export interface ItemsJob<Item = string> extends Query {
  /** The items. */
  items: Iterable<Item>
  /** None: they are `items`. */
  documents?: undefined
}

/** What a job ranks. */
export type ItemOf<Job> = Job extends Pick<ItemsJob<infer Item>, 'items'> ? Item : string

/** What became of a job: it is ranked, or has an `error`. */
export type RankOutcome<Job> = RankedJob<Job> | FailedJob<Job>

/** A job with its items, best first. */
export interface RankedJob<Job> extends RankWithUsage<ItemOf<Job>> {
  /** The job itself, not a copy. */
  job: Job
  /** None: it is ranked. */
  error?: undefined
}

/** A job that failed, after all retries where they could help. */
export interface FailedJob<Job> {
  /** The job itself, not a copy. */
  job: Job
  /** A RerankError, or a TypeError for a job of the wrong shape. */
  error: Error
  /** None: it failed. */
  ranked?: undefined
  /** None, as far as is known. */
  usage?: undefined
  /** None: those of the failed request are the error's. */
  ids?: undefined
}

/** What a job says. @throws TypeError for what is no job */
export function readJob<Item>(job: unknown): Query & { items: Iterable<Item>; isTexts: boolean } {
  if (typeof job !== 'object' || job === null) refuse('a job', 'an object', job)
  const { query, topN, items, documents } = job as Query & {
    items?: Iterable<Item>
    documents?: Iterable<Item>
  }
  const isTexts = items === undefined
  const given = items ?? documents
  if (given === undefined || (!isTexts && documents !== undefined)) {
    throw new TypeError(`a job must have documents or items, got ${isTexts ? 'neither' : 'both'}`)
  }
  if (!isIterable(given)) refuse(isTexts ? 'documents' : 'items', 'an iterable', given)
  return { query, topN, items: given, isTexts }
}

/** Checks the documents of a job as they go by. */
export function documentReader(): (document: unknown) => string {
  let index = 0
  return (document) => {
    if (typeof document !== 'string') refuse(`documents[${index}]`, 'a string', document)
    index += 1
    return document
  }
}

function isIterable(value: unknown): boolean {
  // A string is an iterable of its characters, and never what was meant.
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}
