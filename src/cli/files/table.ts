import { UsageError } from '../terminal.ts'
import { rowsOf } from './delimited.ts'
import type { Delimited, Row } from './delimited.ts'
import { Unreadable } from './file-record.ts'
import type { FileRecord } from './file-record.ts'

/** A table whose header has been read. */
export interface Table {
  columns: readonly string[]
  /** The rows below the header; once. */
  read(): AsyncGenerator<FileRecord, void, undefined>
}

/** Reads the header of CSV or TSV. @throws UsageError for one that is not there, or has a name twice */
export async function createTable(source: AsyncIterable<Buffer>, how: Delimited): Promise<Table> {
  const rows = rowsOf(source, how)
  const { value: header } = await rows.next()
  const columns = header?.cells.map((cell) => cell.trim()) ?? []
  const twice = columns.find((name, at) => name !== '' && columns.indexOf(name) < at)
  if (twice !== undefined) {
    throw new UsageError(`${how.name}: the header has the column ${JSON.stringify(twice)} twice`)
  }
  const isHeader = (row: Row): boolean =>
    row.cells.length === columns.length && row.cells.every((cell, at) => cell === header?.cells[at])
  return {
    columns,
    async *read() {
      for await (const row of rows) {
        // Where files were joined, each has its header.
        if (!isHeader(row)) yield { number: row.line, ...contentOf(row, columns) }
      }
    },
  }
}

function contentOf(row: Row, columns: readonly string[]): Pick<FileRecord, 'read' | 'texts'> {
  const { cells, isTooLong } = row
  return {
    read() {
      if (isTooLong) throw new Unreadable('the row is longer than 64 MiB')
      if (cells.length !== columns.length) {
        throw new Unreadable(`the row has ${cells.length} cells, but the header has ${columns.length}`)
      }
      if (cells.some((cell) => cell.includes('\0'))) throw new Unreadable('the row contains NUL bytes')
      return Object.fromEntries(columns.map((name, at) => [name, cells[at]]))
    },
    texts: () => new Map(columns.map((name, at) => [name, JSON.stringify(cells[at] ?? '')])),
  }
}
