import type { DocumentsJob } from '../bulk/index.ts'
import type { Line } from './lines.ts'

/** A job from a line of input. */
export interface Job extends DocumentsJob {
  id: string | number
  documents: string[]
  /** The line's number, from 1. */
  line: number
}

/** Says what is wrong with a line. */
export class BrokenLine extends Error {}

/** The job on a line: `{"id", "query", "documents": [string | {"text"}], "top_n"?}`. @throws BrokenLine */
export function readJob({ text, number }: Line): Job {
  const { id, query, documents, top_n: topN } = parse(text)
  if (!isId(id)) throw new BrokenLine('"id" must be a string or a number')
  if (typeof query !== 'string') throw new BrokenLine('"query" must be a string')
  if (!Array.isArray(documents)) throw new BrokenLine('"documents" must be an array')
  if ((topN ?? null) !== null && !(Number.isSafeInteger(topN) && Number(topN) >= 1)) {
    throw new BrokenLine('"top_n" must be a whole number, 1 or more')
  }
  const texts = documents.map(textOf)
  return { id, query, documents: texts, topN: typeof topN === 'number' ? topN : undefined, line: number }
}

/** What a job is known by among all others: 1 and "1" are two. */
export function keyOf(known: object): string | undefined {
  const id: unknown = Reflect.get(known, 'id')
  const line: unknown = Reflect.get(known, 'line')
  if (isId(id)) return JSON.stringify(id)
  return typeof line === 'number' ? `line ${line}` : undefined
}

function isId(id: unknown): id is string | number {
  return typeof id === 'string' || typeof id === 'number'
}

function textOf(document: unknown, index: number): string {
  const text: unknown =
    typeof document === 'object' && document !== null ? Reflect.get(document, 'text') : document
  if (typeof text !== 'string')
    throw new BrokenLine(`"documents"[${index}] must be a string, or have a "text"`)
  return text
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BrokenLine('the line is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BrokenLine('the line is no JSON object')
  }
  return value as Readonly<Record<string, unknown>>
}
