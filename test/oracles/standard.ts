// What OpenAPI adds to JSON Schema, in JSON Schema's own words: Ajv reads no more.

import { mapSchemas } from '../../scripts/spec/contract/holds.ts'
import type { Direction } from '../../scripts/spec/schema/own-keywords.ts'
import type { Schema } from './vocabulary.ts'

/** The side of a schema: whoever sends leaves out what does not travel, whoever takes does not mind it. */
export type Side = 'sent' | 'taken'

type Keywords = Readonly<Record<string, unknown>>

const FLAGS: readonly string[] = ['readOnly', 'writeOnly']
const DROPPED = { request: 'readOnly', response: 'writeOnly' } as const

/** A schema that says the same without `nullable`, `discriminator`, `readOnly` and `writeOnly`. */
export function standard(schema: Schema, direction: Direction, side: Side): Schema {
  if (typeof schema !== 'object') return schema
  const inner = mapSchemas(travelling(schema, DROPPED[direction], side), (one) =>
    standard(one as Schema, direction, side),
  )
  const { nullable, discriminator, ...rest } = inner
  const told = discriminator === undefined ? rest : toldApart(rest, discriminator as Discriminator)
  return nullable === true ? { anyOf: [told, { type: 'null' }] } : told
}

/** A schema in which everything travels both ways. */
export function withoutFlags(schema: Schema): Schema {
  if (typeof schema !== 'object') return schema
  const inner = mapSchemas(schema, (one) => withoutFlags(one as Schema))
  return Object.fromEntries(Object.entries(inner).filter(([key]) => !FLAGS.includes(key)))
}

function travelling(schema: Keywords, flag: string, side: Side): Keywords {
  const properties = Object.entries((schema['properties'] ?? {}) as Keywords)
  const dropped = properties.filter(([, one]) => isFlagged(one, flag)).map(([name]) => name)
  if (dropped.length === 0) return schema
  const patterns = Object.keys(schema['patternProperties'] ?? {})
  const isSpokenOf = (name: string): boolean =>
    'additionalProperties' in schema || patterns.some((pattern) => new RegExp(pattern).test(name))
  const kept = properties.flatMap(([name, one]): [string, unknown][] => {
    if (!dropped.includes(name)) return [[name, one]]
    return side === 'sent' && !isSpokenOf(name) ? [[name, false]] : []
  })
  const without = (names: unknown): string[] => (names as string[]).filter((name) => !dropped.includes(name))
  const needs = Object.entries((schema['dependentRequired'] ?? {}) as Keywords)
  return {
    ...schema,
    properties: Object.fromEntries(kept),
    required: without(schema['required'] ?? []),
    dependentRequired: Object.fromEntries(needs.map(([name, others]) => [name, without(others)])),
  }
}

function isFlagged(property: unknown, flag: string): boolean {
  return typeof property === 'object' && property !== null && (property as Keywords)[flag] === true
}

interface Discriminator {
  readonly propertyName: string
  readonly mapping?: Readonly<Record<string, string>>
}

function toldApart(schema: Keywords, { propertyName, mapping = {} }: Discriminator): Keywords {
  const told = (one: Keywords): Keywords => {
    const reference = one['$ref']
    const own = typeof reference === 'string' ? reference.slice(reference.lastIndexOf('/') + 1) : undefined
    const mapped = Object.keys(mapping).filter((name) => mapping[name] === reference)
    const names = mapped.length > 0 ? mapped : [own]
    // Where an alternative refuses what it is mapped to, its own word holds.
    const isFree = own !== undefined && (NAMED[own]?.some((name) => names.includes(name)) ?? true)
    return {
      allOf: [one],
      required: [propertyName],
      ...(isFree ? { properties: { [propertyName]: { enum: names } } } : {}),
    }
  }
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      ['anyOf', 'oneOf'].includes(key) && Array.isArray(value) ? value.map(told) : value,
    ]),
  )
}

/** The names that components go by themselves. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  Bird: ['Bird'],
  Leaf: ['a'],
  Filter: ['a', 'ab'],
}
