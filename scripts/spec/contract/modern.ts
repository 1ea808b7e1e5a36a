// OpenAPI 3.0 says with flags what 3.1 says with types and numbers, and earlier JSON Schema lists items by `items`.

import type { Json, JsonObject } from '../lib/json.ts'
import { sortedOnce, type Place } from './rules.ts'
import { matching } from './text-rules.ts'

/** Keywords that stay outside when a schema becomes one branch of two: they describe the value in either case. */
const NOTES = [
  'title',
  'description',
  'deprecated',
  'readOnly',
  'writeOnly',
  'default',
  'example',
  'examples',
] as const

/** Keywords that could refuse null whatever the type says. */
const COMPOSED = ['$ref', 'const', 'allOf', 'anyOf', 'oneOf', 'not', 'if'] as const

/** The document's OpenAPI; what is of 3.0 is rewritten. */
export function edition(value: unknown, place: Place): Json {
  const found = matching(/^3\.\d{1,3}(?:\.\d{1,3})?$/, 'OpenAPI 3.x')(value, place)
  return /^3\.(?:0\.|\d+$)/.test(found) ? '3.1.0' : found
}

/** A schema whose limits are numbers, none of them a flag. */
export function withNumericLimits(schema: JsonObject): JsonObject {
  return strictBound(strictBound(schema, 'minimum', 'exclusiveMinimum'), 'maximum', 'exclusiveMaximum')
}

/** A schema whose `items` is one schema: a list of them says what each of the first items is. */
export function withPrefixItems({ additionalItems, ...schema }: JsonObject): JsonObject {
  const { items, ...rest } = schema
  if (!Array.isArray(items)) return schema
  return {
    ...rest,
    ...(items.length === 0 ? {} : { prefixItems: items as Json[] }),
    ...(additionalItems === undefined ? {} : { items: additionalItems }),
  }
}

/** A schema without `nullable`: null is among its types, or a choice beside it. */
export function withNullType({ nullable, ...schema }: JsonObject): JsonObject {
  return nullable === true ? orNull(schema) : schema
}

function strictBound(schema: JsonObject, bound: string, strict: string): JsonObject {
  const { [strict]: flag, ...rest } = schema
  if (typeof flag !== 'boolean') return schema
  const { [bound]: limit, ...others } = rest
  return flag && limit !== undefined ? { ...others, [strict]: limit } : rest
}

function orNull(schema: JsonObject): JsonObject {
  const { type, enum: values } = schema
  if (type === undefined || COMPOSED.some((key) => Object.hasOwn(schema, key))) return choiceOfNull(schema)
  const listed = Array.isArray(values) ? { enum: sortedOnce([...(values as Json[]), null]) } : {}
  return { ...schema, type: sortedOnce([type, 'null'].flat()), ...listed }
}

function choiceOfNull(schema: JsonObject): JsonObject {
  const isNote = (key: string): boolean => NOTES.some((note) => note === key)
  const entries = Object.entries(schema)
  const own = entries.filter(([key]) => !isNote(key))
  if (own.length === 0) return schema
  const notes = entries.filter(([key]) => isNote(key))
  return { ...Object.fromEntries(notes), anyOf: [Object.fromEntries(own), { type: 'null' }] }
}
