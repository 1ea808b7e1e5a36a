// A contract as the generator writes it well: it takes what is composed for less than it says.

import { mapSchemas } from '../contract/holds.ts'
import { isObject, jsonTypeOf, valueAt, type JsonObject } from '../lib/json.ts'

type Schema = Readonly<Record<string, unknown>>

/** Keywords that stay where they are when what is beside them moves: they are said of the whole. */
const OUTSIDE: readonly string[] = [
  ...['title', 'description', 'deprecated', 'readOnly', 'writeOnly', 'default', 'example', 'examples'],
]

/** Keywords that a type can say. */
const TYPED: readonly string[] = [
  ...['$ref', 'type', 'enum', 'const', 'properties', 'additionalProperties', 'items', 'prefixItems'],
  ...['allOf', 'anyOf', 'oneOf'],
]

/** A document that says the same, in which every schema is written so that its type says as much. */
export function typeable(document: JsonObject): unknown {
  const rewrite = (value: unknown, key?: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => rewrite(item))
    if (!isObject(value)) return value
    if (key === 'schema') return schemaFor(document, value)
    if (key === 'schemas') return mapped(value, (schema) => schemaFor(document, schema))
    return mapped(value, rewrite)
  }
  return rewrite(document)
}

function schemaFor(document: JsonObject, value: unknown): unknown {
  if (!isObject(value)) return value
  const inner: Schema = mapSchemas(value, (schema) => schemaFor(document, schema))
  return [
    withNull,
    withListed,
    withoutSpareDiscriminator(document),
    withSiblings,
    withChoices,
    withoutBooleans,
  ].reduce<unknown>((schema, step) => (isObject(schema) ? step(schema) : schema), inner)
}

/** Null is not a constant to the generator. */
function withNull(schema: Schema): Schema {
  return schema['const'] === null ? { ...without(schema, ['const']), type: 'null' } : schema
}

/** The generator takes values that are listed beside the type of objects for schemas. */
function withListed(schema: Schema): unknown {
  const [types, values] = [[schema['type']].flat(), schema['enum']]
  if (!Array.isArray(values) || !types.includes('object')) return schema
  const listed = values.filter((value) => types.includes(jsonTypeOf(value)))
  return listed.length === 0 ? false : { ...only(schema, OUTSIDE), enum: listed }
}

/** Alternatives that name themselves need no discriminator, for which the generator would invent names. */
function withoutSpareDiscriminator(document: JsonObject): (schema: Schema) => Schema {
  return (schema) => {
    const property = valueAt(schema, 'discriminator', 'propertyName')
    const alternatives = [schema['oneOf'] ?? schema['anyOf'] ?? []].flat()
    if (typeof property !== 'string' || alternatives.length === 0) return schema
    const isNamed = alternatives.every((alternative) => {
      const reference = valueAt(alternative, '$ref')
      const target =
        typeof reference === 'string'
          ? valueAt(document, ...reference.slice('#/'.length).split('/'))
          : alternative
      const [own, required] = [valueAt(target, 'properties', property), valueAt(target, 'required')]
      const isListed = isObject(own) && ('const' in own || 'enum' in own)
      return isListed && Array.isArray(required) && required.includes(property)
    })
    return isNamed ? without(schema, ['discriminator']) : schema
  }
}

/** Moves a reference into `allOf`, so that the keywords beside it count. */
function withSiblings(schema: Schema): Schema {
  const { $ref, ...rest } = schema
  const own = without(rest, OUTSIDE)
  if ($ref === undefined || !isTyped(own)) return schema
  const parts = Array.isArray(own['allOf']) ? (own['allOf'] as unknown[]) : []
  return { ...only(rest, OUTSIDE), allOf: [{ $ref }, ...parts, ...wholes(without(own, ['allOf']))] }
}

/** A choice beside other keywords is one more thing that holds; one that no type tells is left out. */
function withChoices(schema: Schema): Schema {
  const choices = ['anyOf', 'oneOf'].filter((key) => Array.isArray(schema[key]))
  const own = without(schema, [...OUTSIDE, ...choices, 'discriminator'])
  if (choices.length === 0 || (!isTyped(own) && choices.length === 1)) return schema
  const parts = choices.flatMap((key) => {
    const alternatives = schema[key] as unknown[]
    return alternatives.every((one) => isObject(one) && isTyped(one))
      ? [{ ...only(schema, ['discriminator']), [key]: alternatives }]
      : []
  })
  const core = without(own, ['allOf'])
  const composed = Array.isArray(own['allOf']) ? (own['allOf'] as unknown[]) : []
  if (parts.length === 0) return { ...only(schema, OUTSIDE), ...own }
  return { ...only(schema, OUTSIDE), allOf: [...wholes(core), ...composed, ...parts] }
}

/** The generator knows no part that is true or false. */
function withoutBooleans(schema: Schema): unknown {
  const parts = schema['allOf']
  if (!Array.isArray(parts)) return schema
  if (parts.includes(false)) return false
  const kept = parts.filter((part) => part !== true)
  return kept.length === 0 ? without(schema, ['allOf']) : { ...schema, allOf: kept }
}

/** A part of its own, if it says anything that a type can say. */
function wholes(schema: Schema): Schema[] {
  return isTyped(schema) || 'required' in schema ? [schema] : []
}

function isTyped(schema: Schema): boolean {
  return TYPED.some((key) => key in schema)
}

function only(schema: Schema, keys: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => keys.includes(key)))
}

function without(schema: Schema, keys: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)))
}

function mapped(value: Schema, replace: (inner: unknown, key: string) => unknown): Schema {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner, key)]))
}
