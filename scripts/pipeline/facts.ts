// What the comparisons of an operation's parts have in common.

import { wireChange } from './changes.ts'
import type { Change } from './drift.ts'
import { member, type Located } from './kinds.ts'
import type { Reader } from './meaning.ts'
import { OPERATION, type Move } from './verdicts.ts'
import { wordChanges } from './words.ts'

/** Nothing, where something could have been. */
export const NOTHING: Located = { value: undefined, pointer: '#' }

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
  const wordsOf = (place: Located): Map<string, unknown> =>
    new Map(
      keys.map((key) => [key, member(place, key).value] as const).filter(([, value]) => value !== undefined),
    )
  return wordChanges(wordsOf(old), wordsOf(now), now.pointer, where)
}

/** What stands at a place, or where its references lead. */
export function resolved(place: Located, { target }: Reader): Located {
  const seen = new Set<unknown>()
  let found = place
  for (;;) {
    const reference = member(found, '$ref').value
    if (typeof reference !== 'string' || seen.has(reference)) return found
    seen.add(reference)
    found = target(reference)
  }
}

/** The members of two maps, side by side. */
export function sideBySide(
  before: ReadonlyMap<string, Located>,
  after: ReadonlyMap<string, Located>,
): (readonly [key: string, old: Located | undefined, now: Located | undefined])[] {
  const keys = new Set([...before.keys(), ...after.keys()])
  return [...keys].map((key) => [key, before.get(key), after.get(key)])
}

/** The JSON of a body. */
export function jsonOf(body: Located): Located {
  return member(member(body, 'content'), 'application/json')
}

/** The schema of a parameter or a header, which may stand in a `content`. */
export function schemaOf(place: Located): Located {
  const schema = member(place, 'schema')
  if (schema.value !== undefined) return schema
  const inside = member(jsonOf(place), 'schema')
  return inside.value === undefined ? { value: true, pointer: place.pointer } : inside
}

/** Whether a flag is set. */
export function isTrue({ value }: Located): boolean {
  return value === true
}
