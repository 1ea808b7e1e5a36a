import { canonicalText } from '../lib/json.ts'
import { both, isWhole, TYPES } from './branch.ts'
import { shown, typesOf, type Concern, type Gap, type Question } from './gap.ts'
import { RULES } from './keywords.ts'
import { areDisjointLists, listConcerns, longest } from './list-gaps.ts'
import { fits, fitsBranch, type Heeded } from './literals.ts'
import { areDisjointObjects, isBarred, objectConcerns } from './object-gaps.ts'
import { Prover } from '../lib/prover.ts'
import { schemasOf } from './objects.ts'
import type { Branch, Schema } from './shapes.ts'
import { splits } from './split.ts'

/** The mode in which two schemas are compared. */
export interface Mode {
  /** True if names that an object does not list are not sent, though they might be. */
  readonly isClosed: boolean
  /** True if a keyword counts. */
  readonly isHeeded: Heeded
}

/** Decides questions about the schemas of two documents. */
export class Inclusion implements Question {
  readonly isClosed: boolean
  readonly isHeeded: Heeded
  readonly #prover = new Prover()
  readonly #ids = new WeakMap<Branch, number>()
  readonly #bases = new WeakMap<Branch, Branch>()
  #branches = 0
  /** For questions with an exact result: the schema that must not fit, and the one that fits both. */
  readonly #exact: Inclusion

  constructor({ isClosed, isHeeded }: Mode, exact?: Inclusion) {
    this.isClosed = isClosed
    this.isHeeded = isHeeded
    this.#exact = exact ?? this
  }

  /** True if every value of one schema is one of another. */
  readonly included = (small: Schema, large: Schema): boolean => {
    if (small.id === large.id || small.reader.identity(small) === large.reader.identity(large)) return true
    return this.#prover.prove(`${small.id} in ${large.id}`, () => {
      const options = large.reader.branches(large)
      return small.reader.branches(small).every((branch) => this.#isCovered(branch, large, options))
    })
  }

  /** True if no value fits both schemas. */
  readonly disjoint = (a: Schema, b: Schema): boolean => {
    if (this.#exact !== this) return this.#exact.disjoint(a, b)
    return this.#prover.prove(`${a.id} or ${b.id}`, () =>
      a.reader.branches(a).every((one) => b.reader.branches(b).every((other) => this.#areApart(one, other))),
    )
  }

  /** True if no value fits a schema. */
  readonly isNothing = (schema: Schema): boolean => {
    if (this.#exact !== this) return this.#exact.isNothing(schema)
    return this.#prover.prove(`no ${schema.id}`, () => schema.reader.branches(schema).every(this.#isEmpty))
  }

  readonly fits = (value: unknown, schema: Schema): boolean | undefined => fits(value, schema, this.isHeeded)

  /** The reasons why not every value of one schema is one of another; each pair of schemas is explained once. */
  gaps(small: Schema, large: Schema, path: string, seen = new Set<string>()): Gap[] {
    const key = `${small.id} in ${large.id}`
    if (seen.has(key) || this.included(small, large)) return []
    seen.add(key)
    const options = large.reader.branches(large)
    const kinOf = ({ type }: Branch): Branch[] => options.filter((other) => other.type === type)
    const own = small.reader.branches(small)
    const unfit = own.filter((branch) => !this.#isCovered(branch, large, options))
    const missing = unfit.filter((branch) => kinOf(branch).length === 0)
    // Where anything may be, there is no more to say of each kind of it.
    const isAnything =
      missing.length > 0 && TYPES.every((type) => own.some((one) => one.type === type && isWhole(one)))
    const told = isAnything ? [] : unfit.filter((branch) => !missing.includes(branch))
    const found = told.flatMap((branch) =>
      this.#closest(branch, kinOf(branch), large).flatMap((concern) => this.#explained(concern, path, seen)),
    )
    if (missing.length === 0) return found
    const [from, to] = [small, large].map((schema) => typesOf(schema.reader.branches(schema)))
    const types = { keyword: 'type', path, small: from, large: to }
    return [{ ...types, smallAt: missing[0]?.pointer, largeAt: large.parts[0]?.pointer }, ...found]
  }

  #explained(concern: Concern, path: string, seen: Set<string>): Gap[] {
    if (concern.inner) return this.gaps(concern.inner[0], concern.inner[1], `${path}${concern.step}`, seen)
    const { step = '', ...gap } = concern
    return [{ ...gap, path: `${path}${step}` }]
  }

  /** The reasons that keep a branch from the nearest one; a branch that the same tag names is nearer than any other. */
  #closest(branch: Branch, kin: readonly Branch[], large: Schema): readonly Concern[] {
    const lists = kin.map(({ values }) => values)
    if (branch.values !== undefined || lists.every((values) => values !== undefined)) {
      const told = branch.values?.filter((value) => fits(value, large, this.isHeeded) !== true)
      const isListed = lists.every((values) => values !== undefined)
      if (isListed || (told && told.length < (branch.values?.length ?? 0)))
        return [
          {
            keyword: 'enum',
            small: told,
            large: isListed ? lists.flat() : undefined,
            smallAt: branch.pointer,
            largeAt: kin[0]?.pointer,
          },
        ]
    }
    const tries = kin
      .map((other) => [...this.#concerns(branch, other)])
      .filter((concerns) => concerns.length > 0)
    const isOther = (one: Concern): boolean =>
      one.inner !== undefined && one.isTag && this.disjoint(...one.inner)
    const cost = (concerns: readonly Concern[]): number =>
      concerns.length + 1_000 * concerns.filter(isOther).length
    const [nearest = []] = tries.sort((a, b) => cost(a) - cost(b))
    // An alternative that no tag names has nothing else in common with the others.
    const tags = nearest.filter((one) => isOther(one) && one.inner?.every(isListed))
    return kin.length > 1 && tags.length > 0 ? tags : nearest
  }

  #isCovered(branch: Branch, large: Schema, options: readonly Branch[]): boolean {
    if (this.#isEmpty(branch)) return true
    if (
      branch.values?.every((value) => fitsBranch(value, branch) === false || this.fits(value, large) === true)
    )
      return true
    const kin = options.filter(({ type }) => type === branch.type)
    if (kin.some((other) => this.#isWithin(branch, other))) return true
    return splits(branch, kin).some((parts) =>
      parts.every((part) => this.#isEmpty(part) || kin.some((other) => this.#isWithin(part, other))),
    )
  }

  #isWithin(small: Branch, large: Branch): boolean {
    return isWhole(large) || this.#concerns(small, large).next().done === true
  }

  *#concerns(small: Branch, large: Branch): Generator<Concern> {
    const at = { smallAt: small.pointer, largeAt: large.pointer }
    const { values } = large
    if (values && !isSubset(small.values, values))
      yield { keyword: 'enum', small: small.values, large: values, ...at }
    for (const [name, limit] of large.limits) {
      const rule = RULES[name]
      if (rule === undefined || !this.#counts(name, large)) continue
      if (small.values?.every((value) => rule.admits(value, limit.value) === true)) continue
      const own = small.limits.get(name)
      if (rule.holds(this.#limitOf(small, name) ?? own?.value, limit.value, small.limits)) continue
      const keyword = own?.keyword === limit.keyword || own === undefined ? limit.keyword : name
      yield {
        keyword,
        small: own === undefined && name === 'integer' ? ['number'] : shown(own),
        large: shown(limit),
        smallAt: own?.pointer ?? small.pointer,
        largeAt: limit.pointer,
      }
    }
    if (large.list) yield* listConcerns(small, large, this)
    if (large.object) yield* objectConcerns(small, large, this)
    for (const not of large.nots) {
      if (!this.#exact.#areApart(small, not))
        yield { keyword: 'not', small: undefined, large: true, ...at, largeAt: not.pointer }
    }
    for (const text of large.opaque)
      if (!small.opaque.has(text)) yield { keyword: 'schema', small: undefined, large: undefined, ...at }
  }

  #counts(name: string, large: Branch): boolean {
    // The types promise every item of a tuple.
    return this.isHeeded(name) || (name === 'minItems' && (large.list?.prefix.length ?? 0) > 0)
  }

  /** A limit that follows from others. */
  #limitOf(branch: Branch, name: string): unknown {
    const { limits, object } = branch
    const own = limits.get(name)?.value
    if (name === 'maxItems') return branch.list ? longest(branch, this) : own
    if (name === 'uniqueItems') return own ?? (longest(branch, this) <= 1 ? true : undefined)
    if (object === undefined) return own
    if (name === 'minProperties') return Math.max(Number(own ?? 0), object.required.size)
    const isFull = object.patterns.size === 0 && object.rest !== undefined && this.isNothing(object.rest)
    const listed = [...object.properties.values()].filter((schema) => !this.isNothing(schema)).length
    return name === 'maxProperties' && isFull ? Math.min(Number(own ?? Infinity), listed) : own
  }

  readonly #isEmpty = (branch: Branch): boolean => {
    if (this.#exact !== this) return this.#exact.#isEmpty(branch)
    return this.#prover.prove(`empty ${this.#idOf(branch)}`, () => {
      if (branch.values?.every((value) => fitsBranch(value, branch) === false)) return true
      const shortest = Number(branch.limits.get('minItems')?.value ?? 0)
      if (branch.list && longest(branch, this) < shortest) return true
      if (
        branch.list?.contains.some(
          ({ schema, least, most }) =>
            least > Math.min(most, longest(branch, this)) || (least > 0 && this.isNothing(schema)),
        )
      )
        return true
      const needed = [...(branch.object?.required.keys() ?? [])]
      if (needed.some((name) => branch.object && isBarred(branch.object, name))) return true
      if (needed.length > Number(branch.limits.get('maxProperties')?.value ?? Infinity)) return true
      const schemas = needed.flatMap((name) => (branch.object ? schemasOf(branch.object, name).schemas : []))
      if (schemas.some(this.isNothing)) return true
      return branch.nots.some((not) => this.#isWithin(this.#baseOf(branch), not))
    })
  }

  /** True if no value fits both branches. */
  #areApart(a: Branch, b: Branch): boolean {
    if (a.type !== b.type) return true
    return this.#prover.prove(`${this.#idOf(a)} apart from ${this.#idOf(b)}`, () => {
      if (this.#isEmpty(a) || this.#isEmpty(b)) return true
      const isElsewhere = (value: unknown): boolean => [a, b].some((one) => fitsBranch(value, one) === false)
      if ([a, b].some(({ values }) => values?.every(isElsewhere))) return true
      if (
        both({ ...a, list: undefined, object: undefined }, { ...b, list: undefined, object: undefined }) ===
        undefined
      )
        return true
      if (a.type === 'array' && areDisjointLists(a, b, this)) return true
      if (a.type === 'object' && areDisjointObjects(a, b, this)) return true
      return a.nots.some((not) => this.#isWithin(b, not)) || b.nots.some((not) => this.#isWithin(a, not))
    })
  }

  /** A branch without what it excludes; the same at each time, so that what is proven of it is remembered. */
  #baseOf(branch: Branch): Branch {
    const base = this.#bases.get(branch) ?? { ...branch, nots: [] }
    this.#bases.set(branch, base)
    return base
  }

  #idOf(branch: Branch): number {
    const id = this.#ids.get(branch) ?? ++this.#branches
    this.#ids.set(branch, id)
    return id
  }
}

function isListed(schema: Schema): boolean {
  return schema.reader.branches(schema).every(({ values }) => values !== undefined)
}

function isSubset(small: readonly unknown[] | undefined, large: readonly unknown[]): boolean {
  const known = new Set(large.map(canonicalText))
  return small?.every((value) => known.has(canonicalText(value))) ?? false
}
