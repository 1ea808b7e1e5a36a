// What only people read: its changes concern no call and no type, but reach editors through the generated comments.

import type { Change } from '../../drift.ts'
import { show, showNews, wireChange } from '../changes.ts'
import { ALWAYS } from './verdicts.ts'

/** Texts by what they are: `title`, `description`. */
export type Words = ReadonlyMap<string, unknown>

/** The differences of two sets of texts. */
export function wordChanges(before: Words, after: Words, pointer: string, where: string): Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])]
  return keys
    .filter((key) => text(before.get(key)) !== text(after.get(key)))
    .map((key) =>
      wireChange(
        ALWAYS.words,
        'words-changed',
        pointer,
        where,
        `${key} ${howChanged(before.get(key), after.get(key))}`,
      ),
    )
}

function howChanged(before: unknown, after: unknown): string {
  if (before === undefined) return `is new: ${show(after)}`
  if (after === undefined) return 'is gone'
  return `reads otherwise: ${showNews(before, after)}`
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined ? '' : JSON.stringify(value)
}
