import { invalid } from '../shared/validate.ts'
import type { Qrels, Run } from './trec.ts'

/** A query with its candidates, and judgments of their relevance. */
export interface JudgedQuery {
  /** The id of the query, unique among the queries. @default its position, from 1 */
  id?: string | undefined
  /** The text of the query. */
  query: string
  /** The candidates. Without scores, they must be in the order of the first stage. */
  documents: readonly JudgedDocument[]
  /** The grades of judged documents that the first stage did not find, by their ids. @default {} */
  missed?: Readonly<Record<string, number>> | undefined
}

/** A candidate. */
export interface JudgedDocument {
  /** The id of the document, unique within the query. @default its position, from 1 */
  id?: string | undefined
  /** The text to rank. A document with a blank text stays below the ranked ones. */
  text: string
  /** The grade of relevance: 0 is irrelevant, 1 or more is relevant. @default undefined: not judged, counts as irrelevant */
  relevance?: number | undefined
  /** The score of the first stage. Documents without a score keep their order, below those with one. */
  score?: number | undefined
}

/** A run with its judgments. */
export interface JudgedRun {
  /** The scores of the first stage. */
  run: Run
  /** The grades of the documents. */
  qrels: Qrels
}

/** A query with the default ids filled in. */
export interface ReadQuery {
  id: string
  query: string
  documents: readonly (JudgedDocument & { id: string })[]
}

/** The queries, with the first stage and the judgments in the format of the measures. */
export interface Collection {
  queries: ReadonlyMap<string, ReadQuery>
  /** The run of the first stage. */
  before: Run
  qrels: Qrels
}

/**
 * Converts judged queries to the run of their first stage, and their judgments.
 *
 * @example
 * const { run, qrels } = toRuns([{ query: 'fruit', documents: [{ text: 'apple', relevance: 1 }, { text: 'axle' }] }])
 * console.log(measureRun(run, qrels).mean)
 * @throws TypeError for an invalid query or document, or an id that is not unique.
 */
export function toRuns(queries: Iterable<JudgedQuery>): JudgedRun {
  const { before, qrels } = readQueries(queries)
  return { run: before, qrels }
}

/** Checks queries and fills in their ids. @throws TypeError */
export function readQueries(given: Iterable<JudgedQuery>): Collection {
  if (typeof given !== 'object' || !(Symbol.iterator in given)) {
    invalid('queries', 'an iterable of queries with documents', given)
  }
  const queries = new Map<string, ReadQuery>()
  const before = new Map<string, ReadonlyMap<string, number>>()
  const qrels = new Map<string, ReadonlyMap<string, number>>()
  let place = 0
  for (const each of given) {
    const name = `queries[${place}]`
    place += 1
    const { id = String(place), query, documents, missed = {} } = checkQuery(each, name)
    if (queries.has(id))
      throw new TypeError(`${name} has the id ${JSON.stringify(id)}, as an earlier query does`)
    const read = documents.map((document, index) => ({ ...document, id: document.id ?? String(index + 1) }))
    const grades = new Map(Object.entries(missed))
    const seen = new Set<string>()
    read.forEach((document, index) => {
      if (seen.has(document.id)) {
        throw new TypeError(
          `${name}.documents[${index}] has the id ${JSON.stringify(document.id)}, as an earlier document does`,
        )
      }
      seen.add(document.id)
      if (document.relevance !== undefined) grades.set(document.id, document.relevance)
    })
    queries.set(id, { id, query, documents: read })
    if (read.length > 0) before.set(id, firstStage(read))
    if (grades.size > 0) qrels.set(id, grades)
  }
  return { queries, before, qrels }
}

/** The scores of the first stage. Documents without one keep their order, with lower scores. */
function firstStage(documents: ReadQuery['documents']): Map<string, number> {
  const lowest = documents.reduce((least, { score = Infinity }) => Math.min(least, score), Infinity)
  let below = Number.isFinite(lowest) ? lowest : documents.length + 1
  return new Map(documents.map(({ id, score }) => [id, score ?? --below]))
}

function checkQuery(each: unknown, name: string): JudgedQuery {
  if (typeof each !== 'object' || each === null) invalid(name, 'an object', each)
  const { id, query, documents, missed } = each as Record<keyof JudgedQuery, unknown>
  checkId(id, `${name}.id`)
  if (typeof query !== 'string') invalid(`${name}.query`, 'a string', query)
  if (!Array.isArray(documents)) invalid(`${name}.documents`, 'an array', documents)
  documents.forEach((document: unknown, index) => {
    const where = `${name}.documents[${index}]`
    if (typeof document !== 'object' || document === null) invalid(where, 'an object', document)
    const { id, text, relevance, score } = document as Record<keyof JudgedDocument, unknown>
    checkId(id, `${where}.id`)
    if (typeof text !== 'string') invalid(`${where}.text`, 'a string', text)
    checkNumber(relevance, `${where}.relevance`)
    checkNumber(score, `${where}.score`)
  })
  for (const [document, grade] of Object.entries(missed ?? {})) {
    checkNumber(grade, `${name}.missed[${JSON.stringify(document)}]`)
  }
  return each as JudgedQuery
}

function checkId(id: unknown, name: string): void {
  if (id !== undefined && (typeof id !== 'string' || id === ''))
    invalid(name, 'a string that is not empty', id)
}

function checkNumber(value: unknown, name: string): void {
  if (value !== undefined && !Number.isFinite(value)) invalid(name, 'a finite number', value)
}
