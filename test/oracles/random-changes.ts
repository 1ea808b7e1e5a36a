// What becomes of random schemas: a change at one place, or other words for the same.

import fc from 'fast-check'
import { schemas } from './random-schemas.ts'
import type { Schema, Vocabulary } from './vocabulary.ts'

/** A schema, and what became of it at one place. */
export function changes(
  vocabulary: Vocabulary,
  depth = 2,
): fc.Arbitrary<readonly [old: Schema, now: Schema]> {
  const any = schemas(vocabulary, depth)
  return fc.oneof(
    { weight: 1, arbitrary: fc.tuple(any, any) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(any, any, fc.nat())
        .map(([old, other, at]) => [old, changedAt(old, other, at)] as const),
    },
  )
}

const SAME: readonly ((schema: Schema) => Schema)[] = [
  (schema) => ({ allOf: [schema] }),
  (schema) => ({ anyOf: [schema] }),
  (schema) => ({ oneOf: [schema] }),
  (schema) => ({ anyOf: [schema, schema] }),
  (schema) => ({ allOf: [schema, {}] }),
  (schema) => ({ not: { not: schema } }),
  (schema) => ({ if: {}, then: schema }),
]

/** So many of them leave words where they are. */
const PLAIN = 5

/** The same schema in other words. */
export function respelled(schema: Schema, how: number): Schema {
  // What is said behind a condition or an opposite is not said of the value.
  const isPlain = !/"(?:default|deprecated)":/.test(JSON.stringify(schema))
  const spell = SAME[how % (isPlain ? SAME.length : PLAIN)] ?? SAME[0]
  return spell ? spell(schema) : schema
}

/** A schema in which the place of a number is another one, or has a keyword less or more. */
function changedAt(schema: Schema, other: Schema, at: number): Schema {
  const places = placesIn(schema)
  const place = places[at % places.length] ?? []
  return replaced(schema, place, (found) => {
    if (typeof found !== 'object') return other
    const keys = Object.keys(found)
    const key = keys[at % Math.max(keys.length, 1)] ?? ''
    switch (at % 4) {
      case 0:
        return Object.fromEntries(
          Object.entries(found).filter(([name]) => name !== key || name === 'properties'),
        )
      case 1:
        return typeof other === 'object' ? { ...found, ...other } : other
      case 2:
        return { ...found, ...(typeof other === 'object' && key in other ? { [key]: other[key] } : {}) }
      default:
        return other
    }
  })
}

type Step = string | number

function placesIn(value: unknown, path: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Object.entries(value).flatMap(([key, held]) => {
    if (['properties', 'patternProperties', 'dependentSchemas'].includes(key))
      return Object.entries(held as object).flatMap(([name, schema]) =>
        placesIn(schema, [...path, key, name]),
      )
    if (['allOf', 'anyOf', 'oneOf', 'prefixItems'].includes(key))
      return (held as unknown[]).flatMap((schema, index) => placesIn(schema, [...path, key, index]))
    return ['items', 'additionalProperties', 'not', 'contains', 'if', 'then', 'else'].includes(key)
      ? placesIn(held, [...path, key])
      : []
  })
  return [path, ...inner]
}

function replaced(value: Schema, path: readonly Step[], change: (found: Schema) => Schema): Schema {
  const [key, ...rest] = path
  if (key === undefined) return change(value)
  if (Array.isArray(value))
    return value.map((item, index) =>
      index === key ? replaced(item as Schema, rest, change) : (item as Schema),
    ) as unknown as Schema
  const held = (value as Record<string, Schema>)[key] ?? {}
  return { ...(value as object), [key]: replaced(held, rest, change) }
}
