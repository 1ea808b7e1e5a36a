import type { JudgedDocument, JudgedQuery } from '../../eval/index.ts'
import { property } from '../../shared/property.ts'
import { describe } from '../../shared/validate.ts'
import { openRecords, openSource, Unreadable } from '../files/index.ts'
import type { FileRecord } from '../files/index.ts'
import { UsageError } from '../terminal.ts'
import { idOf, textOf } from './lines.ts'

/**
 * Reads objects such as `{"query", "documents": [{"text", "relevance"}]}`, in JSON Lines or JSON.
 * @throws UsageError naming the line
 */
export async function readJudgedQueries(
  path: string,
  fields: readonly string[],
  stdin: NodeJS.ReadStream,
): Promise<JudgedQuery[]> {
  const source = await openSource(path, stdin)
  try {
    const records = await openRecords(source)
    if (records.columns) throw new UsageError(`${path} is a table: eval takes JSON Lines, or JSON`)
    const queries = new Map<string, JudgedQuery & { where: string }>()
    for await (const record of records.read()) {
      const where = `${path}:${record.number}`
      const query = readQuery(objectOf(record, where), { where, fields, place: queries.size })
      const first = queries.get(query.id)
      if (first) throw new UsageError(`${where}: the id ${query.id} is already used at ${first.where}`)
      queries.set(query.id, { ...query, where })
    }
    if (queries.size === 0) throw new UsageError(`${path} has no query`)
    return [...queries.values()]
  } finally {
    await source.close()
  }
}

interface Place {
  where: string
  fields: readonly string[]
  place: number
}

function readQuery(
  { id: given, _id, query, documents }: Readonly<Record<string, unknown>>,
  { where, fields, place }: Place,
): JudgedQuery & { id: string } {
  if (typeof query !== 'string')
    throw new UsageError(`${where}: "query" must be a string, got ${describe(query)}`)
  if (!Array.isArray(documents))
    throw new UsageError(`${where}: "documents" must be an array, got ${describe(documents)}`)
  const id = idOf(given ?? _id) ?? String(place + 1)
  const read = documents.map((document: unknown, index) =>
    readDocument(document, { where: `${where}: documents[${index}]`, fields, place: index }),
  )
  const seen = new Set<string>()
  for (const { id = '' } of read) {
    if (seen.has(id)) throw new UsageError(`${where}: two documents have the id ${id}`)
    seen.add(id)
  }
  return { id, query, documents: read }
}

function objectOf(record: FileRecord, where: string): Readonly<Record<string, unknown>> {
  try {
    const value = record.read()
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
    throw new Unreadable('it must be a JSON object')
  } catch (error) {
    if (error instanceof Unreadable) throw new UsageError(`${where}: ${error.message}`, { cause: error })
    throw error
  }
}

function readDocument(document: unknown, { where, fields, place }: Place): JudgedDocument {
  const id = idOf(property(document, 'id') ?? property(document, '_id')) ?? String(place + 1)
  if (typeof document === 'string') return { id, text: document }
  if (typeof document !== 'object' || document === null) {
    throw new UsageError(`${where} must be an object with a text, or a string`)
  }
  const { relevance, score } = document as Readonly<Record<string, unknown>>
  const text = textOf(document as Readonly<Record<string, unknown>>, fields)
  if (text === undefined) throw new UsageError(`${where} has no text in ${fields.join(', ')}: see --fields`)
  return {
    id,
    text,
    relevance: numberOf(relevance, `${where}: "relevance"`),
    score: numberOf(score, `${where}: "score"`),
  }
}

function numberOf(value: unknown, where: string): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new UsageError(`${where} must be a number`)
}
