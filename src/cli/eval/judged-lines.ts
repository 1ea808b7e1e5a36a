import type { JudgedDocument, JudgedQuery } from '../../eval/index.ts'
import { property } from '../../shared/property.ts'
import { idOf, linesFrom, objectOn, textOf } from './lines.ts'
import { UsageError } from '../terminal.ts'

/** Reads lines such as `{"query", "documents": [{"text", "relevance"}]}`. @throws UsageError naming the line */
export async function readJudgedLines(
  path: string,
  fields: readonly string[],
  stdin: NodeJS.ReadStream,
): Promise<JudgedQuery[]> {
  const queries: JudgedQuery[] = []
  const seen = new Map<string, string>()
  for await (const line of linesFrom(path, stdin)) {
    const { where } = line
    const { id: given, _id, query, documents } = objectOn(line)
    if (typeof query !== 'string') throw new UsageError(`${where}: "query" must be a string`)
    if (!Array.isArray(documents)) throw new UsageError(`${where}: "documents" must be an array`)
    const id = idOf(given ?? _id) ?? String(queries.length + 1)
    const first = seen.get(id)
    if (first !== undefined) throw new UsageError(`${where}: the id ${id} came before, at ${first}`)
    seen.set(id, where)
    const read = documents.map((document: unknown, place) =>
      readDocument(document, `${where}: documents[${place}]`, { place, fields }),
    )
    const ids = read.map((document) => document.id ?? '')
    const twice = ids.find((each, place) => ids.indexOf(each) < place)
    if (twice !== undefined) throw new UsageError(`${where}: two documents have the id ${twice}`)
    queries.push({ id, query, documents: read })
  }
  if (queries.length === 0) throw new UsageError(`${path} has no query`)
  return queries
}

function readDocument(
  document: unknown,
  where: string,
  { place, fields }: { place: number; fields: readonly string[] },
): JudgedDocument {
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
