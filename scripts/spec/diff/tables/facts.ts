// What the comparisons of an operation's parts have in common.

import type { Change } from '../../drift.ts'
import { wireChange } from '../changes.ts'
import { isTrue, member, type Located } from '../meaning/located.ts'
import { OPERATION, type Move } from './verdicts.ts'
import { wordChanges, type Words } from './words.ts'

/** A change of what an operation holds, judged by the table. */
export function fact(
  id: keyof typeof OPERATION,
  move: Move,
  pointer: string,
  where: string,
  what: string,
): Change {
  return wireChange(OPERATION[id][move], `${id.replaceAll(' ', '-')}-${move}`, pointer, where, what)
}

/** The change of a flag, if it changed. */
export function flagChange(key: 'deprecated', old: Located, now: Located, where: string): Change[] {
  const [was, is] = [isTrue(member(old, key)), isTrue(member(now, key))]
  if (was === is) return []
  const [move, what] = is
    ? (['added', `is ${key} now`] as const)
    : (['removed', `is ${key} no longer`] as const)
  return [fact('deprecation', move, now.pointer, where, what)]
}

/** The changes of what only people read. */
export function texts(old: Located, now: Located, where: string, keys: readonly string[]): Change[] {
  const wordsOf = (place: Located): Words => new Map(keys.map((key) => [key, member(place, key).value]))
  return wordChanges(wordsOf(old), wordsOf(now), now.pointer, where)
}

/** The members of two maps, side by side. */
export function sideBySide(
  before: ReadonlyMap<string, Located>,
  after: ReadonlyMap<string, Located>,
): (readonly [key: string, old: Located | undefined, now: Located | undefined])[] {
  const keys = new Set([...before.keys(), ...after.keys()])
  return [...keys].map((key) => [key, before.get(key), after.get(key)])
}
