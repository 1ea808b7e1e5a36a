// The keywords of a schema, in one list: what each concerns, whether anybody relies on it in responses, and for those
// that limit one value, how two limits compare.

import { isMultipleOf, multiplesAreOf } from '../lib/decimal.ts'
import { canonicalText, isObject, type JsonType } from '../lib/json.ts'
import type { Bound, Limits } from './shapes.ts'

/** The comparison of a keyword that limits single values. */
export interface Rule {
  readonly type: JsonType
  /** True if callers rely on it in responses. */
  readonly relied: boolean
  /** The value that rules compare; undefined if it limits nothing. */
  readonly read: (value: unknown) => unknown
  /** Both limits at once. */
  readonly both: (a: unknown, b: unknown) => unknown
  /** True if all that one limit lets through, the other does; the smaller side's other limits may help. */
  readonly holds: (small: unknown, large: unknown, limits: Limits) => boolean
  /** True if a value satisfies the limit; undefined if this is not decidable. */
  readonly admits: (value: unknown, limit: unknown) => boolean | undefined
}

const RELIED = true
const UNRELIED = false

/** Keywords that limit values of one type. */
export const RULES: Readonly<Record<string, Rule>> = {
  integer: flag('number', RELIED, Number.isInteger, (limits) => multiplesAreOf(divisorsOf(limits), 1)),
  minimum: bound(1),
  maximum: bound(-1),
  multipleOf: {
    type: 'number',
    relied: UNRELIED,
    read: (value) => (typeof value === 'number' && value > 0 ? [value] : undefined),
    both: joined,
    holds: (_, large, limits) => numbers(large).every((one) => multiplesAreOf(divisorsOf(limits), one)),
    admits: (value, limit) => numbers(limit).every((one) => isMultipleOf(Number(value), one)),
  },
  minLength: count('string', UNRELIED, 1, (value) => Array.from(String(value)).length),
  maxLength: count('string', UNRELIED, -1, (value) => Array.from(String(value)).length),
  pattern: texts(UNRELIED, (value, pattern) => matches(pattern, String(value))),
  format: texts(RELIED),
  contentEncoding: texts(RELIED),
  contentMediaType: texts(RELIED),
  contentSchema: texts(RELIED),
  minItems: count('array', UNRELIED, 1, (value) => (value as unknown[]).length),
  maxItems: count('array', UNRELIED, -1, (value) => (value as unknown[]).length),
  uniqueItems: flag('array', UNRELIED, (value) => {
    const items = (value as unknown[]).map(canonicalText)
    return new Set(items).size === items.length
  }),
  minProperties: count('object', UNRELIED, 1, (value) => Object.keys(value as object).length),
  maxProperties: count('object', UNRELIED, -1, (value) => Object.keys(value as object).length),
}

/** Keywords about the parts of a value, read in lists.ts and objects.ts, and about whole schemas, in normal-form.ts. */
export const STRUCTURE: readonly string[] = [
  ...[
    'items',
    'additionalItems',
    'prefixItems',
    'contains',
    'minContains',
    'maxContains',
    'unevaluatedItems',
  ],
  ...['properties', 'patternProperties', 'additionalProperties', 'propertyNames', 'unevaluatedProperties'],
  ...['required', 'dependentRequired', 'dependentSchemas', 'readOnly', 'writeOnly'],
  ...['$ref', 'type', 'nullable', 'enum', 'const', 'exclusiveMinimum', 'exclusiveMaximum'],
  ...['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'],
]

/** Keywords that say something beside which values fit; read in annotations.ts. */
export const NOTES: readonly string[] = ['default', 'deprecated', 'discriminator']

/** Keywords that only people read. */
export const WORDS: readonly string[] = ['title', 'description', 'example', 'examples']

/** Formats of numbers that bound them; the others are words. */
export const NUMBER_FORMATS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
}

/** Formats that describe how to show a text, and do not restrict it. */
export const SHOWN_FORMATS: readonly string[] = ['password']

/** The rule by which a bound compares, of which `exclusiveMinimum` and the like are other spellings. */
function bound(sign: 1 | -1): Rule {
  const tighter = (a: unknown, b: unknown): boolean => {
    const [x, y] = [a as Bound, b as Bound]
    return x.at === y.at ? x.open || !y.open : (x.at - y.at) * sign > 0
  }
  return {
    type: 'number',
    relied: UNRELIED,
    read: (value) => (typeof value === 'number' ? { at: value, open: false } : value),
    both: (a, b) => (tighter(a, b) ? a : b),
    holds: (small, large) => small !== undefined && tighter(small, large),
    admits: (value, limit) => {
      const { at, open } = limit as Bound
      return value === at ? !open : (Number(value) - at) * sign > 0
    },
  }
}

function count(type: JsonType, relied: boolean, sign: 1 | -1, size: (value: unknown) => number): Rule {
  return {
    type,
    relied,
    read: (value) => (value === 0 && sign === 1 ? undefined : value),
    both: (a, b) => (sign === 1 ? Math.max(Number(a), Number(b)) : Math.min(Number(a), Number(b))),
    holds: (small, large) => small !== undefined && (Number(small) - Number(large)) * sign >= 0,
    admits: (value, limit) => (size(value) - Number(limit)) * sign >= 0,
  }
}

function flag(
  type: JsonType,
  relied: boolean,
  admits: (value: unknown) => boolean,
  isImplied: (limits: Limits) => boolean = () => false,
): Rule {
  return {
    type,
    relied,
    read: (value) => (value === true ? true : undefined),
    both: () => true,
    holds: (small, _, limits) => small === true || isImplied(limits),
    admits,
  }
}

/** Demands that are only known by their text: each has to be made by the smaller side as well. */
function texts(
  relied: boolean,
  admits: (value: unknown, text: string) => boolean | undefined = () => undefined,
): Rule {
  return {
    type: 'string',
    relied,
    read: (value) => {
      const text = isObject(value) ? canonicalText(value) : String(value)
      return ADMITS_ALL.includes(text) ? undefined : [text]
    },
    both: joined,
    holds: (small, large) => strings(large).every((text) => strings(small).includes(text)),
    admits: (value, limit) => every(strings(limit).map((text) => admits(value, text))),
  }
}

// A pattern is searched for, and found in every text; `^.*$` is not, where lines end.
const ADMITS_ALL: readonly string[] = ['', '.*', '^', '$', ...SHOWN_FORMATS]

/** True if all are, false if one is not, and else undefined. */
export function every(told: readonly (boolean | undefined)[]): boolean | undefined {
  if (told.includes(false)) return false
  return told.includes(undefined) ? undefined : true
}

/** True if a text matches; undefined where matching could take for ever, or the pattern is of another language. */
export function matches(pattern: string, text: string): boolean | undefined {
  // Upstream wrote both, and what repeats within what repeats can take for ever.
  const repeats = pattern.match(/[*+?{]/g)?.length ?? 0
  if (pattern.includes('(') || repeats > 2 || text.length > 200 || pattern.length > 200) return undefined
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    return undefined
  }
}

function divisorsOf(limits: Limits): number[] {
  return [...numbers(limits.get('multipleOf')?.value), ...(limits.has('integer') ? [1] : [])]
}

function joined(a: unknown, b: unknown): unknown[] {
  return [...new Set([...(a as unknown[]), ...(b as unknown[])])]
}

function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.map(Number) : []
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
