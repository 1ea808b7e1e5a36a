import { readProperties } from './read-properties.ts'
import { assertObject, invalid } from './validate.ts'
import type { Rule } from './validate.ts'

/** An option: its rule, its default, and a function that merges a value with the one below it, unless it replaces it. */
export interface Option {
  rule: Rule
  default?: unknown
  merge?: (base: unknown, value: never) => unknown
}

/** Every option of an interface, by name. */
export type OptionTable<Options> = { readonly [Name in keyof Options]-?: Option }

/** Options, some of which have a default. */
export type WithDefaults<Options, Names extends keyof Options> = Options & {
  [Name in Names]-?: NonNullable<Options[Name]>
}

/**
 * Reads each option of a table once, and merges it with the base or the table's defaults.
 * @throws TypeError for an invalid value or an unknown option
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
  const [nearest] = Object.keys(table)
    .map((option) => ({ option, likeness: likenessOf(plainOf(name), plainOf(option)) }))
    .filter(({ likeness }) => likeness >= 0.5)
    .sort((a, b) => b.likeness - a.likeness)
  return new TypeError(`${name} is not an option${nearest ? `: did you mean ${nearest.option}?` : ''}`)
}

/** `top_n` and `top-n` as `topn`. */
function plainOf(name: string): string {
  return name.slice(0, 40).replace(/[_-]/g, '').toLowerCase()
}

/** The similarity of two names, by their pairs of letters: 0 to 1. */
function likenessOf(a: string, b: string): number {
  const shared = Array.from(a, (_, at) => a.slice(at, at + 2)).filter((pair) => b.includes(pair))
  return (2 * shared.length) / (a.length + b.length)
}
