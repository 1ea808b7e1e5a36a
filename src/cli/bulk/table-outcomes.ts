import { UsageError } from '../terminal.ts'
import { linesOf } from '../files/index.ts'
import type { Entry, Outcome, OutcomeFormat } from './outcome.ts'

/** The columns of a table beside its own. */
export interface Columns {
  delimiter: string
  /** Fields of the job's own. */
  kept: readonly string[]
  /** The fields that are shown of each document. */
  document: readonly string[]
}

type Cell = string | number | undefined

/** The columns that each table has; `of` is the number of rows of the job. */
const OWN = ['id', 'line', 'rank', 'of', 'index', 'relevance_score', 'tokens', 'error', 'message'] as const

/** Outcomes as CSV or TSV: a row for each result, best first, or one for a job that has none. */
export function tableOutcomes({ delimiter, kept, document }: Columns): OutcomeFormat {
  const row = (cells: readonly Cell[]): string =>
    `${cells.map((cell) => cellText(cell, delimiter)).join(delimiter)}\n`
  const header = row([
    ...OWN,
    ...kept.map((name) => (isOwn(name) ? `job_${name}` : name)),
    ...document.map((name) => `document.${name}`),
  ])
  const cellsOf = (names: readonly string[], texts: ReadonlyMap<string, string> | undefined): Cell[] =>
    names.map((name) => plain(texts?.get(name)))

  return {
    header,
    keyOf,
    write({ id, line, kept: own, results = [], usage, error }) {
      const last = cellsOf(kept, own)
      const tokens = usage?.total_tokens
      if (results.length === 0) {
        return row([
          id,
          line,
          0,
          0,
          '',
          '',
          tokens,
          error?.kind,
          error?.message,
          ...last,
          ...document.map(() => ''),
        ])
      }
      const rows = results.map(({ index, relevance_score: score, document: shown }, at) =>
        // The tokens are the job's: in its first row alone, so that they add up.
        row([
          id,
          line,
          at + 1,
          results.length,
          index,
          score,
          at === 0 ? tokens : '',
          '',
          '',
          ...last,
          ...cellsOf(document, shown),
        ]),
      )
      return rows.join('')
    },
    read: (bytes, name) => entriesOf(bytes, { name, delimiter, header }),
  }
}

/** Returns the reader of a table that begins with a header of {@link tableOutcomes}; `undefined` for any other line. */
export function tableBy(header: string): Pick<OutcomeFormat, 'header' | 'keyOf' | 'read'> | undefined {
  const delimiter = header[OWN[0].length] ?? ''
  if (!header.startsWith(OWN.join(delimiter))) return undefined
  return { header, keyOf, read: (bytes, name) => entriesOf(bytes, { name, delimiter, header }) }
}

function isOwn(name: string): boolean {
  return OWN.some((own) => own === name)
}

/** In a table, all ids are texts. */
function keyOf({ id, line }: Pick<Outcome, 'id' | 'line'>): string {
  return id === undefined ? `line ${line}` : `id ${id}`
}

interface Form {
  name: string
  delimiter: string
  header: string
}

async function* entriesOf(bytes: AsyncIterable<Buffer>, form: Form): AsyncGenerator<Entry, void, undefined> {
  const { name, header } = form
  let texts: string[] = []
  let isFirst = true
  const head = headReader(form.delimiter)
  for await (const { text, end, line, isWhole } of rowTexts(bytes)) {
    if (isFirst && !(isWhole ? text === header : header.startsWith(text))) {
      throw new UsageError(
        `${name} has different columns from those that this run would write: ${header.trim()}`,
      )
    }
    if (!isWhole) return
    if (isFirst) {
      isFirst = false
      continue
    }
    const { id, number, rank, of, error } = head(text)
    if (rank === undefined || of === undefined || rank !== Math.min(texts.length + 1, of)) {
      throw new UsageError(`${name}:${line} is not an outcome of nebius-rerank bulk`)
    }
    texts.push(text)
    if (rank < of) continue
    yield {
      text: texts.join(''),
      key: keyOf(id === '' && number !== '' ? { line: Number(number) } : { id }),
      isError: error !== '',
      end,
    }
    texts = []
  }
}

/** Rows as they stand there; the last may be cut off. */
async function* rowTexts(
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<{ text: string; end: number; line: number; isWhole: boolean }, void, undefined> {
  let lines: string[] = []
  let quotes = 0
  let last = { end: 0, line: 0 }
  const take = (isWhole: boolean) => ({ text: lines.join(''), ...last, isWhole })
  for await (const { bytes: line, ending, number, end } of linesOf(bytes)) {
    const text = line.toString()
    lines.push(text + ending)
    quotes += text.split('"').length - 1
    last = { end, line: number }
    if (quotes % 2 === 1 || ending === '') continue
    yield take(true)
    lines = []
  }
  if (lines.length > 0) yield take(false)
}

/** Reads the first cells of a row that {@link tableOutcomes} has written. */
function headReader(delimiter: string) {
  const first = new RegExp(`^(?:"([^"]*(?:""[^"]*)*)"|([^"\\n${delimiter}]*))`)
  return (text: string) => {
    const cells: string[] = []
    for (let rest = text; cells.length < HEAD;) {
      const [all = '', quoted, bare = ''] = first.exec(rest) ?? []
      cells.push(quoted?.replaceAll('""', '"') ?? bare)
      rest = rest.slice(all.length + 1)
    }
    const [id = '', number = '', rank, of] = cells
    return { id, number, rank: whole(rank), of: whole(of), error: cells.at(-1) }
  }
}

/** The cells up to the error. */
const HEAD = OWN.indexOf('error') + 1

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** The text of a JSON string, and any other JSON as it stands. */
function plain(json: string | undefined): string {
  return json?.startsWith('"') ? (JSON.parse(json) as string) : (json ?? '')
}

function cellText(cell: Cell, delimiter: string): string {
  const text = cell === undefined ? '' : String(cell)
  return /["\r\n\uFEFF]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
}
