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
 * Reads each option once by its rule, and merges it with the base or the table's defaults.
 * @throws TypeError for an invalid value or an unknown option
 */
export function readOptions(
  options: object = {},
  table: Readonly<Record<string, Option>>,
  base?: object,
): object {
  assertObject('options', options)
  const resolved: Record<string, unknown> = { ...base }
  for (const name of Object.keys(table)) resolved[name] ??= table[name]?.default
  const given = readProperties(options)
  for (const name of Object.keys(given)) {
    const value = given[name]
    if (value === undefined) continue
    const option = Object.hasOwn(table, name) ? table[name] : undefined
    if (!option) throw unknown(name, table)
    const [isValid, expected] = option.rule
    if (!isValid(value)) invalid(name, expected, value)
    resolved[name] = option.merge ? option.merge(resolved[name], value as never) : value
  }
  return resolved
}

function unknown(name: string, table: object): TypeError {
  const names = Object.keys(table)
  const plain = plainOf(name)
  const near = names.map(plainOf).findIndex((option) => option.startsWith(plain) || option.endsWith(plain))
  const advice = near < 0 ? `, but ${names.join(', ')} are` : `: did you mean ${names[near]}?`
  return new TypeError(`${name} is not an option here${advice}`)
}

/** `top_n` and `top-n` as `topn`. */
function plainOf(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase()
}
