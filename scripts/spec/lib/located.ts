import { isObject, pointerTo, valueAt } from './json.ts'

/** A value and where it stands in its document. */
export interface Located {
  readonly value: unknown
  readonly pointer: string
}

/** The member of a located object or list. */
export function member(parent: Located, key: string | number): Located {
  const { value } = parent
  const inner: unknown = Array.isArray(value) ? value[Number(key)] : valueAt(value, String(key))
  return { value: inner, pointer: pointerTo(parent.pointer, key) }
}

/** The member found by following keys. */
export function memberAt(parent: Located, ...keys: readonly string[]): Located {
  return keys.reduce(member, parent)
}

/** All items of a located list; none of anything else. */
export function itemsOf(list: Located): Located[] {
  return Array.isArray(list.value) ? list.value.map((_, index) => member(list, index)) : []
}

/** All members of a located object by name; none of anything else. */
export function membersOf(map: Located): Map<string, Located> {
  const names = isObject(map.value) ? Object.keys(map.value) : []
  return new Map(names.map((name) => [name, member(map, name)]))
}

/** A located text; empty if there is none. */
export function textOf({ value }: Located): string {
  return typeof value === 'string' ? value : ''
}

/** True if a flag is set. */
export function isTrue({ value }: Located): boolean {
  return value === true
}

/** The component that a local reference names. */
export function targetOf(document: unknown, reference: string): Located {
  return { value: valueAt(document, ...reference.slice('#/'.length).split('/')), pointer: reference }
}

/** The value that stands at a place, or where its references lead. */
export function resolved(document: unknown, place: Located): Located {
  const seen = new Set<string>()
  let found = place
  for (;;) {
    const reference = member(found, '$ref').value
    if (typeof reference !== 'string' || seen.has(reference)) return found
    seen.add(reference)
    found = targetOf(document, reference)
  }
}
