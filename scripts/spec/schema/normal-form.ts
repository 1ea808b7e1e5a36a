// What a schema says, however it is written: the branches of which a value has to fit one. `allOf`, references and
// keywords beside them are put together; a `oneOf` is its alternatives, each without the others; a condition is two
// alternatives; a discriminator is a constant in each. Read one level at a time, so that schemas may hold themselves.

import { isObject } from '../lib/json.ts'
import { itemsOf, member, membersOf, targetOf, textOf, type Located } from '../lib/located.ts'
import { anything, distinct, intersection, without } from './branch.ts'
import { identityIn } from './identity.ts'
import { WORDS } from './keywords.ts'
import { withUnevaluatedItems } from './lists.ts'
import { withProperty, withRequired, withUnevaluatedProperties } from './objects.ts'
import { isDropped, ownBranches, type Direction } from './own-keywords.ts'
import type { Branch, Schema, SchemaReader } from './shapes.ts'

/** The most branches that are combined. A schema with more is compared by its identity. */
const MAX_BRANCHES = 128

let readers = 0

/** Reads the schemas of a document, for values that travel one way. */
export class DocumentReader implements SchemaReader {
  readonly #document: unknown
  readonly #number = ++readers
  readonly #isDropped: (property: Located) => boolean
  readonly #identityOf: (schema: unknown) => string
  readonly #ids = new Map<unknown, number>()
  readonly #schemas = new Map<string, Schema>()
  readonly #branches = new Map<string, readonly Branch[]>()

  constructor(document: unknown, direction: Direction) {
    this.#document = document
    this.#isDropped = isDropped(document, direction)
    this.#identityOf = identityIn(document)
  }

  readonly schema = (place: Located): Schema => this.#together([this.#named(place)])

  /** The component that a place is nothing but a reference to: it is the same wherever it is referred to. */
  #named(place: Located, depth = 0): Located {
    const isBare =
      isObject(place.value) && Object.keys(place.value).every((key) => key === '$ref' || WORDS.includes(key))
    const reference = textOf(member(place, '$ref'))
    return isBare && reference !== '' && depth < 50
      ? this.#named(targetOf(this.#document, reference), depth + 1)
      : place
  }

  both(a: Schema | undefined, b: Schema | undefined): Schema | undefined {
    return a && b ? this.#together([...a.parts, ...b.parts]) : (a ?? b)
  }

  branches({ id, parts }: Schema): readonly Branch[] {
    const found = this.#branches.get(id)
    if (found !== undefined) return found
    const [first] = parts
    // A schema that is made of itself says what its other parts say, and something that nobody can read.
    this.#branches.set(
      id,
      withText(anything(first?.pointer ?? ''), `itself ${this.identity({ id, parts, reader: this })}`),
    )
    const branches =
      first && parts.length === 1
        ? this.#read(first)
        : this.#intersection(parts.map((part) => [part, this.#of(part)]))
    this.#branches.set(id, branches)
    return branches
  }

  identity({ parts }: Schema): string {
    return parts
      .map(({ value }) => this.#identityOf(value))
      .sort()
      .join(' ')
  }

  #together(parts: readonly Located[]): Schema {
    const byId = new Map(parts.map((part) => [this.#idOf(part.value), part]))
    const id = `${this.#number}:${[...byId.keys()].sort((a, b) => a - b).join('+')}`
    const found = this.#schemas.get(id) ?? { id, parts: [...byId.values()], reader: this }
    this.#schemas.set(id, found)
    return found
  }

  #idOf(value: unknown): number {
    const id = this.#ids.get(value) ?? this.#ids.size
    this.#ids.set(value, id)
    return id
  }

  #of(place: Located): readonly Branch[] {
    return this.branches(this.schema(place))
  }

  #read(place: Located): readonly Branch[] {
    if (place.value === false) return []
    if (!isObject(place.value)) return anything(place.pointer)
    const reference = textOf(member(place, '$ref'))
    const [not, condition] = [member(place, 'not'), member(place, 'if')]
    const parts: Part[] = [
      [place, ownBranches(place, this, this.#isDropped)],
      ...[
        ...(reference === '' ? [] : [targetOf(this.#document, reference)]),
        ...itemsOf(member(place, 'allOf')),
      ].map((part): Part => [part, this.#of(part)]),
      ...this.#alternatives(place, 'anyOf').map((list): Part => [
        member(place, 'anyOf'),
        distinct(list.flat()),
      ]),
      ...this.#alternatives(place, 'oneOf').map((list): Part => [
        member(place, 'oneOf'),
        distinct(exclusive(list)),
      ]),
      ...(not.value === undefined ? [] : [[not, this.#negated(not)] as const]),
      ...(condition.value === undefined ? [] : [[condition, this.#conditional(place, condition)] as const]),
    ]
    return this.#withUnevaluated(place, this.#intersection(parts))
  }

  /** The branches of parts that hold at once; a part that would make too many is kept by its identity instead. */
  #intersection(parts: readonly Part[]): readonly Branch[] {
    const [first, ...others] = parts
    return others.reduce<readonly Branch[]>((found, [part, branches]) => {
      if (found.length * branches.length <= MAX_BRANCHES ** 2) {
        const both = distinct(intersection(found, branches))
        if (both.length <= Math.max(MAX_BRANCHES, found.length, branches.length)) return both
      }
      return withText(found, this.#identityOf(part.value))
    }, first?.[1] ?? [])
  }

  /** The alternatives that a keyword lists, as a list of one, or of none if there is no such keyword. */
  #alternatives(place: Located, keyword: 'anyOf' | 'oneOf'): (readonly Branch[])[][] {
    const list = member(place, keyword)
    return list.value === undefined ? [] : [itemsOf(list).map((part) => this.#alternative(place, part))]
  }

  /** An alternative; a discriminator says which names it goes by. */
  #alternative(place: Located, part: Located): readonly Branch[] {
    const found = this.#of(part)
    const discriminator = member(place, 'discriminator')
    if (discriminator.value === undefined) return found
    const property = textOf(member(discriminator, 'propertyName'))
    const names = namesOf(part, discriminator)
    const named = this.schema({
      value: names.length === 0 ? true : { enum: names },
      pointer: discriminator.pointer,
    })
    return found.flatMap((branch) => {
      if (branch.type !== 'object') return branch
      const object = withRequired(branch.object, property, discriminator.pointer)
      const own = object.properties.get(property)
      const listed = own && this.branches(own).flatMap(({ values }) => values ?? [])
      // Where an alternative refuses what it is mapped to, its own word holds.
      const isMistaken = listed && listed.length > 0 && !names.some((name) => listed.includes(name))
      return { ...branch, object: isMistaken ? object : withProperty(object, property, named) }
    })
  }

  /** The branches of what does not fit a schema; a value that does not fit the opposite of a schema fits the schema. */
  #negated(not: Located): readonly Branch[] {
    const inner = member(not, 'not')
    const isDouble =
      isObject(not.value) && Object.keys(not.value).every((key) => key === 'not' || WORDS.includes(key))
    return isDouble && inner.value !== undefined
      ? this.#of(inner)
      : without(anything(not.pointer), this.#of(not))
  }

  #conditional(place: Located, condition: Located): Branch[] {
    const [yes = [], no = []] = ['then', 'else'].map((key) => {
      const part = member(place, key)
      return part.value === undefined ? anything(place.pointer) : this.#of(part)
    })
    const holds = this.#of(condition)
    // What fits both consequences need not be asked about the condition.
    return distinct([...intersection(yes, no), ...intersection(holds, yes), ...without(no, holds)])
  }

  /** Adds to branches what `unevaluated…` says of members and items that nothing else speaks of. */
  #withUnevaluated(place: Located, branches: readonly Branch[]): readonly Branch[] {
    const [properties, items] = [member(place, 'unevaluatedProperties'), member(place, 'unevaluatedItems')]
    if (properties.value === undefined && items.value === undefined) return branches
    // What a value may or may not fit decides what is spoken of, which no branch tells.
    const isOpen = [...CHOICES, 'contains'].some((key) => member(place, key).value !== undefined)
    if (isOpen) return withText(branches, this.#identityOf(place.value))
    return branches.map((branch) => {
      if (branch.type === 'object' && properties.value !== undefined)
        return { ...branch, object: withUnevaluatedProperties(branch.object, this.schema(properties)) }
      if (branch.type === 'array' && items.value !== undefined)
        return { ...branch, list: withUnevaluatedItems(branch.list, this.schema(items)) }
      return branch
    })
  }
}

/** Something that holds, and its branches. */
type Part = readonly [place: Located, branches: readonly Branch[]]

const CHOICES = ['anyOf', 'if', 'dependentSchemas']

/** The alternatives, each without what fits another one. */
function exclusive(alternatives: readonly (readonly Branch[])[]): Branch[] {
  return alternatives.flatMap((branches, index) =>
    without(branches, alternatives.filter((_, other) => other !== index).flat()),
  )
}

/** The names of an alternative in a discriminator: those that are mapped to it, or else its own name. */
function namesOf(part: Located, discriminator: Located): string[] {
  const reference = textOf(member(part, '$ref'))
  if (reference === '') return []
  const mapping = [...membersOf(member(discriminator, 'mapping'))]
  const mapped = mapping.filter(([, target]) => target.value === reference).map(([name]) => name)
  return mapped.length > 0 ? mapped : [reference.slice(reference.lastIndexOf('/') + 1)]
}

/** Branches with a meaning that only their text shows. */
function withText(branches: readonly Branch[], text: string): Branch[] {
  return branches.map((branch) => ({ ...branch, opaque: new Set([...branch.opaque, text]) }))
}
