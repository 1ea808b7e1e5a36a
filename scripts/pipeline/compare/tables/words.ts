// What only people read: its changes concern no call and no type, but reach editors through the generated comments.

import type { Change } from '../../drift.ts'
import { escapeInvisible } from '../../shared/invisible.ts'
import { show, wireChange } from '../changes.ts'

/** Texts by what they are: `title`, `description`. */
export type Words = ReadonlyMap<string, unknown>

// Tags that editors and compilers obey, at the start of a word.
const TAG = /(?<![\w\\.])@[A-Za-z][\w-]*/

/** The differences of two sets of texts; those that hide something or address a tool are flagged. */
export function wordChanges(before: Words, after: Words, pointer: string, where: string): Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])]
  return keys
    .filter((key) => text(before.get(key)) !== text(after.get(key)))
    .flatMap((key) => [
      wireChange(
        'docs',
        'words-changed',
        pointer,
        where,
        `${key} ${howChanged(before.get(key), after.get(key))}`,
      ),
      ...flags(text(before.get(key)), text(after.get(key))).map((flag) =>
        wireChange('docs', 'words-suspicious', pointer, where, `${key} ${flag}: look before it is merged`),
      ),
    ])
}

function howChanged(before: unknown, after: unknown): string {
  if (before === undefined) return `is new: ${show(after)}`
  if (after === undefined) return 'is gone'
  return `reads otherwise: ${show(after)}`
}

function flags(before: string, after: string): string[] {
  const tag = TAG.exec(after)?.[0]
  const isNewTag = tag !== undefined && !before.includes(tag)
  const hides = escapeInvisible(after) !== after && escapeInvisible(before) === before
  return [
    ...(isNewTag ? [`carries the tag ${show(tag)}`] : []),
    ...(hides ? ['holds characters that cannot be seen'] : []),
  ]
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined ? '' : JSON.stringify(value)
}
