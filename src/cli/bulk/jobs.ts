import type { DocumentsJob } from '../../bulk/index.ts'
import type { Line } from './lines.ts'

/** A job from a line of input. */
export interface Job extends DocumentsJob {
  id: string | number
  documents: string[]
  /** The line's number, from 1. */
  line: number
}

/** A line that holds no job, as it goes into the output. */
export interface BrokenJob {
  /** Where it can be read. */
  id: string | number | undefined
  line: number
  error: { kind: 'input'; message: string }
}

/**
 * Reads lines such as `{"id", "query", "documents": [string | {"text"}], "top_n"?}`. An id that came before makes a line
 * a broken one, by its number alone: of each id there is one outcome.
 */
export function createJobReader(): (line: Line) => Job | BrokenJob {
  const seen = new Map<string, number>()
  return (line) => {
    const job = readJob(line)
    const key = keyOf(job) ?? ''
    const first = seen.get(key)
    if (first !== undefined) return broken(line, `the id ${key} came before, on line ${first}`)
    seen.set(key, line.number)
    return job
  }
}

/** What a job, or its outcome, is known by among all others: 1 and "1" are two. */
export function keyOf(known: object): string | undefined {
  const id: unknown = Reflect.get(known, 'id')
  const line: unknown = Reflect.get(known, 'line')
  if (isId(id)) return JSON.stringify(id)
  return typeof line === 'number' ? `line ${line}` : undefined
}

function readJob(line: Line): Job | BrokenJob {
  let fields: unknown
  try {
    fields = JSON.parse(line.text)
  } catch {
    return broken(line, 'the line is no JSON')
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    return broken(line, 'the line is no JSON object')
  }
  const { id, query, documents, top_n: topN } = fields as Readonly<Record<string, unknown>>
  if (typeof id === 'number' && !isExact(id, line.text)) return broken(line, INEXACT_ID)
  if (!isId(id)) return broken(line, '"id" must be a string or a number')
  if (typeof query !== 'string') return broken(line, '"query" must be a string', id)
  if (!Array.isArray(documents)) return broken(line, '"documents" must be an array', id)
  const texts = documents.map(textOf)
  if (!texts.every(isString)) {
    const wrong = texts.findIndex((text) => !isString(text))
    return broken(line, `"documents"[${wrong}] must be a string, or have a "text"`, id)
  }
  if (!isTopN(topN)) return broken(line, '"top_n" must be a whole number, 1 or more', id)
  return { id, query, documents: texts, topN: topN ?? undefined, line: line.number }
}

function broken({ number: line }: Line, message: string, id?: Job['id']): BrokenJob {
  return { id, line, error: { kind: 'input', message } }
}

const INEXACT_ID = '"id" is a number that would lose digits: write it as a string'

function isId(id: unknown): id is Job['id'] {
  return isString(id) || typeof id === 'number'
}

/** JSON's numbers are read as doubles, which hold some 16 digits; and tell whole numbers apart up to 2^53 alone. */
function isExact(id: number, text: string): boolean {
  if (Math.abs(id) > Number.MAX_SAFE_INTEGER) return false
  // Quotes within strings are escaped, so what this finds are keys. Documents may have ids too, others than this.
  const written = [...text.matchAll(/"id"\s*:\s*(-?\d[\d.eE+-]*)/g)].flatMap(([, number]) => number ?? [])
  const own = written.filter((number) => Number(number) === id)
  return own.length === 0 || own.some((number) => decimal(number) === decimal(String(id)))
}

/** A number's digits and exponent, in one way of the many to write it. */
function decimal(text: string): string {
  const [mantissa = '', exponent = '0'] = text.replace(/^-/, '').toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  const power = Number(exponent) - fraction.length + digits.length - significant.length
  return significant === '' ? '0' : `${significant}e${power}`
}

function isTopN(topN: unknown): topN is number | null | undefined {
  return (topN ?? null) === null || (Number.isSafeInteger(topN) && Number(topN) >= 1)
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function textOf(document: unknown): unknown {
  return typeof document === 'object' && document !== null ? Reflect.get(document, 'text') : document
}
