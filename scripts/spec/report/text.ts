import type { Change, Drift, DriftClass } from '../drift.ts'
import { advice } from './advice.ts'
import { correctionsInText } from './corrections.ts'
import { sentence, verdictLine, visible } from './sentences.ts'

/** The abilities of a terminal. */
export interface Terminal {
  readonly color: boolean
}

const COLORS: Readonly<Record<DriftClass, number>> = {
  none: 32,
  version: 36,
  docs: 36,
  compatible: 33,
  breaking: 31,
}

/** For a terminal: the verdict, and one line a change or correction. */
export function inText(drift: Drift, { color }: Terminal): string {
  const paint = (name: DriftClass, text: string): string =>
    color ? `\u001B[${COLORS[name]}m${text}\u001B[39m` : text
  const width = Math.max(...drift.changes.map(({ class: name }) => name.length))
  const line = (change: Change): string =>
    `  ${paint(change.class, change.class.padEnd(width))}  ${visible(sentence(change))}  [${visible(change.pointer)}]  → ${advice(change)}`
  const verdict = `${paint(drift.drift, drift.drift)}: ${verdictLine(drift)}`
  return [verdict, ...drift.changes.map(line), ...correctionsInText(drift)].join('\n')
}
