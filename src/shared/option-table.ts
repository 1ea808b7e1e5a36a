import { editDistance } from './edit-distance.ts'
import { readProperties } from './read-properties.ts'
import { assertObject, invalid } from './validate.ts'
import type { Rule } from './validate.ts'

/** One option: its rule, its default, and how a value is laid over the one below it (it replaces it otherwise). */
export interface Option {
  rule: Rule
  default?: unknown
  merge?: (base: unknown, value: never) => unknown
}

/** Every option of an interface, by name. */
export type OptionTable<Options> = { readonly [Name in keyof Options]-?: Option }

/**
 * Reads each option of a table once and lays it over the base or the table's defaults.
 * @throws TypeError for a value that breaks its rule, and for an option that the table does not have
 */
export function readOptions(options: object, table: Readonly<Record<string, Option>>, base?: object): object {
  assertObject('options', options)
  const given = readProperties(options)
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(table, name) && given[name] !== undefined) throw unknown(name, table)
  }
  const resolved: Record<string, unknown> = { ...base }
  for (const [name, option] of Object.entries(table)) {
    const value = given[name]
    if (value !== undefined) {
      const [isValid, expected] = option.rule
      if (!isValid(value)) invalid(name, expected, value)
      resolved[name] = option.merge ? option.merge(resolved[name], value as never) : value
    } else if (!(name in resolved)) resolved[name] = option.default
  }
  return resolved
}

function unknown(name: string, table: object): TypeError {
  const plain = plainOf(name)
  const nearest = Object.keys(table)
    .map((option) => ({ option, distance: distanceOf(plain, plainOf(option)) }))
    .sort((a, b) => a.distance - b.distance)[0]
  const isNear = nearest && nearest.distance <= plain.length / 2
  return new TypeError(`${name} is not an option${isNear ? `: did you mean ${nearest.option}?` : ''}`)
}

/** `top_n` and `top-n` as `topn`. */
function plainOf(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase().slice(0, 40)
}

/** The edits between two names; characters that only follow the whole of a name count little: `timeout`, `timeoutMs`. */
function distanceOf(a: string, b: string): number {
  if (a.startsWith(b) || b.startsWith(a)) return 0.5
  return editDistance(a, b)
}
