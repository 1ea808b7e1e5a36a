import { columnsOf, cut, printable } from '../text.ts'

/** A line of the table. */
export interface Row {
  score: number
  /** The words before the text, such as the name of its file. */
  label?: string | undefined
  text: string
}

/** Where the table is shown. */
export interface TableStyle {
  /** Columns of the terminal; `undefined` if there is none: nothing is cut, and there is no heading. */
  columns: number | undefined
  coloured: boolean
}

/** Rows with their rank, score, bar and text, as lines. */
export function tableLines(rows: readonly Row[], { columns, coloured }: TableStyle): string[] {
  const paint = coloured ? escaped : plain
  const rankWidth = Math.max(3, String(rows.length).length)
  const scores = rows.map(({ score }) => score.toFixed(3))
  const scoreWidth = Math.max(5, ...scores.map(({ length }) => length))
  const barWidth = widthOfBar(columns)
  const room = columns && Math.max(columns - rankWidth - scoreWidth - barWidth - 6, 4)

  const lines = rows.map((row, index) => {
    const rank = String(index + 1).padStart(rankWidth)
    const bar = paint(GREEN, barOf(row.score, barWidth).padEnd(barWidth))
    return [rank, scores[index]?.padStart(scoreWidth), bar, textOf(row, room, paint)].join('  ').trimEnd()
  })
  if (columns === undefined || rows.length === 0) return lines
  const heading = ['#'.padStart(rankWidth), 'score'.padStart(scoreWidth), 'relevance'.padEnd(barWidth)]
  return [paint(DIM, [...heading, 'document'].join('  ').slice(0, columns)), ...lines]
}

type Paint = (style: number, text: string) => string

const DIM = 2
const GREEN = 32
const CYAN = 36

const plain: Paint = (_, text) => text
const escaped: Paint = (style, text) => (text === '' ? '' : `\u001B[${style}m${text}\u001B[0m`)

/** A fifth of the terminal, from 9 to 20 columns. */
function widthOfBar(columns = Infinity): number {
  return Math.min(Math.max(Math.floor(columns / 5), 9), 20)
}

/** A score from 0 to 1 in eighths of a column. */
function barOf(score: number, width: number): string {
  const eighths = Math.round(Math.min(Math.max(score, 0), 1) * width * 8)
  return '█'.repeat(eighths / 8) + ' ▏▎▍▌▋▊▉'.charAt(eighths % 8).trim()
}

function textOf({ label, text }: Row, room: number | undefined, paint: Paint): string {
  if (label === undefined) return room === undefined ? printable(text) : cut(text, room)
  const name = room === undefined ? printable(label) : cut(label, room)
  const left = room && room - columnsOf(name) - 2
  if (left === undefined) return `${paint(CYAN, name)}  ${printable(text)}`
  return paint(CYAN, name) + (left < 8 ? '' : `  ${cut(text, left)}`)
}
