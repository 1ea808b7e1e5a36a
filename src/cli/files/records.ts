import { UsageError } from '../terminal.ts'
import type { Table } from './table.ts'
import { detectFormat, formatName } from './format.ts'
import type { Detected, Format } from './format.ts'
import { jsonValues } from './json-values.ts'
import { fieldTexts } from './json-text.ts'
import { linesOf } from './lines.ts'
import { peek } from './peek.ts'
import type { Source } from './source.ts'
import { openText } from './text.ts'
import { Unreadable } from './file-record.ts'
import type { FileRecord } from './file-record.ts'

/** The records of a file, a pipe or standard input. */
export interface Records {
  /** The name of the source. */
  readonly name: string
  readonly format: Format
  /** The format, the compression and the encoding, in words. */
  readonly description: string
  /** The character between the cells of CSV or TSV. */
  readonly delimiter: string
  /** The columns of CSV or TSV, in their order. */
  readonly columns: readonly string[] | undefined
  /** The records: those of a file as often as wanted, those of a stream once. @throws UsageError if reading ends early */
  read(): AsyncGenerator<FileRecord, void, undefined>
}

/** Options of reading a file, where its content is not to decide. */
export interface ReadOptions {
  format?: Format | undefined
  encoding?: string | undefined
}

/**
 * Finds out what a source holds: JSON Lines, JSON (an array, or objects one after another), CSV or TSV with a header.
 *
 * @example
 * const source = await openSource('queries.csv', stdin)
 * const records = await openRecords(source)
 * for await (const record of records.read()) console.log(record.number, record.read())
 * @throws UsageError for an unknown encoding, an unusable header, and bytes that are not of the encoding
 */
export async function openRecords(source: Source, options: ReadOptions = {}): Promise<Records> {
  const { name, isFile } = source
  const { bytes, stored } = await openText(source, options.encoding)
  let detected: Detected | undefined
  const { rest } = await peek(bytes, (head, isAll) => {
    detected = detectFormat(head, isAll, options.format)
    return detected !== undefined
  })
  const found = detected ?? { format: 'jsonl', delimiter: '' }
  const tableOf = async (text: AsyncIterable<Buffer>): Promise<Table> =>
    // Loaded with the tables alone that need it.
    (await import('./table.ts')).createTable(text, { name, delimiter: found.delimiter })
  const table = isTable(found.format) ? await tableOf(rest) : undefined
  let unread: AsyncGenerator<FileRecord, void, undefined> | undefined =
    table?.read() ?? recordsOf(rest, name, found.format)

  return {
    name,
    format: found.format,
    description: [formatName(found), stored].filter((words) => words !== '').join(', '),
    delimiter: found.delimiter,
    columns: table?.columns,
    async *read() {
      const first = unread
      unread = undefined
      if (first) yield* first
      else if (!isFile) throw new UsageError(`${name} can be read only once`)
      else {
        const again = (await openText(source, options.encoding)).bytes
        if (table) yield* (await tableOf(again)).read()
        else yield* recordsOf(again, name, found.format)
      }
    },
  }
}

function isTable(format: Format): boolean {
  return format === 'csv' || format === 'tsv'
}

function recordsOf(
  bytes: AsyncIterable<Buffer>,
  name: string,
  format: Format,
): AsyncGenerator<FileRecord, void, undefined> {
  return format === 'json' ? jsonRecords(bytes, name) : lineRecords(bytes)
}

async function* lineRecords(bytes: AsyncIterable<Buffer>): AsyncGenerator<FileRecord, void, undefined> {
  for await (const { bytes: line, number, isTooLong } of linesOf(bytes)) {
    if (!isTooLong && isBlank(line)) continue
    if (isTooLong) yield { number, ...unreadable('the line is longer than 64 MiB') }
    else yield* joined(line.toString()).map((text) => ({ number, ...readable(text, 'the line is not JSON') }))
  }
}

async function* jsonRecords(
  bytes: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<FileRecord, void, undefined> {
  let number = 0
  for await (const { bytes: value, line, isTooLong } of jsonValues(bytes, name)) {
    number += 1
    if (isTooLong) yield { number, ...unreadable('the value is longer than 64 MiB') }
    else yield { number, ...readable(value.toString(), `the value on line ${line} is not JSON`) }
  }
}

type Content = Pick<FileRecord, 'read' | 'texts'>

function readable(text: string, problem: string): Content {
  return {
    read() {
      try {
        return JSON.parse(text) as unknown
      } catch {
        throw new Unreadable(text.includes('\0') ? `${problem}: it contains NUL bytes` : problem)
      }
    },
    texts: () => fieldTexts(text),
  }
}

function unreadable(problem: string): Content {
  return {
    read() {
      throw new Unreadable(problem)
    },
    texts: () => new Map(),
  }
}

/** Values on one line, where files without a line break at their end were joined: a mark stands between them. */
function joined(line: string): string[] {
  const parts = line.split('\uFEFF').filter((part) => part.trim() !== '')
  return parts.length > 1 && !isJson(line) && parts.every(isJson) ? parts : [line]
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isBlank(line: Buffer): boolean {
  return line.every(
    (byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0c || byte === 0x0b,
  )
}
