import { parseCsv } from './csv.ts'
import { parseRecords, textAt } from './json.ts'

/** The format of a text. */
export type Kind = 'text' | 'json' | 'csv'

/** The documents in a text, and what could be taken instead. */
export interface Documents {
  texts: string[]
  /** The part that each document is: a line or paragraph, a field, a column. */
  part: string
  parts: readonly (readonly [value: string, name: string])[]
  /** Records that have no such part. */
  skipped: number
}

/**
 * The documents in a text. An unknown part gives way to the likeliest.
 * @throws SyntaxError for what is not of that kind, worded for the reader.
 */
export function documentsIn(text: string, kind: Kind, part: string): Documents {
  if (text.trim() === '')
    return kind === 'text' ? READERS.text('', part) : { texts: [], part, parts: [], skipped: 0 }
  return READERS[kind](text, part)
}

/** The kind that a text looks like. */
export function kindOf(text: string, name = ''): Kind {
  if (/\.(?:csv|tsv)$/i.test(name)) return 'csv'
  if (/\.(?:jsonl?|ndjson)$/i.test(name)) return 'json'
  const start = text.trimStart().slice(0, 1)
  if (start !== '{' && start !== '[' && start !== '"') return 'text'
  try {
    return parseRecords(text).fields.length > 0 ? 'json' : 'text'
  } catch {
    return 'text'
  }
}

const TEXT_PARTS = [
  ['line', 'line'],
  ['paragraph', 'paragraph'],
] as const

const READERS: Readonly<Record<Kind, (text: string, part: string) => Documents>> = {
  text: (text, part) => {
    const isParagraph = part === 'paragraph'
    const pieces = text.split(isParagraph ? /\r?\n[^\S\n]*\r?\n/ : /\r?\n/)
    const texts = pieces
      .map((piece) => (isParagraph ? piece.trim() : piece))
      .filter((piece) => /\S/.test(piece))
    return { texts, part: isParagraph ? 'paragraph' : 'line', parts: TEXT_PARTS, skipped: 0 }
  },
  json: (text, wanted) => {
    const { values, fields } = parseRecords(text)
    const part = fields.includes(wanted) ? wanted : (fields[0] ?? '')
    if (fields.length === 0)
      throw new SyntaxError('This JSON has no texts. It needs strings, or objects that contain strings.')
    const texts = values.map((value) => textAt(value, part)).filter((each) => each !== undefined)
    const parts = fields.map((field) => [field, field === '' ? 'the text itself' : field] as const)
    return { texts, part, parts, skipped: values.length - texts.length }
  },
  csv: (text, wanted) => {
    const { columns, rows } = parseCsv(text)
    if (rows.length === 0) throw new SyntaxError('This CSV has a header row, but no other rows.')
    const likely = String(likelyColumn(columns, rows))
    const part = columns[Number(wanted)] !== undefined && wanted !== '' ? wanted : likely
    const texts = rows.map((row) => row[Number(part)] ?? '').filter((each) => /\S/.test(each))
    const parts = columns.map((name, place) => [String(place), name] as const)
    return { texts, part, parts, skipped: rows.length - texts.length }
  },
}

/** A column with a usual name, or the one with the longest texts. */
function likelyColumn(columns: readonly string[], rows: readonly string[][]): number {
  const named = columns.findIndex((name) => /^(?:text|document|content|body|passage)s?$/i.test(name))
  if (named >= 0) return named
  const lengths = columns.map((_, place) =>
    rows.slice(0, 100).reduce((sum, row) => sum + (row[place]?.length ?? 0), 0),
  )
  return lengths.indexOf(Math.max(...lengths))
}
