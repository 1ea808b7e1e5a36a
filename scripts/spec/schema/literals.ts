// Single values, and how they fit.

import { canonicalText, isObject, jsonTypeOf } from '../lib/json.ts'
import { every, RULES } from './keywords.ts'
import { schemaAt } from './lists.ts'
import { schemasOf } from './objects.ts'
import type { Branch, ListShape, ObjectShape, Schema } from './shapes.ts'

/** True if a keyword counts. */
export type Heeded = (keyword: string) => boolean

/** True, false, or undefined if it is not decidable. */
type Told = boolean | undefined

const ALL: Heeded = () => true

/** True if a value fits a schema; undefined if this is not decidable. */
export function fits(value: unknown, schema: Schema, isHeeded: Heeded = ALL): Told {
  return some(schema.reader.branches(schema).map((branch) => fitsBranch(value, branch, isHeeded)))
}

/** True if a value fits a branch; undefined if this is not decidable. */
export function fitsBranch(value: unknown, branch: Branch, isHeeded: Heeded = ALL): Told {
  if (jsonTypeOf(value) !== branch.type) return false
  return every([
    branch.values?.map(canonicalText).includes(canonicalText(value)) ?? true,
    ...[...branch.limits].map(([name, limit]) => !isHeeded(name) || RULES[name]?.admits(value, limit.value)),
    ...(Array.isArray(value) && branch.list ? itemsFit(value, branch.list, isHeeded) : []),
    ...(isObject(value) && branch.object ? membersFit(value, branch.object, isHeeded) : []),
    ...branch.nots.map((not) => negated(fitsBranch(value, not))),
    ...(branch.opaque.size > 0 ? [undefined] : []),
  ])
}

function itemsFit(items: readonly unknown[], list: ListShape, isHeeded: Heeded): Told[] {
  return [
    ...items.map((item, index) => {
      const schema = schemaAt(list, index)
      return schema === undefined || fits(item, schema, isHeeded)
    }),
    ...list.contains.map(({ schema, least, most }): Told => {
      const told = items.map((item) => fits(item, schema))
      const sure = told.filter((one) => one === true).length
      const possible = told.filter((one) => one !== false).length
      if (possible < least || sure > most) return false
      return sure >= least && possible <= most ? true : undefined
    }),
  ]
}

function membersFit(value: Readonly<Record<string, unknown>>, object: ObjectShape, isHeeded: Heeded): Told[] {
  const names = Object.keys(value)
  const has = (name: string): boolean => Object.hasOwn(value, name)
  return [
    ...[...object.required.keys()].map(has),
    ...names.flatMap((name): Told[] => {
      const { schemas, isSure } = schemasOf(object, name, isHeeded('additionalProperties'))
      const told = schemas.map((schema) => fits(value[name], schema, isHeeded))
      return isSure ? told : [...told, undefined]
    }),
    ...object.names.flatMap((schema) => names.map((name) => fits(name, schema, isHeeded))),
    ...[...object.dependents].map(([name, needs]) => !has(name) || [...needs].every(has)),
    ...object.dependentSchemas.map(([name, schema]) => !has(name) || fits(value, schema, isHeeded)),
  ]
}

function some(told: readonly Told[]): Told {
  if (told.includes(true)) return true
  return told.includes(undefined) ? undefined : false
}

function negated(told: Told): Told {
  return told === undefined ? undefined : !told
}
