// What schemas say about the members of objects.

import { isObject } from '../lib/json.ts'
import { isTrue, itemsOf, member, membersOf, textOf, type Located } from '../lib/located.ts'
import { matches } from './keywords.ts'
import type { ObjectShape, Schema, SchemaReader } from './shapes.ts'

/** The shape of an object of which nothing is said. */
export const EMPTY: ObjectShape = {
  isNamed: false,
  properties: new Map(),
  patterns: new Map(),
  rest: undefined,
  required: new Map(),
  dropped: new Set(),
  names: [],
  dependents: new Map(),
  dependentSchemas: [],
}

const KEYWORDS = [
  ...['properties', 'patternProperties', 'additionalProperties', 'propertyNames', 'required'],
  ...['dependentRequired', 'dependentSchemas'],
]

/**
 * The shape that a schema's own keywords give to an object; undefined if they say nothing about its members.
 *
 * @param dropped - names the property that does not travel this way.
 */
export function objectShapeOf(
  schema: Located,
  reader: SchemaReader,
  dropped: (property: Located) => boolean,
): ObjectShape | undefined {
  if (KEYWORDS.every((key) => member(schema, key).value === undefined)) return undefined
  const listed = membersOf(member(schema, 'properties'))
  const patterns = mapped(membersOf(member(schema, 'patternProperties')), reader.schema)
  const own = mapped(listed, reader.schema)
  const required = itemsOf(member(schema, 'required')).map((name) => [textOf(name), name.pointer] as const)
  const conditions = membersOf(member(schema, 'dependentSchemas'))
  const needed = membersOf(member(schema, 'dependentRequired'))
  // A condition of nothing but required names is the same in other words.
  const bare = new Map(
    [...conditions].filter(
      ([name, { value }]) => !needed.has(name) && isObject(value) && Object.keys(value).join() === 'required',
    ),
  )
  const needs = new Map([...needed, ...mapped(bare, (one) => member(one, 'required'))])
  const [rest, names] = [member(schema, 'additionalProperties'), member(schema, 'propertyNames')]
  return travelling({
    isNamed: member(schema, 'properties').value !== undefined,
    properties: new Map([...own].map(([name, property]) => [name, patterned(name, property, patterns)])),
    patterns,
    rest: rest.value === undefined ? undefined : reader.schema(rest),
    required: new Map(required),
    dropped: new Set([...listed].filter(([, property]) => dropped(property)).map(([name]) => name)),
    names: names.value === undefined ? [] : [reader.schema(names)],
    dependents: mapped(needs, (list) => new Set(itemsOf(list).map(textOf))),
    dependentSchemas: [...mapped(conditions, reader.schema)].filter(([name]) => !bare.has(name)),
  })
}

/** A shape without what it says of names that do not travel. */
function travelling(shape: ObjectShape): ObjectShape {
  const { dropped } = shape
  if (dropped.size === 0) return shape
  const kept = <Value>(map: ReadonlyMap<string, Value>): Map<string, Value> =>
    new Map([...map].filter(([name]) => !dropped.has(name)))
  const dependents = [...kept(shape.dependents)].map(
    ([name, needs]) => [name, new Set([...needs].filter((need) => !dropped.has(need)))] as const,
  )
  return {
    ...shape,
    properties: kept(shape.properties),
    required: kept(shape.required),
    dependents: new Map(dependents),
  }
}

/** Both shapes at once. */
export function bothObjects(a: ObjectShape, b: ObjectShape): ObjectShape {
  const both = (one: Schema | undefined, other: Schema | undefined): Schema | undefined =>
    (one ?? other)?.reader.both(one, other)
  const properties = new Map<string, Schema>()
  for (const name of new Set([...a.properties.keys(), ...b.properties.keys()])) {
    const schema = [...schemasOf(a, name).schemas, ...schemasOf(b, name).schemas].reduce<Schema | undefined>(
      both,
      undefined,
    )
    if (schema) properties.set(name, schema)
  }
  const patterns = new Map(a.patterns)
  for (const [pattern, schema] of b.patterns)
    patterns.set(pattern, both(patterns.get(pattern), schema) ?? schema)
  const dependents = new Map(a.dependents)
  for (const [name, needs] of b.dependents)
    dependents.set(name, new Set([...(dependents.get(name) ?? []), ...needs]))
  return travelling({
    isNamed: a.isNamed || b.isNamed,
    properties,
    patterns,
    rest: both(a.rest, b.rest),
    required: new Map([...b.required, ...a.required]),
    dropped: new Set([...a.dropped, ...b.dropped]),
    names: [...a.names, ...b.names],
    dependents,
    dependentSchemas: [...a.dependentSchemas, ...b.dependentSchemas],
  })
}

/**
 * The schemas that a member of a name has to fit.
 *
 * @returns `isSure` false if it cannot be told which patterns the name matches.
 */
export function schemasOf(
  { properties, patterns, rest }: ObjectShape,
  name: string,
  withRest = true,
): { schemas: readonly Schema[]; isSure: boolean } {
  const own = properties.get(name)
  if (own) return { schemas: [own], isSure: true }
  const told = [...patterns].map(([pattern, schema]) => ({ schema, told: matches(pattern, name) }))
  const matching = told.filter((one) => one.told === true).map(({ schema }) => schema)
  const isSure = told.every((one) => one.told !== undefined)
  if (matching.length > 0 || !isSure) return { schemas: matching, isSure }
  return { schemas: rest && withRest ? [rest] : [], isSure }
}

/** A shape whose further members fit a schema, unless they are spoken of already. */
export function withUnevaluatedProperties(shape: ObjectShape = EMPTY, schema: Schema): ObjectShape {
  return shape.rest === undefined ? { ...shape, rest: schema } : shape
}

/** A shape in which a name has to be there. */
export function withRequired(shape: ObjectShape = EMPTY, name: string, pointer: string): ObjectShape {
  return shape.required.has(name)
    ? shape
    : { ...shape, required: new Map([...shape.required, [name, pointer]]) }
}

/** A shape in which a member has to fit a further schema. */
export function withProperty(shape: ObjectShape, name: string, schema: Schema): ObjectShape {
  const found = schema.reader.both(shape.properties.get(name), schema) ?? schema
  return { ...shape, properties: new Map([...shape.properties, [name, found]]) }
}

/** True if a property does not travel: it, or what it refers to, has the flag. */
export function hasFlag(
  property: Located,
  flag: string,
  target: (reference: string) => Located,
  depth = 0,
): boolean {
  if (isTrue(member(property, flag))) return true
  if (depth > 20) return false
  const reference = textOf(member(property, '$ref'))
  const parts = [...(reference === '' ? [] : [target(reference)]), ...itemsOf(member(property, 'allOf'))]
  return parts.some((part) => hasFlag(part, flag, target, depth + 1))
}

function patterned(name: string, property: Schema, patterns: ReadonlyMap<string, Schema>): Schema {
  return [...patterns]
    .filter(([pattern]) => matches(pattern, name) === true)
    .reduce((found, [, schema]) => found.reader.both(found, schema) ?? found, property)
}

function mapped<Value>(
  map: ReadonlyMap<string, Located>,
  read: (place: Located) => Value,
): Map<string, Value> {
  return new Map([...map].map(([name, place]) => [name, read(place)]))
}
