import { PipelineError, quoted } from '../lib/failure.ts'
import { byCodeUnit, isObject, pointerTo, type Json, type JsonObject } from '../lib/json.ts'

/** The kinds of component that a `$ref` may name. */
export type ComponentKind = 'schemas' | 'examples' | 'headers' | 'securitySchemes'

/** The treatment of the parts of a document that people read. */
export interface Style {
  /** True to keep what only people read: titles, descriptions, tags, and, if also `samples`, examples. */
  readonly readable: boolean
  readonly samples: boolean
  readonly words: (text: string) => string
  /** Defaults and examples. */
  readonly sample: (value: Json) => Json
}

/** Where a rule stands: the value's pointer, and what it needs of the document around it. */
export interface Place {
  readonly pointer: string
  /** The depth of the value, in levels. */
  readonly level: number
  readonly document: unknown
  readonly style: Style
  /** Called for every component that is referred to. */
  readonly follow: (kind: ComponentKind, name: string) => void
}

/** Rebuilds one value from the document, or refuses it; undefined leaves it out. */
export type Rule = (value: unknown, place: Place) => Json | undefined

/** A rule whose result is text. */
export type TextRule = (value: unknown, place: Place) => string

/** A rule whose result is an object. */
export type ObjectRule = (value: unknown, place: Place) => JsonObject

/** The known keys of an object in their canonical order, each with the rule for its value. */
export type Table = Readonly<Record<string, Rule>>

/** The greatest depth of a document where it is read. */
export const MAX_LEVELS = 200

// Keywords that are references, or that only such references need. `$id` and `$anchor` are left out as any key that is
// not known: what is referred to is found among the components, whatever it calls itself.
const REFERENCE_KEYS = ['$ref', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor']
// No map may hold these names: one is JavaScript's, every tool takes the next for a reference, and the generator
// calls the last, which a member of that name would hide.
const UNSAFE_NAMES = ['__proto__', '$ref', 'hasOwnProperty']
// The generator and its bundler act on these keys wherever they stand, plain data included.
const ACTIVE_KEYS = ['__proto__', '$ref', 'externalValue', 'discriminator', 'allOf']

/** A rule for a value that only people read, which leaves the value out if anything is wrong with it. */
export function readable(rule: Rule): Rule {
  return (value, place) => {
    if (!place.style.readable) return undefined
    try {
      return rule(value, place)
    } catch (error) {
      if (error instanceof PipelineError) return undefined
      throw error
    }
  }
}

/** Examples for people to read. Invalid ones are left out. */
export function samples(rule: Rule): Rule {
  const found = readable(rule)
  return (value, place) => (place.style.samples ? found(value, place) : undefined)
}

/** True or false. */
export const flag: Rule = (value, place) =>
  typeof value === 'boolean' ? value : refuse(place, 'is neither true nor false')

/** A number that JSON can write. */
export const numeric: Rule = (value, place) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(place, 'is not a finite number')

/** A whole number that is not negative. */
export const count: Rule = (value, place) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? value
    : refuse(place, 'is not a whole number of zero or more')

/** A rule for a value that may be a boolean instead. */
export function flagOr(rule: Rule): Rule {
  return (value, place) => (typeof value === 'boolean' ? value : rule(value, place))
}

/** A single value or a list of them. */
export function oneOrMany(one: Rule, many: Rule): Rule {
  return (value, place) => (Array.isArray(value) ? many(value, place) : one(value, place))
}

/** A list whose order says something. */
export function list(rule: Rule): Rule {
  return (value, place) => listOf(rule, value, place)
}

/** A list whose order says nothing: sorted, each value once. */
export function unordered(rule: Rule): Rule {
  return (value, place) => {
    return sortedOnce(listOf(rule, value, place))
  }
}

/** Values in canonical order, each of them once. */
export function sortedOnce(values: readonly Json[]): Json[] {
  const items = new Map(values.map((item) => [JSON.stringify(item), item]))
  return [...items].sort(([a], [b]) => byCodeUnit(a, b)).map(([, item]) => item)
}

/** A list of at least one item. */
export function notEmpty(rule: Rule): Rule {
  return (value, place) => {
    if (Array.isArray(value) && value.length === 0) refuse(place, 'is an empty list')
    return rule(value, place)
  }
}

/** A list of at most `length` items. */
export function atMost(length: number, rule: Rule): Rule {
  return (value, place) => {
    if (Array.isArray(value) && value.length > length) refuse(place, `holds more than ${length} items`)
    return rule(value, place)
  }
}

/** An object with known keys: the table's order, and nothing that the table does not name. */
export function object(table: Table, required: readonly string[] = []): ObjectRule {
  return (value, place) => {
    const found = asObject(value, place)
    for (const key of REFERENCE_KEYS) {
      if (Object.hasOwn(found, key) && !Object.hasOwn(table, key)) refuse(place, `holds ${quoted(key)}`)
    }
    for (const key of required) {
      if (!Object.hasOwn(found, key)) refuse(place, `has no ${quoted(key)}`)
    }
    return fromRebuilt(
      Object.entries(table)
        .filter(([key]) => Object.hasOwn(found, key))
        .map(([key, rule]) => [key, rule(found[key], inside(place, key))]),
    )
  }
}

/** A rebuilt object with its keys in the table's order. */
export function inOrder(table: Table, rebuilt: JsonObject): JsonObject {
  return fromRebuilt(
    Object.keys(table)
      .filter((key) => Object.hasOwn(rebuilt, key))
      .map((key) => [key, rebuilt[key]]),
  )
}

/** An object of freely chosen names, sorted; names outside `wanted` are left out. */
export function mapOf(rule: Rule, wanted = /^/, unsafe = UNSAFE_NAMES): ObjectRule {
  return (value, place) => {
    const found = asObject(value, place)
    for (const name of unsafe) {
      if (Object.hasOwn(found, name)) refuse(place, `holds the name ${quoted(name)}`)
    }
    return fromRebuilt(
      Object.keys(found)
        .filter((name) => wanted.test(name))
        .sort(byCodeUnit)
        .map((name) => [name, rule(found[name], inside(place, name))]),
    )
  }
}

/** An object of freely chosen names for texts; tools would mistake some names in it for instructions. */
export function textMap(rule: Rule): ObjectRule {
  return mapOf(rule, undefined, ACTIVE_KEYS)
}

/** Plain data of any shape. */
export const data: Rule = (value, place) => plainData(value, place)

/** A default: what a missing value means. */
export const fallback: Rule = (value, place) => place.style.sample(plainData(value, place))

/** An example: plain data for people to read. */
export const example: Rule = samples(fallback)

/** The place of a key inside the value at `place`; what is read there must not nest too deep. */
export function inside(place: Place, key: string | number): Place {
  const pointer = pointerTo(place.pointer, key)
  if (place.level === MAX_LEVELS) refuseDepth(pointer)
  return { ...place, pointer, level: place.level + 1 }
}

/** Refuses a document for what nests too deep. */
export function refuseDepth(pointer: string): never {
  refuse({ pointer: '#' }, `nests deeper than ${MAX_LEVELS} levels, at ${shortPointer(pointer)}`)
}

/** A pointer as it stands in a message; of a long one the beginning. */
export function shortPointer(pointer: string): string {
  return pointer.length > 150 ? `${pointer.slice(0, 150)}…` : pointer
}

/** Stops everything: says what is wrong with the value at `place`. */
export function refuse(place: Pick<Place, 'pointer'>, what: string): never {
  throw new PipelineError(`${place.pointer === '#' ? 'the document' : shortPointer(place.pointer)} ${what}`)
}

function plainData(value: unknown, place: Place): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number')
    return Number.isFinite(value) ? value : refuse(place, 'is not a finite number')
  if (Array.isArray(value)) return value.map((item, index) => plainData(item, inside(place, index)))
  return mapOf(plainData, undefined, ACTIVE_KEYS)(value, place)
}

function listOf(rule: Rule, value: unknown, place: Place): Json[] {
  if (!Array.isArray(value)) refuse(place, 'is not a list')
  return value.map((item, index) => rule(item, inside(place, index))).filter((item) => item !== undefined)
}

function fromRebuilt(entries: readonly (readonly [string, Json | undefined])[]): JsonObject {
  const kept: [string, Json][] = []
  for (const [key, value] of entries) if (value !== undefined) kept.push([key, value])
  return Object.fromEntries(kept)
}

function asObject(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : refuse(place, 'is not an object')
}
