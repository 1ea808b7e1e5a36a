/** The formats of files of records. */
export const FORMATS = ['jsonl', 'json', 'csv', 'tsv'] as const

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number]

/** A format and, of CSV and TSV, the delimiter. */
export interface Detected {
  format: Format
  delimiter: string
}

/** Words for a format. */
export function formatName({ format, delimiter }: Detected): string {
  if (format === 'csv' && delimiter !== ',') {
    return `CSV with ${delimiter === ';' ? 'semicolons' : JSON.stringify(delimiter)}`
  }
  return { jsonl: 'JSON Lines', json: 'JSON', csv: 'CSV', tsv: 'TSV' }[format]
}

/**
 * Recognises a format from the beginning of a text. `undefined` if more of the text is needed.
 *
 * @param isAll - true if there is no more of it
 * @param named - the format, if it is known; then only the delimiter of CSV is recognised
 */
export function detectFormat(head: Buffer, isAll: boolean, named?: Format): Detected | undefined {
  if (named !== undefined && named !== 'csv') return of(named)
  const isEnough = isAll || head.length >= ENOUGH
  const text = head.toString()
  // The last line may go on.
  const whole = isEnough ? text : text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1)
  const start = /[^\s\uFEFF]/.exec(text)?.[0]
  if (start === '[' && named === undefined) return of('json')
  const [first, second] = whole.split(/[\r\n]+/).filter((line) => line.trim() !== '')
  if (first === undefined) return isEnough ? of(named ?? 'jsonl') : undefined
  if (named) return of('csv', delimiterOf(first) ?? ',')
  if (isJson(first)) return of('jsonl')
  if (second === undefined && !isEnough) return undefined
  if (second !== undefined && /^\s*\{/.test(second) && isJson(second)) return of('jsonl')
  // An object over several lines, as it is printed to be read, ends with a brace at the beginning of one.
  if (start === '{') {
    const [object] = /^[^]*?[\r\n]\}/.exec(whole) ?? []
    if (object !== undefined) return of(isJson(object) ? 'json' : 'jsonl')
    if (!isEnough) return undefined
    return of(!isAll && second?.trimStart().startsWith('"') ? 'json' : 'jsonl')
  }
  const delimiter = delimiterOf(first)
  return delimiter === undefined ? of('jsonl') : of(delimiter === '\t' ? 'tsv' : 'csv', delimiter)
}

/** The delimiter of a header: the most frequent of those in use, outside quotes. */
function delimiterOf(header: string): string | undefined {
  const line = Buffer.from(header)
  if (isSeparatorLine(line)) return header.slice(-1)
  const bare = header.replace(/"[^"]*"/g, '')
  const counts = [',', ';', '\t'].map((delimiter) => [bare.split(delimiter).length, delimiter] as const)
  const [most, delimiter] = counts.reduce((best, each) => (each[0] > best[0] ? each : best))
  return most > 1 ? delimiter : undefined
}

/** `sep=;` on the first line, by which spreadsheets say what the delimiter is. */
export function isSeparatorLine(bytes: Buffer): boolean {
  return bytes.length === 5 && bytes.toString().toLowerCase().startsWith('sep=')
}

/** The most bytes that are looked at. */
const ENOUGH = 1024 * 1024

function of(format: Format, delimiter = format === 'tsv' ? '\t' : ','): Detected {
  return { format, delimiter }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''))
    return true
  } catch {
    return false
  }
}
