import type { Change, Drift } from '../drift.ts'
import { codeCell, codeSpan } from '../lib/code-span.ts'
import { cut } from '../lib/failure.ts'
import { advice } from './advice.ts'
import { correctionsInMarkdown } from './corrections.ts'
import { told, VERDICTS } from './sentences.ts'

// A pull request's body holds 65,536 characters; what stands above the table needs its share.
const MAX_TABLE = 30_000
const MAX_ROWS = 50
const MAX_WHERE = 150
const MAX_VERSION = 100

/**
 * For a pull request: the verdict, and a table of the changes, the worst first; what does not fit is counted.
 *
 * @param guide - Markdown that says what to do; it stands above the table, where nothing cuts it off.
 */
export function inMarkdown(drift: Drift, guide = ''): string {
  const { changes } = drift
  const rows = fitting(changes.map(row))
  const rest = changes.length - rows.length
  return [
    `## Upstream drift: ${drift.drift}`,
    `${capital(VERDICTS[drift.drift])}. Contract ${versions(drift)}, bump: ${drift.bump}.`,
    ...(guide === '' ? [] : [guide]),
    ...(rows.length === 0 ? [] : [[...HEAD, ...rows].join('\n')]),
    ...(rest === 0 ? [] : [`And ${rest} more.`]),
    ...correctionsInMarkdown(drift),
  ].join('\n\n')
}

const HEAD = ['| class | what | where | what to do |', '| --- | --- | --- | --- |']

function row(change: Change): string {
  const what = `${codeCell(cut(change.path, MAX_WHERE))}: ${told(change.what, codeCell)}`
  const where = codeCell(cut(change.pointer, MAX_WHERE))
  return `| ${[change.class, what, where, advice(change)].join(' | ')} |`
}

/** Escapes make a text longer, so that the rows are measured as they are written. */
function fitting(rows: readonly string[]): string[] {
  let left = MAX_TABLE
  const tooLong = rows.findIndex((text) => (left -= text.length + 1) < 0)
  return rows.slice(0, Math.min(MAX_ROWS, tooLong < 0 ? rows.length : tooLong))
}

function versions({ from, to }: Drift): string {
  const [old, now] = [from, to].map(({ version }) => codeSpan(cut(version, MAX_VERSION)))
  return from.version === to.version ? `${now}` : `${old} → ${now}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
