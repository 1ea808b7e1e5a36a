import type { Change } from '../../drift.ts'
import { isObject } from '../../lib/json.ts'
import { wireChange } from '../changes.ts'
import type { Branch } from '../meaning/kinds.ts'
import type { Located } from '../meaning/located.ts'
import type { Meaning, Reader } from '../meaning/meaning.ts'
import { STRUCTURE, type Move } from './verdicts.ts'

/** Which way a value travels; it decides what a change of its schema means. */
export type Direction = 'request' | 'answer'

/** A comparison of the schemas of two documents. */
export interface Comparison {
  readonly before: Reader
  readonly after: Reader
  readonly direction: Direction
  /** Pairs that have been compared, or are being compared: a schema may hold itself. */
  readonly seen: Map<Meaning, ReadonlySet<Meaning>>
  /** Steps left: schemas can be written so that a comparison takes for ever. */
  readonly budget: { left: number }
  /** How deep within the schemas this one is. */
  readonly depth: number
  /** Compares schemas within the schemas. */
  readonly schemas: (comparison: Comparison, old: Located, now: Located, where: string) => Change[]
  /** Compares choices within the schemas. */
  readonly alternatives: (
    comparison: Comparison,
    before: readonly Branch[],
    after: readonly Branch[],
    pointer: string,
    where: string,
  ) => Change[]
}

/** A change of what a schema holds, judged by the table for its direction. */
export function structural(
  { direction }: Comparison,
  id: keyof typeof STRUCTURE,
  move: Move,
  pointer: string,
  where: string,
  what: string,
): Change {
  const verdict = STRUCTURE[id][direction === 'request' ? 0 : 1]
  return wireChange(verdict[move], `${direction}-${id.replaceAll(' ', '-')}-${move}`, pointer, where, what)
}

/** What happened to something that was, and is, perhaps not there. */
export function moveOf(old: unknown, now: unknown): Move {
  if (old === undefined) return 'added'
  return now === undefined ? 'removed' : 'changed'
}

/** The names in either of two located objects. */
export function namesIn(old: Located, now: Located): string[] {
  const keys = [old.value, now.value].flatMap((value) => (isObject(value) ? Object.keys(value) : []))
  return [...new Set(keys)]
}

/** Whether a change breaks somebody. */
export function breaks(changes: readonly Change[]): boolean {
  return changes.some((change) => change.class === 'breaking')
}
