// Branches, and operations on them: combine, exclude, distinguish.

import { canonicalText, jsonTypeOf, type JsonType } from '../lib/json.ts'
import { RULES } from './keywords.ts'
import { bothLists } from './lists.ts'
import { bothObjects, schemasOf } from './objects.ts'
import type { Bound, Branch, Limit, Limits, ObjectShape } from './shapes.ts'

/** The types of values. */
export const TYPES: readonly JsonType[] = ['array', 'boolean', 'null', 'number', 'object', 'string']

/** Branches that let every value through. */
export function anything(pointer: string): Branch[] {
  return TYPES.map((type) => anyOfType(type, pointer))
}

/** The values of the types that have no others. */
const ALL_VALUES: Readonly<Partial<Record<JsonType, readonly unknown[]>>> = {
  boolean: [false, true],
  null: [null],
}

/** A branch that lets every value of a type through. */
export function anyOfType(type: JsonType, pointer: string): Branch {
  return {
    type,
    pointer,
    values: ALL_VALUES[type],
    limits: new Map(),
    list: undefined,
    object: undefined,
    nots: [],
    opaque: new Set(),
  }
}

/** True if a branch lets every value of its type through. */
export function isWhole({ type, values, limits, list, object, nots, opaque }: Branch): boolean {
  const isFree = values?.length === ALL_VALUES[type]?.length
  return isFree && limits.size + nots.length + opaque.size === 0 && list === undefined && object === undefined
}

/** Branches that let through what fits one of each side. */
export function intersection(a: readonly Branch[], b: readonly Branch[]): Branch[] {
  return a.flatMap((one) => b.flatMap((other) => (one.type === other.type ? (both(one, other) ?? []) : [])))
}

/** Branches that let through what fits none of others. */
export function without(branches: readonly Branch[], others: readonly Branch[]): Branch[] {
  return branches.flatMap((branch) => {
    const nots = others.filter(({ type }) => type === branch.type)
    if (nots.some(isWhole)) return []
    return nots.length === 0 ? branch : { ...branch, nots: [...new Set([...branch.nots, ...nots])] }
  })
}

/** Branches of which one stands for those that say the same. */
export function distinct(branches: readonly Branch[]): Branch[] {
  return [...new Map(branches.map((branch) => [textOf(branch), branch])).values()]
}

/** A branch without the values that its own limits refuse; undefined if it lets nothing through. */
export function pruned(branch: Branch): Branch | undefined {
  const limits = branch.limits.has('integer') ? onIntegers(branch.limits) : branch.limits
  const all = branch.values ?? (limits.get('maxLength')?.value === 0 ? [''] : undefined)
  const values = all?.filter(
    (value) =>
      jsonTypeOf(value) === branch.type &&
      [...limits].every(([name, limit]) => RULES[name]?.admits(value, limit.value) !== false),
  )
  return values?.length === 0 || isEmptyRange(limits) ? undefined : { ...branch, values, limits }
}

/** A text for what an object says of names that may or may not match its patterns; undefined if all is clear. */
export function uncertainty(names: Iterable<string>, shape: ObjectShape): string | undefined {
  const isSure = [...names].every((name) => schemasOf({ ...shape, properties: new Map() }, name).isSure)
  return isSure ? undefined : `patterns ${[...shape.patterns.keys()].sort().join(' ')}`
}

/** All that two branches of one type say; undefined if it is plain that no value fits both. */
export function both(a: Branch, b: Branch): Branch | undefined {
  if (isWhole(a)) return b
  if (isWhole(b)) return a
  return pruned({
    type: a.type,
    pointer: a.pointer,
    values: bothValues(a.values, b.values),
    limits: bothLimits(a.limits, b.limits),
    list: a.list && b.list ? bothLists(a.list, b.list) : (a.list ?? b.list),
    object: a.object && b.object ? bothObjects(a.object, b.object) : (a.object ?? b.object),
    nots: [...new Set([...a.nots, ...b.nots])],
    opaque: new Set([...a.opaque, ...b.opaque, ...uncertainOf(a.object, b.object)]),
  })
}

function bothValues(a: Branch['values'], b: Branch['values']): Branch['values'] {
  if (a === undefined || b === undefined) return a ?? b
  const known = new Set(b.map(canonicalText))
  return a.filter((value) => known.has(canonicalText(value)))
}

function bothLimits(a: Limits, b: Limits): Limits {
  const limits = new Map<string, Limit>(a)
  for (const [name, limit] of b) {
    const other = limits.get(name)
    const value = other ? RULES[name]?.both(other.value, limit.value) : limit.value
    limits.set(name, other && value === other.value ? other : { ...limit, value })
  }
  return limits
}

/** Questions that two shapes together leave open: which names the patterns of one share with what the other says. */
function uncertainOf(a: ObjectShape | undefined, b: ObjectShape | undefined): string[] {
  if (!a || !b || a.patterns.size + b.patterns.size === 0) return []
  const isMixed = [
    [a, b],
    [b, a],
  ].some(
    ([one, other]) => one && other?.rest && [...one.patterns.keys()].some((key) => !other.patterns.has(key)),
  )
  const unsure = [uncertainty(a.properties.keys(), b), uncertainty(b.properties.keys(), a)]
  const mixed = isMixed
    ? `patterns ${[...a.patterns.keys(), ...b.patterns.keys()].sort().join(' ')}`
    : undefined
  return [...unsure, mixed].filter((text) => text !== undefined)
}

/** Integers end at integers: below 11 is 10 at most. */
function onIntegers(limits: Limits): Limits {
  const found = new Map(limits)
  for (const [name, round, step] of ROUNDED) {
    const limit = limits.get(name)
    if (limit === undefined) continue
    const { at, open } = limit.value as Bound
    const end = round(at)
    found.set(name, { ...limit, value: { at: open && end === at ? at + step : end, open: false } })
  }
  return found
}

const ROUNDED = [
  ['minimum', Math.ceil, 1],
  ['maximum', Math.floor, -1],
] as const

const RANGES = [
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
] as const

function isEmptyRange(limits: Limits): boolean {
  const [least, most] = ['minimum', 'maximum'].map((name) => limits.get(name)?.value as Bound | undefined)
  if (least && most && (least.at > most.at || (least.at === most.at && (least.open || most.open))))
    return true
  return RANGES.some(
    ([from, to]) => Number(limits.get(from)?.value ?? 0) > Number(limits.get(to)?.value ?? Infinity),
  )
}

/** The content of a branch as a text: the same only for branches that say the same. */
function textOf(branch: Branch): string {
  const { type, values, limits, list, object, nots, opaque } = branch
  const ids = (map: ReadonlyMap<string, { id: string }>): string[][] =>
    [...map].map(([name, { id }]) => [name, id])
  return canonicalText([
    ...[
      type,
      values ?? null,
      [...limits].map(([name, { value }]) => [name, value]).sort(),
      [...opaque].sort(),
    ],
    list && [
      list.prefix.map((item) => item?.id),
      list.rest?.id,
      list.contains.map((one) => [one.schema.id, one.least, one.most]),
    ],
    object && [
      ...[object.isNamed, ids(object.properties).sort(), ids(object.patterns).sort(), object.rest?.id],
      ...[[...object.required.keys()].sort(), [...object.dropped].sort(), object.names.map(({ id }) => id)],
      [...object.dependents].map(([name, needs]) => [name, [...needs]]),
      object.dependentSchemas.map(([name, { id }]) => [name, id]),
    ],
    nots.map(textOf).sort(),
  ])
}
