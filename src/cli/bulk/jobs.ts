import type { DocumentsJob } from '../../bulk/index.ts'
import type { RankedItem, RerankUsage } from '../../index.ts'
import { describe } from '../../shared/validate.ts'
import { Unreadable } from '../files/index.ts'
import type { FileRecord } from '../files/index.ts'
import { compactText, elementTexts, fieldTexts } from '../files/json-text.ts'
import type { Outcome, OutcomeFormat } from './outcome.ts'

/** A job from a record of the input. */
export interface Job extends DocumentsJob {
  id: string | number
  documents: string[]
  line: number
  /** The fields of the job that are added to its outcome, as JSON texts. */
  kept: ReadonlyMap<string, string> | undefined
  /** The fields of a document that are shown, as JSON texts; by its place. */
  shown: ((index: number) => ReadonlyMap<string, string>) | undefined
}

/** The outcome of a job, ranked here or by a worker. */
export type JobOutcome =
  | { job: Job; ranked: readonly RankedItem<string>[]; usage: RerankUsage; error?: undefined }
  | { job: Job; error: Error; ranked?: undefined; usage?: undefined }

/** A record that holds no job, as it goes into the output. */
export interface BrokenJob extends Outcome {
  line: number
  error: { kind: 'input'; message: string }
  /** True if the record could not be read at all, which is a sign of another format. */
  isUnreadable: boolean
}

/** The fields of a job in a record, and those that are added to its outcome. */
export interface JobFields {
  query: string
  /** One field with an array, or several of a table with a text each. */
  documents: readonly string[]
  /** The text of a document that is an object. */
  text: string
  /** `undefined` for `id` where there is one, and else the line's number. */
  id: string | undefined
  /** True if all values are texts. Their type is found from their content. */
  isTable: boolean
  /** Set if a table has a row for each document, whose `text` is then no field of the job. */
  isGrouped: boolean
  /** True if the fields of the job are added to its outcome, except its documents. */
  keep: boolean
  /** The fields of a document that are shown; `text` stands for its text. */
  shown: readonly string[]
}

/**
 * Reads jobs from records. An id that came before makes a record a broken one, by its number alone: of each id there is
 * one outcome.
 */
export function createJobReader(
  fields: JobFields,
  keyOf: OutcomeFormat['keyOf'],
): (record: FileRecord) => Job | BrokenJob {
  const seen = new Map<string, number>()
  return (record) => {
    const job = readJob(record, fields)
    const key = keyOf(job)
    const first = seen.get(key)
    if (first !== undefined) {
      return broken(record, `the id ${JSON.stringify(job.id ?? job.line)} is already used on line ${first}`)
    }
    seen.set(key, record.number)
    return job
  }
}

function readJob(record: FileRecord, fields: JobFields): Job | BrokenJob {
  try {
    const value = record.read()
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Unreadable('the line is not a JSON object')
    }
    return jobOf(record, value, fields)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { ...broken(record, error.message), isUnreadable: true }
  }
}

function jobOf(record: FileRecord, value: object, fields: JobFields): Job | BrokenJob {
  const get = (name: string): unknown => (Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined)
  const idField = fields.id ?? 'id'
  const given = get(idField)
  const id =
    fields.id === undefined && (given === undefined || (fields.isTable && given === ''))
      ? record.number
      : given
  if (typeof id === 'number' && id === given && !isExact(id, record.texts().get(idField) ?? '')) {
    return broken(record, `${quoted(idField)} is a number that would lose digits: write it as a string`)
  }
  if (!isId(id)) return broken(record, `${quoted(idField)} must be a string or a number, got ${describe(id)}`)
  const kept = fields.keep ? keptOf(record, fields) : undefined
  const wrong = (message: string): BrokenJob => ({ ...broken(record, message), id, kept })
  const query = get(fields.query)
  if (typeof query !== 'string')
    return wrong(`${quoted(fields.query)} must be a string, got ${describe(query)}`)
  const documents = documentsOf(get, fields)
  if (typeof documents === 'string') return wrong(documents)
  const topN = topNOf(get('top_n'), fields.isTable)
  if (topN === 'wrong')
    return wrong(`"top_n" must be a whole number, 1 or more, got ${describe(get('top_n'))}`)
  const shown = fields.shown.length > 0 ? shownOf(record, documents, fields) : undefined
  return { id, query, documents, topN, line: record.number, kept, shown }
}

function broken({ number: line }: FileRecord, message: string): BrokenJob {
  return { line, error: { kind: 'input', message }, isUnreadable: false }
}

/** The texts of the documents, or the reason why they are invalid. */
function documentsOf(get: (name: string) => unknown, fields: JobFields): string[] | string {
  const [name = '', ...more] = fields.documents
  const given = more.length > 0 ? fields.documents.map(get) : fields.isTable ? arrayIn(get(name)) : get(name)
  if (!Array.isArray(given)) {
    const expected = fields.isTable ? 'a JSON array, such as ["a", "b"]' : 'an array'
    return `${quoted(name)} must be ${expected}, got ${describe(given)}`
  }
  const texts: unknown[] = given.map((document: unknown) => textOf(document, fields.text))
  const wrong = texts.findIndex((text) => typeof text !== 'string')
  if (wrong < 0) return texts as string[]
  const got = `got ${describe(given[wrong])}`
  if (more.length > 0) return `${quoted(fields.documents[wrong] ?? '')} must be a string, ${got}`
  return `${quoted(name)}[${wrong}] must be a string, or have a ${quoted(fields.text)}, ${got}`
}

/** An array, or one written as JSON into a cell of a table. */
function arrayIn(value: unknown): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith('[')) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function textOf(document: unknown, field: string): unknown {
  if (typeof document !== 'object' || document === null) return document
  return Object.hasOwn(document, field) ? Reflect.get(document, field) : undefined
}

function keptOf(record: FileRecord, fields: JobFields): ReadonlyMap<string, string> {
  const kept = [...record.texts()].filter(([name]) => isKept(name, fields))
  return new Map(kept.map(([name, json]) => [name, compactText(json)]))
}

/** True if a field is added to the outcome with `--keep`. */
export function isKept(name: string, fields: JobFields): boolean {
  const isDocument = fields.documents.includes(name) || (fields.isGrouped && name === fields.text)
  return !isDocument && name !== 'id'
}

function shownOf(record: FileRecord, texts: readonly string[], fields: JobFields): Job['shown'] {
  const [name = '', ...more] = fields.documents
  const json = more.length > 0 ? '[]' : (record.texts().get(name) ?? '[]')
  const elements = elementTexts(json.startsWith('"') ? (JSON.parse(json) as string) : json)
  return (index) => {
    const element = elements[index] ?? ''
    const own = element.startsWith('{') ? fieldTexts(element) : new Map<string, string>()
    return new Map(
      fields.shown.flatMap((field) => {
        const value = field === TEXT ? JSON.stringify(texts[index]) : own.get(field)
        return value === undefined ? [] : [[field, compactText(value)] as const]
      }),
    )
  }
}

/** The text of a document, among the fields that are shown. */
export const TEXT = 'text'

function isId(id: unknown): id is Job['id'] {
  return typeof id === 'string' || typeof id === 'number'
}

/** JSON's numbers are read as doubles, which hold some 16 digits; and tell whole numbers apart up to 2^53 alone. */
function isExact(id: number, written: string): boolean {
  // The shortest text of a double has at most 25 characters, and longer ones are rare.
  if (Math.abs(id) > Number.MAX_SAFE_INTEGER || written.length > 100) return false
  return decimal(written) === decimal(String(id))
}

/** A number's digits and exponent, in one way of the many to write it. */
function decimal(text: string): string {
  const [mantissa = '', exponent = '0'] = text.replace(/^-/, '').toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/(?<!0)0+$/, '')
  const power = Number(exponent) - fraction.length + digits.length - significant.length
  return significant === '' ? '0' : `${significant}e${power}`
}

/** A number, or the text of one in a table. */
function topNOf(given: unknown, isTable: boolean): number | undefined | 'wrong' {
  const topN = isTable && typeof given === 'string' && given.trim() !== '' ? Number(given) : given
  if (topN === undefined || topN === null || (isTable && topN === '')) return undefined
  return Number.isSafeInteger(topN) && Number(topN) >= 1 ? Number(topN) : 'wrong'
}

function quoted(name: string): string {
  return JSON.stringify(name)
}
