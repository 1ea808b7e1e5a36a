// The second checker: the TypeScript compiler. What callers send must fit the new types, what they get must fit the
// old ones, and whatever they could name must still be there.

import type { Type, TypeChecker } from 'typescript'
import { PATH } from '../contract/index.ts'
import { kindsIn, memberTypeAt, typePair } from '../lib/compiler.ts'
import { ts } from '../lib/typescript.ts'
import { nameStep } from '../schema/gap.ts'
import type { Direction } from '../schema/own-keywords.ts'
import { isAnything, isObject, TypeFit } from '../lib/type-fit.ts'

/** Something that stops compiling in callers' code. */
export interface TypeBreak {
  readonly kind: 'type-changed' | 'name-removed' | 'field-required' | 'field-optional'
  /** The root of the operation's value: `request`, `parameter`, `response 200`. */
  readonly root: string
  /** The keys from there; `[]` is an item of a list, `[*]` a member of any name. */
  readonly keys: readonly string[]
  readonly before: string | undefined
  readonly after: string | undefined
}

/** A place in both editions. */
interface Place {
  readonly checker: TypeChecker
  readonly direction: Direction
  readonly root: string
  readonly keys: readonly string[]
  readonly fit: TypeFit
  readonly bounds: Bounds
}

/** Types may hold themselves, and be made again at each level. */
interface Bounds {
  readonly seen: Set<string>
  left: number
}

const MAX_DEPTH = 50
const MAX_STEPS = 20_000
const MAX_TYPE = 80
const JSON_BODY = ['content', 'application/json']

/**
 * Finds what stops compiling when generated types take the place of others.
 *
 * @throws PipelineError if the types cannot be compared.
 */
export function typeBreaks(before: string, after: string): TypeBreak[] {
  if (before === after) return []
  const { checker, before: old, after: now } = typePair(before, after, [PATH, 'post'])
  const fit = new TypeFit(checker)
  return rootsOf(checker, old).flatMap(({ root, direction, keys }) => {
    const [oldType, newType] = [memberTypeAt(checker, old, keys), memberTypeAt(checker, now, keys)]
    // A status that came or went is the wire's to judge: no type is wrong because of it.
    if (!oldType || !newType) return []
    const bounds = (): Bounds => ({ seen: new Set(), left: MAX_STEPS })
    const place = { checker, direction, root, keys: [], fit, bounds: bounds() }
    const misfit = misfits(place, oldType, newType)
    return [...misfit, ...lostNames({ ...place, bounds: bounds() }, oldType, kindsIn(newType))]
  })
}

/** The path of a place, as a person would write it. */
export function pathOf({ root, keys }: Pick<TypeBreak, 'root' | 'keys'>): string {
  if (root !== 'parameter') return keys.reduce((path, key) => `${path}${stepOf(key)}`, root)
  const [where = '', name = '', ...rest] = keys
  return rest.reduce(
    (path, key) => `${path}${stepOf(key)}`,
    ['parameter', [where, name].filter(Boolean).join('.')].join(' '),
  )
}

function stepOf(key: string): string {
  if (key === '[]' || key === '[*]') return key
  return /^\d+$/.test(key) ? `[${key}]` : nameStep(key)
}

function rootsOf(
  checker: TypeChecker,
  operation: Type,
): { root: string; direction: Direction; keys: string[] }[] {
  const responses = memberTypeAt(checker, operation, ['responses'])
  const statuses = responses ? checker.getPropertiesOfType(responses).map(({ name }) => name) : []
  return [
    { root: 'request', direction: 'request', keys: ['requestBody', ...JSON_BODY] },
    { root: 'parameter', direction: 'request', keys: ['parameters'] },
    ...statuses.map((status) => ({
      root: `response ${status}`,
      direction: 'response' as const,
      keys: ['responses', status, ...JSON_BODY],
    })),
  ]
}

/** Where values do not fit any more, as deep as that can be told. */
function misfits(place: Place, old: Type, now: Type): TypeBreak[] {
  const { checker, direction, keys } = place
  const [source, target] = direction === 'request' ? [old, now] : [now, old]
  const unfit = kindsIn(source).filter((kind) => !place.fit.fits(kind, target))
  if (unfit.length === 0 || isKnown(place, [old], [now])) return []
  const [from, to] = [source, target].map((type) => only(kindsIn(type).filter(isObject)))
  if (from && to && unfit.length === 1 && unfit[0] === from && keys.length < MAX_DEPTH) {
    const deeper = direction === 'request' ? inside(place, from, to) : inside(place, to, from)
    if (deeper.length > 0) return deeper
  }
  return [broken(place, 'type-changed', nameOf(checker, old), nameOf(checker, now))]
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
    const optional = direction === 'response' && was && is === false
    const gone = direction === 'response' && one && !other
    return [
      ...(required ? [broken(inner, 'field-required', one && 'optional', 'required')] : []),
      ...(optional ? [broken(inner, 'field-optional', 'required', 'optional')] : []),
      ...(gone
        ? [broken(inner, 'name-removed', nameOf(checker, checker.getTypeOfSymbol(one)), undefined)]
        : []),
      ...(one && other ? misfits(inner, checker.getTypeOfSymbol(one), checker.getTypeOfSymbol(other)) : []),
    ]
  })
}

/** Names that code could use before and cannot now: a key; in responses also a literal, or a kind of value. */
function lostNames(place: Place, old: Type, now: readonly Type[]): TypeBreak[] {
  const { checker, direction, keys } = place
  if (keys.length >= MAX_DEPTH || isKnown(place, [old], now)) return []
  const kinds = kindsIn(old)
  const lost = direction === 'response' ? kinds.filter((kind) => !isNameable(place, kind, now)) : []
  return [
    ...lost.map((kind) => broken(place, 'name-removed', nameOf(checker, kind), undefined)),
    ...kinds.filter(isObject).flatMap((object) => {
      const item = itemOf(checker, object)
      if (!item) return lostKeys(place, object, now.filter(isObject), now.some(isAnything))
      const items = now.flatMap((type) => itemOf(checker, type) ?? [])
      return items.length === 0 ? [] : lostNames(at(place, '[]'), item, [...new Set(items.flatMap(kindsIn))])
    }),
  ]
}

function lostKeys(place: Place, old: Type, now: readonly Type[], isFree: boolean): TypeBreak[] {
  const { checker, direction } = place
  // Code that sends an object may send anything; code that reads one has to know its names.
  if (isFree && direction === 'request') return []
  const openOf = (type: Type): Type[] => {
    const value = checker.getIndexTypeOfType(type, ts.IndexKind.String)
    return value === undefined || (value.flags & ts.TypeFlags.Never) !== 0 ? [] : [value]
  }
  const isClosed = openOf(old).length > 0 && !now.some((type) => openOf(type).length > 0)
  return [
    ...(isClosed ? [broken(at(place, '[*]'), 'name-removed', 'any name', undefined)] : []),
    ...checker.getPropertiesOfType(old).flatMap(({ name }) => {
      const type = realKinds(checker, old, name)
      const found = [...new Set(now.flatMap((owner) => realKinds(checker, owner, name)))]
      // `never` is how the generated types say that there is nothing to name.
      if (type.length === 0) return []
      const inner = at(place, name)
      const open = direction === 'request' ? now.flatMap(openOf) : []
      if (found.length === 0 && open.length === 0)
        return [
          broken(inner, 'name-removed', type.map((kind) => nameOf(checker, kind)).join(' | '), undefined),
        ]
      return found.length === 0 ? [] : type.flatMap((kind) => lostNames(inner, kind, found))
    }),
  ]
}

function realKinds(checker: TypeChecker, owner: Type, name: string): Type[] {
  // An item of a tuple is one of a list as well.
  const item = /^\d+$/.test(name) ? itemOf(checker, owner) : undefined
  const type = memberTypeAt(checker, owner, [name]) ?? item
  return type ? kindsIn(type).filter(({ flags }) => (flags & ts.TypeFlags.Never) === 0) : []
}

/** True if a kind of value, compared with or narrowed to, is still one that a value may be of. */
function isNameable({ checker }: Place, kind: Type, now: readonly Type[]): boolean {
  if ((kind.flags & ts.TypeFlags.Null) !== 0) return true
  if (isObject(kind)) return now.some((other) => isObject(other) || isAnything(other))
  if (now.some((other) => checker.isTypeAssignableTo(kind, other))) return true
  const isLiteral = checker.getBaseTypeOfLiteralType(kind) !== kind
  return (
    !isLiteral &&
    now.some((other) => checker.isTypeAssignableTo(checker.getBaseTypeOfLiteralType(other), kind))
  )
}

/** True if the types were compared before, or the recursion is too deep. */
function isKnown({ bounds, fit }: Place, old: readonly Type[], now: readonly Type[]): boolean {
  const idOf = (type: Type): number => fit.idOf(type)
  const key = [old, now].map((types) => [...new Set(types.map(idOf))].sort((a, b) => a - b).join()).join(' ')
  if (bounds.seen.has(key) || bounds.left-- <= 0) return true
  bounds.seen.add(key)
  return false
}

function itemOf(checker: TypeChecker, type: Type): Type | undefined {
  return checker.isArrayType(type) ? checker.getIndexTypeOfType(type, ts.IndexKind.Number) : undefined
}

function broken(
  { root, keys }: Place,
  kind: TypeBreak['kind'],
  before: string | undefined,
  after: string | undefined,
): TypeBreak {
  return { kind, root, keys, before, after }
}

function at(place: Place, key: string): Place {
  return { ...place, keys: [...place.keys, key] }
}

function nameOf(checker: TypeChecker, type: Type): string {
  // Cut by the compiler: types that hold each other are endless when written out.
  const text = checker.typeToString(type).replace(/ \| undefined$/, '')
  return text.length > MAX_TYPE ? `${text.slice(0, MAX_TYPE)}…` : text
}

function only<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined
}
