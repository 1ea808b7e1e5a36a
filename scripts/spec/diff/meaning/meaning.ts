// What a schema says, whichever way it is written: the form in which two schemas are compared. It is made one level
// at a time, so that schemas may refer to themselves.

import { quoted } from '../../lib/failure.ts'
import { byCodeUnit, isObject, valueAt } from '../../lib/json.ts'
import { ANY, areDisjoint, isNull, kindsOf, NOTES, typeOf, WORDS, type Branch } from './kinds.ts'
import { member, members, type Located, type References } from './located.ts'

/** What a schema says: a value must fit one of the branches, so that where there are none, none does. */
export interface Meaning {
  readonly pointer: string
  readonly branches: readonly Branch[]
  /** Whether a value that fits two branches is refused. */
  readonly exclusive: boolean
  /** What is said about the value beyond its kind: default, deprecated, readOnly, writeOnly, discriminator. */
  readonly notes: ReadonlyMap<string, Located>
  /** What only people read. */
  readonly words: ReadonlyMap<string, unknown>
}

/** Reads what the schemas of one document say. */
export interface Reader extends References {
  /** What a schema says; the same object for the same schema. */
  readonly read: (schema: Located) => Meaning
}

/** A reader of the schemas of a document; a reference that leads nowhere says nothing. */
export function readerOf(document: unknown): Reader {
  const known = new Map<unknown, Meaning>()
  const target = (reference: string): Located => ({
    value: valueAt(document, ...reference.slice('#/'.length).split('/')),
    pointer: reference,
  })
  const read = (schema: Located): Meaning => {
    const found = known.get(schema.value)
    if (found !== undefined) return found
    if (typeof schema.value !== 'object') return meaningOf(schema, { read, target })
    // A schema that is made of itself ends at whatever its other parts say.
    known.set(schema.value, { ...NOTHING_SAID, pointer: schema.pointer })
    const meaning = meaningOf(schema, { read, target })
    known.set(schema.value, meaning)
    return meaning
  }
  return { read, target }
}

const NOTHING_SAID = { branches: [ANY], exclusive: false, notes: new Map(), words: new Map() }

function meaningOf(schema: Located, reader: Reader): Meaning {
  const { value, pointer } = schema
  if (value === false) return { ...NOTHING_SAID, pointer, branches: [] }
  if (!isObject(value)) return { ...NOTHING_SAID, pointer, branches: [{ ...ANY, pointer }] }

  const target = typeof value['$ref'] === 'string' ? [reader.target(value['$ref'])] : []
  const parts = [...target, ...members(member(schema, 'allOf'))].map(reader.read)
  const choices = ['anyOf', 'oneOf'].filter((key) => Object.hasOwn(value, key))
  const unions = choices.map((key) => unionOf(member(schema, key), key === 'oneOf', reader, value))
  const own = { ...NOTHING_SAID, pointer, branches: kindsOf(schema) }

  const all = [...parts, ...unions]
  const composed = all.reduce<Meaning | undefined>((a, b) => a && both(a, b), own)
  const plain = composed ?? { ...NOTHING_SAID, pointer, branches: [uncomposed(schema)] }
  return {
    pointer,
    branches: distinct(plain.branches),
    exclusive: plain.exclusive,
    notes: merged([...all.map(({ notes }) => notes), notesOf(schema)]),
    words: merged([...all.map(({ words }) => words), wordsOf(value)]),
  }
}

/** What anyOf or oneOf says; a single branch beside null lends its words to the whole. */
function unionOf(
  list: Located,
  one: boolean,
  reader: Reader,
  parent: Readonly<Record<string, unknown>>,
): Meaning {
  const inner = members(list).map(reader.read)
  const all = distinct(inner.flatMap((meaning) => meaning.branches))
  const branches = listed(one ? all : withoutSpareIntegers(all), one)
  const real = inner.filter((meaning) => !meaning.branches.every(isNull))
  const apart = 'discriminator' in parent || areDisjoint(branches)
  return {
    pointer: list.pointer,
    branches,
    exclusive: (one && !apart) || inner.some(({ exclusive }) => exclusive),
    notes: merged(inner.map(({ notes }) => notes)),
    words: real.length === 1 ? merged(real.map(({ words }) => words)) : byBranch(real),
  }
}

/** Alternatives that are values of one type are one list, unless two of them refuse what both name. */
function listed(branches: readonly Branch[], one: boolean): Branch[] {
  const lists = new Map<string, Branch>()
  const merged = branches.map((branch) => {
    const type = typeOf(branch)
    if (type === undefined || valuesOf(branch).length === 0) return branch
    const list = lists.get(type)
    if (list !== undefined && one && valuesOf(list).some((value) => valuesOf(branch).includes(value)))
      return branch
    const grown = list === undefined ? branch : withValues(list, valuesOf(branch))
    lists.set(type, grown)
    return type
  })
  return [...new Set(merged)].flatMap((found) =>
    typeof found === 'string' ? (lists.get(found) ?? []) : found,
  )
}

/** The values of a branch that is nothing but a list of them. */
function valuesOf({ keywords, properties }: Branch): readonly unknown[] {
  const values = keywords.get('enum')?.value
  return Array.isArray(values) && keywords.size === 2 && properties.size === 0 ? values : []
}

function withValues(list: Branch, more: readonly unknown[]): Branch {
  const pointer = list.keywords.get('enum')?.pointer ?? list.pointer
  const value = [...new Set([...valuesOf(list), ...more])]
  return { ...list, keywords: new Map([...list.keywords, ['enum', { value, pointer }]]) }
}

/** Both at once; undefined where that takes more than putting keywords together. */
function both(a: Meaning, b: Meaning): Meaning | undefined {
  if (a.branches.length === 0) return a
  if (b.branches.length === 0) return { ...b, pointer: a.pointer }
  const [first, second] = [a.branches[0], b.branches[0]]
  if (a.branches.length === 1 && first && saysNothing(first)) return { ...b, pointer: a.pointer }
  if (b.branches.length === 1 && second && saysNothing(second)) return a
  if (a.branches.length !== 1 || b.branches.length !== 1 || !first || !second) return undefined
  const branch = together(first, second)
  return branch && { ...a, branches: [branch], exclusive: a.exclusive || b.exclusive }
}

function together(a: Branch, b: Branch): Branch | undefined {
  const keywords = new Map([...a.keywords, ...b.keywords])
  const closed = keywords.has('additionalProperties') || keywords.has('unevaluatedProperties')
  if (closed && a.properties.size > 0 && b.properties.size > 0) return undefined
  for (const [key, { value }] of a.keywords) {
    const other = b.keywords.get(key)
    if (other === undefined || JSON.stringify(other.value) === JSON.stringify(value)) continue
    if (key !== 'required' || !Array.isArray(value) || !Array.isArray(other.value)) return undefined
    keywords.set(key, { ...other, value: unionOfNames(value, other.value) })
  }
  for (const [name, { value }] of a.properties) {
    const other = b.properties.get(name)
    if (other && JSON.stringify(other.value) !== JSON.stringify(value)) return undefined
  }
  return { pointer: a.pointer, keywords, properties: new Map([...a.properties, ...b.properties]) }
}

function unionOfNames(...lists: readonly (readonly unknown[])[]): unknown[] {
  return [...new Set(lists.flat())].sort()
}

/** The schema's own keywords, and as they are its lists of parts that could not be put together. */
function uncomposed(schema: Located): Branch {
  const [own] = kindsOf(schema, false)
  const keywords = new Map(own?.keywords)
  const target = valueAt(schema.value, '$ref') === undefined ? [] : [{ $ref: valueAt(schema.value, '$ref') }]
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    const list = member(schema, key)
    const parts = members(list).map(({ value }) => value)
    const value = key === 'allOf' ? [...target, ...parts] : parts
    if (value.length > 0) keywords.set(key, { ...list, value })
  }
  return { pointer: schema.pointer, keywords, properties: own?.properties ?? new Map<string, Located>() }
}

/** The last of several that say the same thing. */
function merged<Value>(maps: readonly ReadonlyMap<string, Value>[]): Map<string, Value> {
  return new Map(maps.flatMap((map) => [...map]))
}

function distinct(branches: readonly Branch[]): Branch[] {
  return [...new Map(branches.map((branch) => [textOf(branch), branch])).values()]
}

/** Every integer is a number: where numbers may be, integers of the same bounds are nothing more. */
function withoutSpareIntegers(branches: readonly Branch[]): Branch[] {
  const known = new Set(branches.map((branch) => textOf(branch)))
  return branches.filter((branch) => typeOf(branch) !== 'integer' || !known.has(textOf(branch, 'number')))
}

/** What a branch says, perhaps of another type; the same for branches that say the same. */
function textOf({ keywords, properties }: Branch, type?: string): string {
  const said = [...keywords, ...properties].map(([key, { value }]) => [key, value] as const)
  return JSON.stringify(said.map(([key, value]) => [key, key === 'type' ? (type ?? value) : value]))
}

function saysNothing({ keywords, properties }: Branch): boolean {
  return keywords.size + properties.size === 0
}

function notesOf(schema: Located): Map<string, Located> {
  const present = NOTES.map((key) => [key, member(schema, key)] as const)
  return new Map(
    present.filter(([key, { value }]) => value !== undefined && (value !== false || key === 'default')),
  )
}

function wordsOf(value: Readonly<Record<string, unknown>>): Map<string, unknown> {
  return new Map(WORDS.filter((key) => Object.hasOwn(value, key)).map((key) => [key, value[key]]))
}

/** The words of alternatives, which have no order: each goes by its title, or else by where its words sort. */
function byBranch(parts: readonly Meaning[]): Map<string, unknown> {
  const texts = parts.map(({ words }) => ({ words, sorts: JSON.stringify([...words]) }))
  const spoken = texts.filter(({ words }) => words.size > 0).sort((a, b) => byCodeUnit(a.sorts, b.sorts))
  return new Map(
    spoken.flatMap(({ words }, index) => {
      const name = words.has('title') ? quoted(String(words.get('title'))) : index + 1
      return [...words].map(([key, text]) => [key.includes(' of ') ? key : `${key} of ${name}`, text])
    }),
  )
}
