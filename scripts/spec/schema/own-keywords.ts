// What a schema's own keywords say, without the schemas that it is composed of: a branch for each type.

import { isObject, type JsonType } from '../lib/json.ts'
import { itemsOf, member, targetOf, textOf, type Located } from '../lib/located.ts'
import { anyOfType, pruned, TYPES, uncertainty } from './branch.ts'
import { NUMBER_FORMATS, RULES } from './keywords.ts'
import { listShapeOf } from './lists.ts'
import { hasFlag, objectShapeOf } from './objects.ts'
import type { Branch, Limit, SchemaReader } from './shapes.ts'

/** Which way values travel. */
export type Direction = 'request' | 'response'

/** The flag of what does not travel. */
const DROPPED: Readonly<Record<Direction, string>> = { request: 'readOnly', response: 'writeOnly' }

/** True if a property does not travel a way. */
export function isDropped(document: unknown, direction: Direction): (property: Located) => boolean {
  return (property) => hasFlag(property, DROPPED[direction], (reference) => targetOf(document, reference))
}

/** The branches that a schema's own keywords make. */
export function ownBranches(
  place: Located,
  reader: SchemaReader,
  dropped: (property: Located) => boolean,
): Branch[] {
  const [values, limits] = [valuesIn(place), limitsIn(place)]
  return typesIn(place).flatMap((type) => {
    const name = (type === 'integer' ? 'number' : type) as JsonType
    const own = anyOfType(name, place.pointer)
    const object = name === 'object' ? objectShapeOf(place, reader, dropped) : undefined
    const unsure = object && uncertainty(object.properties.keys(), object)
    const branch = pruned({
      ...own,
      values: values ?? own.values,
      limits: new Map([
        ...(type === 'integer' ? [['integer', whole(place)] as const] : []),
        ...[...limits].filter(([keyword]) => RULES[keyword]?.type === name),
      ]),
      list: name === 'array' ? listShapeOf(place, reader) : undefined,
      object,
      opaque: new Set(unsure === undefined ? [] : [unsure]),
    })
    return branch ?? []
  })
}

function typesIn(place: Located): string[] {
  const named = member(place, 'type')
  if (typeof named.value === 'string') return [named.value]
  const listed = itemsOf(named).map(textOf)
  if (listed.length === 0) return [...TYPES]
  // Every integer is a number.
  return listed.filter((type) => type !== 'integer' || !listed.includes('number'))
}

function valuesIn(place: Located): readonly unknown[] | undefined {
  const [listed, sole] = [member(place, 'enum'), member(place, 'const')]
  const lists = [
    ...(Array.isArray(listed.value) ? [listed.value as unknown[]] : []),
    ...(sole.value === undefined ? [] : [[sole.value]]),
  ]
  const [first, second] = lists
  if (first === undefined || second === undefined) return first
  const known = new Set(second.map((value) => JSON.stringify(value)))
  return first.filter((value) => known.has(JSON.stringify(value)))
}

function whole(place: Located): Limit {
  return { keyword: 'type', value: true, stated: ['integer'], pointer: member(place, 'type').pointer }
}

/** Limits by the rule that they compare by, of two that say the same kind of thing both at once. */
function limitsIn(place: Located): Map<string, Limit> {
  const found = new Map<string, Limit>()
  if (!isObject(place.value)) return found
  const add = (name: string, keyword: string, value: unknown): void => {
    const rule = RULES[name]
    const read = value === undefined ? undefined : rule?.read(value)
    if (rule === undefined || read === undefined) return
    const other = found.get(name)
    const { value: stated, pointer } = member(place, keyword)
    const limit = { keyword, value: read, stated, pointer }
    const both = other === undefined ? read : rule.both(other.value, read)
    found.set(name, other && other.value === both ? other : { ...limit, value: both })
  }
  for (const [key, value] of Object.entries(place.value)) if (key !== 'integer') add(key, key, value)
  const { exclusiveMinimum: above, exclusiveMaximum: below, format } = place.value
  if (typeof above === 'number') add('minimum', 'exclusiveMinimum', { at: above, open: true })
  if (typeof below === 'number') add('maximum', 'exclusiveMaximum', { at: below, open: true })
  const [least, most] = (typeof format === 'string' ? NUMBER_FORMATS[format] : undefined) ?? []
  if (least !== undefined) add('minimum', 'format', { at: least, open: false })
  if (most !== undefined) add('maximum', 'format', { at: most, open: false })
  return found
}
