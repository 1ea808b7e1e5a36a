// The second witness: the TypeScript compiler. What callers send must fit the new types, what they get must fit the
// old ones, and whatever they could name must still be there.

import type { Type, TypeChecker } from 'typescript'
import { PATH } from '../contract/index.ts'
import { kindsIn, memberTypeAt, typePair } from '../lib/compiler.ts'
import { printableLine } from '../lib/failure.ts'
import { ts } from '../lib/typescript.ts'
import { dotted } from './changes.ts'

/** Something that stops compiling in callers' code. */
export interface TypeBreak {
  /** Which of the operation's values: `request`, `parameters`, `answer 200`. */
  readonly root: string
  /** The keys from there; `[]` is an item of a list. */
  readonly keys: readonly string[]
  readonly id: 'type-changed' | 'name-removed' | 'became-required' | 'became-optional'
  /** The path, as a person would write it. */
  readonly where: string
  readonly what: string
}

type Direction = 'request' | 'answer'

/** A place in both editions. */
interface Place {
  readonly checker: TypeChecker
  readonly direction: Direction
  readonly root: string
  readonly keys: readonly string[]
  readonly seen: Map<Type, Set<Type>>
}

const MAX_DEPTH = 50
const MAX_TYPE = 80
const JSON_BODY = ['content', 'application/json']

/**
 * What stops compiling when generated types take the place of others.
 *
 * @throws PipelineError if the types cannot be compared.
 */
export function typeBreaks(before: string, after: string): TypeBreak[] {
  const { checker, before: old, after: now } = typePair(before, after, [PATH, 'post'])
  return rootsOf(checker, old).flatMap(({ root, direction, keys }) => {
    const [oldType, newType] = [memberTypeAt(checker, old, keys), memberTypeAt(checker, now, keys)]
    // A status that came or went is the wire's to judge: no type is wrong because of it.
    if (!oldType || !newType) return []
    const place = { checker, direction, root, keys: [], seen: new Map() }
    return [
      ...misfits(place, oldType, newType),
      ...lostNames({ ...place, seen: new Map() }, oldType, kindsIn(newType)),
    ]
  })
}

/** Keys of items, and of values by any name. */
const ITEMS: ReadonlySet<string> = new Set(['[]', '[*]'])

/** The path of a place, as a person would write it. */
export function pathOf(root: string, keys: readonly string[]): string {
  return keys.reduce((path, key) => (ITEMS.has(key) ? `${path}${key}` : dotted(path, key)), root)
}

function rootsOf(
  checker: TypeChecker,
  operation: Type,
): { root: string; direction: Direction; keys: string[] }[] {
  const responses = memberTypeAt(checker, operation, ['responses'])
  const statuses = responses ? checker.getPropertiesOfType(responses).map(({ name }) => name) : []
  return [
    { root: 'request', direction: 'request', keys: ['requestBody', ...JSON_BODY] },
    { root: 'parameters', direction: 'request', keys: ['parameters'] },
    ...statuses.map((status) => ({
      root: `answer ${status}`,
      direction: 'answer' as const,
      keys: ['responses', status, ...JSON_BODY],
    })),
  ]
}

/** Where values do not fit any more, as deep as that can be told. */
function misfits(place: Place, old: Type, now: Type): TypeBreak[] {
  const { checker, direction, keys } = place
  const [source, target] = direction === 'request' ? [old, now] : [now, old]
  const unfit = kindsIn(source).filter((kind) => !checker.isTypeAssignableTo(kind, target))
  if (unfit.length === 0 || isKnown(place, old, now)) return []
  const [from, to] = [source, target].map((type) => only(kindsIn(type).filter(isObject)))
  if (from && to && unfit.length === 1 && unfit[0] === from && keys.length < MAX_DEPTH) {
    const deeper = direction === 'request' ? inside(place, from, to) : inside(place, to, from)
    if (deeper.length > 0) return deeper
  }
  return [broken(place, 'type-changed', `was ${nameOf(checker, old)}, is ${nameOf(checker, now)}`)]
}

function inside(place: Place, old: Type, now: Type): TypeBreak[] {
  const { checker, direction } = place
  const [oldItem, newItem] = [itemOf(checker, old), itemOf(checker, now)]
  if (oldItem && newItem) return misfits(at(place, '[]'), oldItem, newItem)
  if (oldItem ?? newItem) return []
  const names = new Set(
    [old, now].flatMap((type) => checker.getPropertiesOfType(type).map(({ name }) => name)),
  )
  return [...names].flatMap((name) => {
    const [one, other] = [checker.getPropertyOfType(old, name), checker.getPropertyOfType(now, name)]
    const inner = at(place, name)
    const [was, is] = [one, other].map((symbol) => symbol && (symbol.flags & ts.SymbolFlags.Optional) === 0)
    const required = direction === 'request' && is && !was
    const optional = direction === 'answer' && was && is === false
    const gone = direction === 'answer' && one && !other
    return [
      ...(required ? [broken(inner, 'became-required', 'must be sent now')] : []),
      ...(optional ? [broken(inner, 'became-optional', 'may be missing now')] : []),
      ...(gone ? [broken(inner, 'name-removed', 'is gone')] : []),
      ...(one && other ? misfits(inner, checker.getTypeOfSymbol(one), checker.getTypeOfSymbol(other)) : []),
    ]
  })
}

/** What code could name before and cannot now: a key; in answers also a literal, or a kind of value. */
function lostNames(place: Place, old: Type, now: readonly Type[]): TypeBreak[] {
  const { checker, direction, keys } = place
  const [sole] = now
  if (keys.length >= MAX_DEPTH || (now.length === 1 && sole && isKnown(place, old, sole))) return []
  const kinds = kindsIn(old)
  const lost = direction === 'answer' ? kinds.filter((kind) => !isNameable(checker, kind, now)) : []
  return [
    ...lost.map((kind) => broken(place, 'name-removed', `can be ${nameOf(checker, kind)} no longer`)),
    ...kinds.filter(isObject).flatMap((object) => {
      const item = itemOf(checker, object)
      if (!item) return lostKeys(place, object, now.filter(isObject))
      const items = now.flatMap((type) => itemOf(checker, type) ?? [])
      return items.length === 0 ? [] : lostNames(at(place, '[]'), item, items.flatMap(kindsIn))
    }),
  ]
}

function lostKeys(place: Place, old: Type, now: readonly Type[]): TypeBreak[] {
  const { checker } = place
  const isOpen = (type: Type): boolean => {
    const value = checker.getIndexTypeOfType(type, ts.IndexKind.String)
    return value !== undefined && (value.flags & ts.TypeFlags.Never) === 0
  }
  const closed = isOpen(old) && !now.some(isOpen)
  return [
    ...(closed ? [broken(at(place, '[*]'), 'name-removed', 'keys of any name are gone')] : []),
    ...checker.getPropertiesOfType(old).flatMap(({ name }) => {
      const [type = NOTHING, ...types] = [old, ...now].map((owner) => realKinds(checker, owner, name))
      const found = types.flat()
      // `never` is how the generated types say that there is nothing to name.
      if (type.length === 0) return []
      if (found.length === 0) return [broken(at(place, name), 'name-removed', 'is gone')]
      return type.flatMap((kind) => lostNames(at(place, name), kind, found))
    }),
  ]
}

const NOTHING: readonly Type[] = []

function realKinds(checker: TypeChecker, owner: Type, name: string): Type[] {
  const type = memberTypeAt(checker, owner, [name])
  return type ? kindsIn(type).filter(({ flags }) => (flags & ts.TypeFlags.Never) === 0) : []
}

/** Whether a kind of value, compared with or narrowed to, is still one that a value may be of. */
function isNameable(checker: TypeChecker, kind: Type, now: readonly Type[]): boolean {
  if ((kind.flags & ts.TypeFlags.Null) !== 0) return true
  if (now.some((other) => checker.isTypeAssignableTo(kind, other))) return true
  if (isObject(kind)) return now.some(isObject)
  const isLiteral = checker.getBaseTypeOfLiteralType(kind) !== kind
  return (
    !isLiteral &&
    now.some((other) => checker.isTypeAssignableTo(checker.getBaseTypeOfLiteralType(other), kind))
  )
}

function isKnown({ seen }: Place, old: Type, now: Type): boolean {
  const known = seen.get(old) ?? new Set()
  if (known.has(now)) return true
  seen.set(old, known.add(now))
  return false
}

function itemOf(checker: TypeChecker, type: Type): Type | undefined {
  return checker.isArrayType(type) ? checker.getIndexTypeOfType(type, ts.IndexKind.Number) : undefined
}

function broken({ root, keys }: Place, id: TypeBreak['id'], what: string): TypeBreak {
  return { root, keys, id, where: pathOf(root, keys), what: printableLine(what) }
}

function at(place: Place, key: string): Place {
  return { ...place, keys: [...place.keys, key] }
}

function nameOf(checker: TypeChecker, type: Type): string {
  const text = checker
    .typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation)
    .replace(/ \| undefined$/, '')
  return text.length > MAX_TYPE ? `${text.slice(0, MAX_TYPE)}…` : text
}

function isObject({ flags }: Type): boolean {
  return (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0
}

function only<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined
}
