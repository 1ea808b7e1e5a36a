/** A table with the names of its columns. */
export interface Table {
  columns: string[]
  rows: string[][]
}

/** Reads CSV (RFC 4180), with commas, semicolons or tabs. @throws SyntaxError for a quote that never ends */
export function parseCsv(text: string): Table {
  const separator = separatorOf(text)
  const [head = [], ...rows] = recordsOf(text, separator)
  const columns = head.map((name, place) => (name.trim() === '' ? `column ${place + 1}` : name.trim()))
  return { columns, rows }
}

/** The separator that the first line has most of, outside of quotes. */
function separatorOf(text: string): string {
  const [line = ''] = text.replace(/"[^"]*"/g, '').split(/\r?\n/, 1)
  const counts = [',', ';', '\t'].map((separator) => [separator, line.split(separator).length] as const)
  return counts.reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}

function recordsOf(text: string, separator: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let at = 0
  const endRecord = (): void => {
    // A blank line is nothing.
    if (record.length > 1 || (record[0] ?? '') !== '') records.push(record)
    record = []
  }
  while (at < text.length) {
    let field = ''
    if (text[at] === '"') [field, at] = quoted(text, at)
    const end = endOfField(text, at, separator)
    record.push(field + text.slice(at, end))
    at = end
    if (text[at] === separator) {
      at += 1
      if (at === text.length) record.push('')
      continue
    }
    endRecord()
    at += text.startsWith('\r\n', at) ? 2 : 1
  }
  endRecord()
  return records
}

/** The text between quotes, where two stand for one, and the place after them. */
function quoted(text: string, start: number): [field: string, end: number] {
  let field = ''
  for (let at = start + 1; ;) {
    const end = text.indexOf('"', at)
    if (end < 0) {
      const line = text.slice(0, start).split('\n').length
      throw new SyntaxError(`The quotation mark on line ${line} of the CSV is never closed.`)
    }
    field += text.slice(at, end)
    if (text[end + 1] !== '"') return [field, end + 1]
    field += '"'
    at = end + 2
  }
}

function endOfField(text: string, start: number, separator: string): number {
  let end = start
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1
  return end
}
