/** What a part of the benchmarks found. */
export interface Report {
  tables?: Table[]
  goals?: Goal[]
  /** Where another does better, a sentence each. */
  losses?: string[]
}

/** The first column names the rows; the others are numbers with their units. */
export interface Table {
  title: string
  columns: readonly string[]
  rows: readonly (readonly string[])[]
}

/** What was to be reached. */
export interface Goal {
  text: string
  isMet: boolean
  /** How far it was reached. */
  found: string
  /** Why it was not, where that is known. */
  why?: string
}

/** Tells a report to whoever runs the part: a person, who reads tables, or `run.ts`, which collects them. */
export function submit(report: Report): void {
  for (const table of report.tables ?? []) console.log(`\n${table.title}\n\n${aligned(table)}`)
  for (const { text, isMet, found } of report.goals ?? []) {
    console.log(`\n${isMet ? 'met' : 'NOT MET'}: ${text}: ${found}`)
  }
  process.send?.(report)
}

/** Says who does better, if anybody does. */
export function loss(what: string, others: readonly string[]): string[] {
  return others.length === 0 ? [] : [`${what}: ${others.join(', ')}`]
}

let shown = ''

/** Shows how far a part has come: on a terminal in one line, elsewhere by a line for each step. */
export function progress(step: string, share: number): void {
  const text = process.stderr.isTTY ? `${step}, ${Math.floor(share * 100)}%` : step
  if (text === shown) return
  shown = text
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`)
}

/** The progress is over. */
export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}

function aligned({ columns, rows }: Table): string {
  const lines = [columns, ...rows]
  const widths = columns.map((_, at) => Math.max(...lines.map((cells) => cells[at]?.length ?? 0)))
  return lines
    .map((cells) => cells.map((cell, at) => pad(cell, widths[at] ?? 0, at === 0)).join('   '))
    .join('\n')
}

function pad(cell: string, width: number, isName: boolean): string {
  return isName ? cell.padEnd(width) : cell.padStart(width)
}
