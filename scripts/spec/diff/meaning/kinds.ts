// A schema's own keywords, sorted by the kinds of value that they speak of.

import { isObject, pointerTo } from '../../lib/json.ts'
import { member, type Located } from './located.ts'

/** One kind of value that a schema lets through; it says everything at once that its keywords say. */
export interface Branch {
  readonly pointer: string
  readonly keywords: ReadonlyMap<string, Located>
  readonly properties: ReadonlyMap<string, Located>
}

/** The keywords that only people read. */
export const WORDS = ['title', 'description', 'example', 'examples']

/** The keywords that say something about a value beyond its kind. */
export const NOTES = ['default', 'deprecated', 'readOnly', 'writeOnly', 'discriminator']

/** The branch that lets every value through. */
export const ANY: Branch = { pointer: '', keywords: new Map(), properties: new Map() }

const COMPOSED = ['$ref', 'allOf', 'anyOf', 'oneOf', 'nullable', 'properties', ...WORDS, ...NOTES]

const TEXT = ['minLength', 'maxLength', 'pattern', 'contentEncoding', 'contentMediaType', 'contentSchema']
const NUMBER = ['multipleOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']
const ARRAY = ['items', 'prefixItems', 'contains', 'unevaluatedItems', 'minItems', 'maxItems', 'minContains']
const OBJECT = ['patternProperties', 'additionalProperties', 'propertyNames', 'unevaluatedProperties']
const NAMES = ['required', 'dependentRequired', 'dependentSchemas', 'minProperties', 'maxProperties']

/** The keywords that say nothing about values of other types. */
const OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  string: [...TEXT, 'format'],
  number: [...NUMBER, 'format'],
  integer: [...NUMBER, 'format'],
  array: [...ARRAY, 'maxContains', 'uniqueItems'],
  object: [...OBJECT, ...NAMES, 'properties'],
  boolean: [],
  null: [],
}
const OF_SOME_TYPE = new Set(Object.values(OF_TYPE).flat())

/** Keywords at these values say what their absence says. */
const EMPTY: Readonly<Record<string, (value: unknown) => boolean>> = {
  items: isAnything,
  minItems: isZero,
  minLength: isZero,
  minProperties: isZero,
  // It is searched for, and found in every text; `^.*$` is not, where lines end.
  pattern: (value) => value === '' || value === '.*',
  uniqueItems: (value) => value === false,
  required: (value) => Array.isArray(value) && value.length === 0,
}

/** The schema's own keywords, one branch for each type that it names. */
export function kindsOf(schema: Located, split = true): Branch[] {
  const keywords = new Map<string, Located>()
  if (!isObject(schema.value)) return [{ ...ANY, pointer: schema.pointer }]
  for (const [key, value] of Object.entries(schema.value)) {
    const located = { value, pointer: pointerTo(schema.pointer, key) }
    if (COMPOSED.includes(key) || EMPTY[key]?.(value)) continue
    if (key === 'const') keywords.set('enum', { ...located, value: [value] })
    else keywords.set(key, located)
  }
  const branch = { pointer: schema.pointer, keywords, properties: mapMembers(member(schema, 'properties')) }
  const types = typesIn(keywords)
  if (!split || types.length === 0) return [branch]
  return types.map((type) => ofType(branch, type)).filter((kind) => kind !== undefined)
}

/** Whether a schema lets every value through. */
export function isAnything(schema: unknown): boolean {
  return schema === true || (isObject(schema) && Object.keys(schema).every((key) => WORDS.includes(key)))
}

/** The type that a branch is of; undefined where it is of several. */
export function typeOf(branch: Branch): string | undefined {
  const type = branch.keywords.get('type')?.value
  return typeof type === 'string' ? type : undefined
}

/** The type that keeps a branch's values apart from those of others: every integer is a number. */
export function kindOfValues(branch: Branch): string | undefined {
  const type = typeOf(branch)
  return type === 'integer' ? 'number' : type
}

/** Whether a branch is null and nothing else. */
export function isNull(branch: Branch): boolean {
  return typeOf(branch) === 'null'
}

/** Whether no value fits two of the branches: those of one type are objects that a property tells apart. */
export function areDisjoint(branches: readonly Branch[]): boolean {
  const byType = new Map<string, Branch[]>()
  for (const branch of branches) {
    const type = kindOfValues(branch)
    if (type === undefined) return branches.length === 1
    const same = byType.get(type)
    if (same) same.push(branch)
    else byType.set(type, [branch])
  }
  return [...byType.values()].every(
    (same) =>
      same.length === 1 || [...(same[0]?.properties.keys() ?? [])].some((name) => tellsApart(name, same)),
  )
}

/** Whether a property tells objects apart: each of them requires it, and names values that no other names. */
export function tellsApart(property: string, branches: readonly Branch[]): boolean {
  const objects = branches.filter((branch) => ['object', undefined].includes(typeOf(branch)))
  const named = objects.map((branch) => valuesNamed(branch, property))
  const all = named.flat().map((value) => JSON.stringify(value))
  return named.every((values) => values.length > 0) && new Set(all).size === all.length
}

function valuesNamed({ keywords, properties }: Branch, property: string): unknown[] {
  const required = keywords.get('required')?.value
  const schema = properties.get(property)?.value
  if (!Array.isArray(required) || !required.includes(property) || !isObject(schema)) return []
  const { const: value, enum: values } = schema
  return value === undefined ? (Array.isArray(values) ? values : []) : [value]
}

function typesIn(keywords: ReadonlyMap<string, Located>): string[] {
  const named = keywords.get('type')?.value
  if (typeof named === 'string') return [named]
  if (Array.isArray(named)) return named.map(String)
  const values = keywords.get('enum')?.value
  return Array.isArray(values) ? [...new Set(values.map(kindOf))] : []
}

function ofType(branch: Branch, type: string): Branch | undefined {
  const keywords = new Map<string, Located>()
  const relevant = OF_TYPE[type] ?? []
  for (const [key, located] of branch.keywords) {
    if (!OF_SOME_TYPE.has(key) || relevant.includes(key)) keywords.set(key, located)
  }
  const values = branch.keywords.get('enum')
  const listed: readonly unknown[] | undefined = Array.isArray(values?.value) ? values.value : undefined
  const fitting = listed?.filter((value) => isOf(type, value))
  if (fitting?.length === 0) return undefined
  // Whether listed numbers are integers, the list says.
  const said = fitting?.every(Number.isInteger) === true ? 'integer' : type
  keywords.set('type', { value: said, pointer: pointerTo(branch.pointer, 'type') })
  if (type === 'null') keywords.delete('enum')
  else if (values && fitting) keywords.set('enum', { ...values, value: fitting })
  return { ...branch, keywords, properties: type === 'object' ? branch.properties : new Map() }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function isOf(type: string, value: unknown): boolean {
  return kindOf(value) === type || (type === 'integer' && Number.isInteger(value))
}

function mapMembers(map: Located): Map<string, Located> {
  if (!isObject(map.value)) return new Map()
  return new Map(Object.keys(map.value).map((key) => [key, member(map, key)]))
}

function isZero(value: unknown): boolean {
  return value === 0
}
