// Values that are near what a schema lets through: built from what it says, so that some of them fit and some just fail.

import { COMPONENTS, FORMATTED } from './random-schemas.ts'
import type { Schema } from './vocabulary.ts'

const MAX = 60

/** What was found, by the depth that was left: many schemas refer to the same ones. */
const known = new WeakMap<object, unknown[][]>()

/** Values for a schema, the nearest first. */
export function candidates(schema: Schema, depth = 4): unknown[] {
  if (typeof schema !== 'object' || depth < 0) return ['a', 1, null, {}]
  const found = known.get(schema) ?? []
  known.set(schema, found)
  return (found[depth] ??= valuesFor(schema, depth))
}

function valuesFor(schema: Exclude<Schema, boolean>, depth: number): unknown[] {
  const inner = (one: unknown): unknown[] => candidates(one as Schema, depth - 1)
  const list = (key: string): unknown[] => (Array.isArray(schema[key]) ? (schema[key] as unknown[]) : [])
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap(list).map(inner)
  const reference = schema['$ref']
  const shared =
    typeof reference === 'string'
      ? COMPONENTS[reference.slice(reference.lastIndexOf('/') + 1) as keyof typeof COMPONENTS]
      : undefined
  const conditions = ['not', 'if', 'then', 'else']
    .filter((key) => key in schema)
    .map((key) => inner(schema[key]))
  const own = [
    ...('const' in schema ? [schema['const']] : []),
    ...list('enum'),
    ...numbers(schema),
    ...strings(schema),
    ...objects(schema, inner),
    ...lists(schema, inner),
    ...([schema['type'] ?? []].flat().includes('boolean') ? [true, false] : []),
    ...('type' in schema ? [] : [null, true, {}, []]),
  ]
  const all = [...(shared ? [inner(shared)] : []), ...parts, ...conditions]
  const found = interleaved([own, ...all])
  return distinct([...merged(found), ...found]).slice(0, MAX)
}

function numbers(schema: Exclude<Schema, boolean>): number[] {
  const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].flatMap(
    (key) => (typeof schema[key] === 'number' ? [schema[key]] : []),
  )
  const near = bounds.flatMap((bound) => [bound, bound + 1, bound - 1, bound + 0.5, bound - 0.5])
  const types = [schema['type'] ?? []].flat()
  if ('format' in schema) near.push(300, -200, 2 ** 40)
  return [...near, ...(types.includes('number') || types.includes('integer') ? [2, 0, 0.5, 6, -3] : [])]
}

function strings(schema: Exclude<Schema, boolean>): string[] {
  const types = [schema['type'] ?? []].flat()
  if (!types.includes('string')) return []
  const sizes = ['minLength', 'maxLength'].flatMap((key) =>
    typeof schema[key] === 'number' ? [schema[key]] : [],
  )
  const texts = sizes.flatMap((size) =>
    [size, size + 1, Math.max(size - 1, 0)].flatMap((n) => [
      'a'.repeat(n),
      'x'.repeat(n),
      'b'.repeat(n),
      `a${'b'.repeat(n)}`,
    ]),
  )
  const formatted = 'format' in schema ? FORMATTED : []
  return [...formatted, ...texts, 'a', 'b', 'x', 'ab', '', 'aab', 'xxxxxx']
}

function objects(schema: Exclude<Schema, boolean>, inner: (one: unknown) => unknown[]): unknown[] {
  const properties = Object.entries(schema['properties'] ?? {})
  const types = [schema['type'] ?? []].flat()
  if (!types.includes('object') && properties.length === 0) return []
  const additional = schema['additionalProperties']
  const patterns = Object.values(schema['patternProperties'] ?? {})
  const others = additional === undefined ? ['a', 1] : inner(additional)
  const names = ['a', 'b', 'c'].map((name) => {
    const [, own] = properties.find(([key]) => key === name) ?? []
    return [name, own === undefined ? [...others, ...patterns.flatMap(inner)] : inner(own)] as const
  })
  const at = (pick: (index: number) => number | undefined): unknown =>
    Object.fromEntries(
      names.flatMap(([name, values], index) => {
        const chosen = pick(index)
        return chosen === undefined || values.length === 0 ? [] : [[name, values[chosen % values.length]]]
      }),
    )
  const varied = names.flatMap(([, values], index) =>
    values
      .slice(0, 12)
      .flatMap((_, which) => [
        at((other) => (other === index ? which : 0)),
        at((other) => (other === index ? which : undefined)),
        at((other) => (other === index ? which : 1)),
        ...[0, 1, 2].map((gone) => at((other) => (other === gone ? undefined : other === index ? which : 0))),
      ]),
  )
  return [
    at(() => 0),
    {},
    ...varied,
    at(() => 1),
    at(() => 2),
    { ...(at(() => 0) as object), d: others[0] },
    { d: others[0] },
  ]
}

function lists(schema: Exclude<Schema, boolean>, inner: (one: unknown) => unknown[]): unknown[] {
  const types = [schema['type'] ?? []].flat()
  if (!types.includes('array')) return []
  const prefix = (Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : []).map(inner)
  const rest = 'items' in schema ? inner(schema['items']) : ['a', 1, null]
  const wanted = 'contains' in schema ? inner(schema['contains']) : []
  const items = interleaved([rest, wanted])
  const heads = [
    prefix.map((values) => values[0]),
    ...prefix.flatMap((values, index) =>
      values.slice(0, 8).map((value) => prefix.map((others, at) => (at === index ? value : others[0]))),
    ),
  ]
  const short = heads.flatMap((head) => [head, head.slice(0, 1)])
  const some = items.slice(0, 10)
  return [
    ...short,
    [],
    ...some.map((item) => [item]),
    ...heads.slice(0, 3).flatMap((head) => some.map((item) => [...head, item])),
    ...some.flatMap((item) => [
      [item, item],
      [some[0], item],
      [item, some[0], some[1]],
      [some[0], some[1], some[2], item],
    ]),
    ...wanted
      .slice(0, 6)
      .flatMap((one) => [
        [one],
        [one, one],
        [one, rest[0]],
        [rest[0], one],
        [one, one, one],
        [one, one, one, one],
      ]),
  ]
}

/** Objects that hold what two of them do. */
function merged(values: readonly unknown[]): unknown[] {
  const found = values
    .filter((value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value))
    .slice(0, 5)
  return found.flatMap((one) => found.filter((other) => other !== one).map((other) => ({ ...one, ...other })))
}

function interleaved(lists: readonly (readonly unknown[])[]): unknown[] {
  const length = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length }, (_, index) =>
    lists.flatMap((list) => (index < list.length ? [list[index]] : [])),
  ).flat()
}

function distinct(values: readonly unknown[]): unknown[] {
  return [
    ...new Map(
      values.filter((value) => value !== undefined).map((value) => [JSON.stringify(value), value]),
    ).values(),
  ]
}
