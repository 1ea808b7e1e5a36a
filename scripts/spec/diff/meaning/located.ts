// A value, where it stands in its document, and the way from there.

import { pointerTo, valueAt } from '../../lib/json.ts'

/** A value and where it stands in its document. */
export interface Located {
  readonly value: unknown
  readonly pointer: string
}

/** Knows what the references of a document name. */
export interface References {
  /** The component that a local reference names. */
  readonly target: (reference: string) => Located
}

/** The member of a located object or list. */
export function member(parent: Located, key: string | number): Located {
  const { value } = parent
  const inner: unknown = Array.isArray(value) ? value[Number(key)] : valueAt(value, String(key))
  return { value: inner, pointer: pointerTo(parent.pointer, key) }
}

/** All members of a located list. */
export function members(list: Located): Located[] {
  return Array.isArray(list.value) ? list.value.map((_, index) => member(list, index)) : []
}

/** A located text; empty where there is none. */
export function textOf({ value }: Located): string {
  return typeof value === 'string' ? value : ''
}

/** What stands at a place, or where its references lead. */
export function resolved(place: Located, { target }: References): Located {
  const seen = new Set<unknown>()
  let found = place
  for (;;) {
    const reference = member(found, '$ref').value
    if (typeof reference !== 'string' || seen.has(reference)) return found
    seen.add(reference)
    found = target(reference)
  }
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
