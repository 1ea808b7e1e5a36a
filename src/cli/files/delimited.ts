import { parse } from 'csv-parse'
import type { Info } from 'csv-parse'
import { UsageError } from '../terminal.ts'
import { isSeparatorLine } from './format.ts'
import { linesOf, LONGEST_LINE } from './lines.ts'
import { through } from './through.ts'

/** A row of cells. */
export interface Row {
  /** The line that it begins on, from 1. */
  line: number
  cells: string[]
  isTooLong: boolean
}

/** A delimited file: its name and its delimiter. */
export interface Delimited {
  name: string
  delimiter: string
}

/**
 * The rows of CSV (RFC 4180) as they are read, the header included, without blank ones. A quote inside a cell that has
 * none around it is a character like any other, as spreadsheets have it.
 *
 * @throws UsageError for a quote that is never closed
 */
export async function* rowsOf(
  source: AsyncIterable<Buffer>,
  { name, delimiter }: Delimited,
): AsyncGenerator<Row, void, undefined> {
  const tooLong: number[] = []
  const feed = async function* (): AsyncGenerator<Buffer, void, undefined> {
    for await (const { bytes, ending, number, isTooLong } of linesOf(source)) {
      if (isTooLong) tooLong.push(number)
      const isLeftOut = number === 1 && isSeparatorLine(bytes)
      yield Buffer.concat([isLeftOut ? Buffer.alloc(0) : bytes, Buffer.from(ending || '\n')])
    }
  }
  /** The last line of the row before. */
  let last = 0
  /** Breaks of two characters in cells, each of which the parser counts as two. */
  let pairs = 0
  const places: { line: number; end: number }[] = []
  const placed = (cells: string[], { lines }: Info): string[] => {
    const breaks = cells.flatMap((cell) => cell.match(/\r\n|\r|\n/g) ?? [])
    pairs += breaks.filter((text) => text.length > 1).length
    last = lines - pairs
    places.push({ line: last - breaks.length, end: last })
    return cells
  }
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_LINE,
    on_record: placed,
  })
  const explain = (error: unknown): UsageError => {
    const isLong = tooLong.length > 0 || (error as NodeJS.ErrnoException).code === 'CSV_MAX_RECORD_SIZE'
    const problem = isLong
      ? 'a row is longer than 64 MiB: is a quote never closed?'
      : 'a quote is never closed'
    return new UsageError(`${name}: after line ${last}, ${problem}`, { cause: error })
  }
  for await (const cells of through<string[]>(feed(), parser, explain)) {
    const { line = 0, end = 0 } = places.shift() ?? {}
    while ((tooLong[0] ?? Infinity) < line) yield tooLongRow(tooLong.shift())
    const isTooLong = (tooLong[0] ?? Infinity) <= end
    while ((tooLong[0] ?? Infinity) <= end) tooLong.shift()
    yield { line, cells, isTooLong }
  }
  for (const line of tooLong) yield tooLongRow(line)
}

function tooLongRow(line = 0): Row {
  return { line, cells: [], isTooLong: true }
}
