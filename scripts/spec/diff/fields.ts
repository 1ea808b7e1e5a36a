// What the comparisons of an operation's parts have in common.

import type { Change } from '../drift.ts'
import { isTrue, member, type Located } from '../lib/located.ts'
import { difference } from './changes.ts'

/** The change of a `deprecated` flag, if it changed: what is deprecated works until it does not. */
export function deprecation(old: Located, now: Located, path: string): Change[] {
  const [before, after] = [isTrue(member(old, 'deprecated')), isTrue(member(now, 'deprecated'))]
  const kind = `deprecated-${after ? 'added' : 'removed'}`
  return difference('compatible', kind, now.pointer, path, { subject: 'deprecated', before, after })
}

/** The members of two maps, side by side. */
export function sideBySide<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): (readonly [key: string, old: Value | undefined, now: Value | undefined])[] {
  const keys = new Set([...before.keys(), ...after.keys()])
  return [...keys].map((key) => [key, before.get(key), after.get(key)])
}

/** The presence of a field: always, perhaps, or not at all. */
export function presence(
  field: { readonly isRequired: boolean } | undefined,
): 'required' | 'optional' | undefined {
  return field && (field.isRequired ? 'required' : 'optional')
}
