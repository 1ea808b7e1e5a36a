// What schemas say beside which values fit: words, defaults, deprecations, discriminators, values that are suggested.
// Places are walked side by side, whatever the schemas are composed of.

import type { Change, DriftClass } from '../drift.ts'
import { canonicalText, isObject } from '../lib/json.ts'
import { itemsOf, member, membersOf, targetOf, textOf, type Located } from '../lib/located.ts'
import { difference, wireChange } from './changes.ts'
import { nameStep } from '../schema/gap.ts'
import { identityIn } from '../schema/identity.ts'
import type { DocumentReader } from '../schema/normal-form.ts'
import { isDropped, type Direction } from '../schema/own-keywords.ts'
import {
  conditionsAt,
  deprecatedAt,
  discriminatorsAt,
  isOpenAt,
  partsAt,
  suggestionsAt,
  type Nodes,
} from './places.ts'
import { schemaWords, wordChanges } from './words.ts'

type Pair = readonly [old: Nodes, now: Nodes]

/** Compares what two documents say beside which values fit. */
export class Annotations {
  readonly #documents: readonly [unknown, unknown]
  readonly #identities: readonly [(schema: unknown) => string, (schema: unknown) => string]
  readonly #direction: Direction
  readonly #readers: readonly [DocumentReader, DocumentReader]
  readonly #compareSchemas: (old: Located, now: Located, path: string) => Change[]
  readonly #seen = new Set<string>()

  constructor(
    before: unknown,
    after: unknown,
    direction: Direction,
    readers: readonly [DocumentReader, DocumentReader],
    compareSchemas: (old: Located, now: Located, path: string) => Change[],
  ) {
    this.#documents = [before, after]
    this.#identities = [identityIn(before, true), identityIn(after, true)]
    this.#direction = direction
    this.#readers = readers
    this.#compareSchemas = compareSchemas
  }

  /**
   * The changes from one place to another.
   *
   * @param told - the changes that are known of the places already.
   */
  compare(old: Located, now: Located, path: string, isOptional: boolean, told: readonly Change[]): Change[] {
    return this.#walk([[old], [now]], path, isOptional, new Set(told.map((change) => change.path)))
  }

  #walk(pair: Pair, path: string, isOptional: boolean, told: ReadonlySet<string>): Change[] {
    const key = pair
      .map((nodes, side) =>
        nodes
          .map((node) => this.#readers[side]?.schema(node).id)
          .sort()
          .join(),
      )
      .join(' ')
    if (this.#seen.has(key)) return []
    this.#seen.add(key)
    const [was, is] = both(pair, (nodes, side) =>
      nodes.map(({ value }) => this.#identities[side](value)).join(),
    )
    if (was === is) return []
    const parts = both(pair, (nodes, side) => partsAt(this.#documents[side], nodes))
    const at = parts[1][0]?.pointer ?? '#'
    return [
      ...wordChanges(...both(pair, (nodes, side) => schemaWords(this.#documents[side], nodes)), at, path),
      ...this.#defaults(pair, path, isOptional),
      ...this.#deprecations(pair, at, path),
      ...this.#discriminators(parts, at, path),
      ...this.#asides(pair, parts, at, path, told),
      ...this.#children(pair, parts, path, told),
    ]
  }

  /** Who leaves a value out was promised its default. */
  #defaults(pair: Pair, path: string, isOptional: boolean): Change[] {
    const [old, now] = both(pair, (nodes, side) => defaultsOf(this.#documents[side], nodes))
    const gone = [...old].filter(([text]) => !now.has(text)).map(([, found]) => found)
    const come = [...now].filter(([text]) => !old.has(text)).map(([, found]) => found)
    const [was, is] = [gone[0], come[0]]
    if (was === undefined && is === undefined) return []
    const isPromised = this.#direction === 'request' && isOptional
    // Null says what leaving it out says.
    const real = (found: readonly Located[]): boolean => found.some(({ value }) => value !== null)
    const isTold = this.#direction === 'request' && gone.length === 0 && real(come)
    const name: DriftClass =
      isPromised && real(gone) ? 'breaking' : isTold || (isPromised && real(come)) ? 'compatible' : 'docs'
    const what = { subject: 'default', before: was?.value, after: is?.value }
    const kind = `${this.#direction}-default-${move(was, is)}`
    return [wireChange(name, kind, (is ?? was)?.pointer ?? '#', path, what)]
  }

  #deprecations(pair: Pair, at: string, path: string): Change[] {
    const [was, is] = both(pair, (nodes, side) => deprecatedAt(this.#documents[side], nodes))
    const isMore = is === true || (was !== true && is > was)
    const kind = `${this.#direction}-deprecated-${isMore ? 'added' : 'removed'}`
    return difference('compatible', kind, at, path, { subject: 'deprecated', before: was, after: is })
  }

  #discriminators(parts: readonly [Nodes, Nodes], at: string, path: string): Change[] {
    const [old, now] = both(parts, discriminatorsAt)
    const mapped = [...old.mapping].flatMap(([name, target]) => {
      const other = now.mapping.get(name)
      if (other === undefined) return []
      const [from, to] = [targetOf(this.#documents[0], target), targetOf(this.#documents[1], other)]
      return this.#compareSchemas(from, to, `${path}<${JSON.stringify(name)}>`)
    })
    const [before, after] = [old, now].map(({ properties, mapping }) => {
      const names = [...mapping.keys()].sort()
      return properties.length === 0 ? undefined : [...properties, ...names].join(' ')
    })
    const isOther =
      before !== undefined &&
      after !== undefined &&
      !now.properties.some((name) => old.properties.includes(name))
    const kind = `${this.#direction}-discriminator-${move(before, after)}`
    const what = { subject: 'discriminator', before, after }
    return [...mapped, ...difference(isOther ? 'breaking' : 'compatible', kind, at, path, what)]
  }

  /** Statements that change nothing: values beside those that are let through anyway, names that are always there. */
  #asides(
    pair: Pair,
    parts: readonly [Nodes, Nodes],
    at: string,
    path: string,
    told: ReadonlySet<string>,
  ): Change[] {
    if ([...told].some((place) => place === path || place.startsWith(`${path}.`))) return []
    const found = {
      suggestions: both(pair, (nodes, side) => suggestionsAt(nodes, this.#readers[side])),
      conditions: both(parts, conditionsAt),
      members: both(pair, (nodes, side) => isOpenAt(nodes, this.#readers[side])),
    }
    return Object.entries(found).flatMap(([subject, [before, after]]) =>
      difference('compatible', `${this.#direction}-${subject}-changed`, at, path, { subject, before, after }),
    )
  }

  #children(pair: Pair, parts: readonly [Nodes, Nodes], path: string, told: ReadonlySet<string>): Change[] {
    const [old, now] = both(parts, (nodes, side) =>
      childrenOf(nodes, isDropped(this.#documents[side], this.#direction)),
    )
    return [...old].flatMap(([step, nodes]) => {
      const others = now.get(step)
      if (others === undefined) return []
      return this.#walk([nodes, others], `${path}${step}`, this.#isOptional(pair, step), told)
    })
  }

  #isOptional(pair: Pair, step: string): boolean {
    return pair.some((nodes, side) => {
      const reader = this.#readers[side === 0 ? 0 : 1]
      const branches = nodes.flatMap((node) => reader.branches(reader.schema(node)))
      return branches.some(({ object }) =>
        [...(object?.properties.keys() ?? [])].some(
          (name) => nameStep(name) === step && !object?.required.has(name),
        ),
      )
    })
  }
}

/** Parts of a place by the step that leads to them. */
function childrenOf(nodes: Nodes, dropped: (property: Located) => boolean): Map<string, Located[]> {
  const found = new Map<string, Located[]>()
  const add = (step: string, node: Located): void => {
    if (isObject(node.value)) found.set(step, [...(found.get(step) ?? []), node])
  }
  for (const node of nodes) {
    for (const [name, property] of membersOf(member(node, 'properties')))
      if (!dropped(property)) add(nameStep(name), property)
    for (const [name, property] of membersOf(member(node, 'patternProperties')))
      add(`[${JSON.stringify(name)}]`, property)
    for (const [index, item] of itemsOf(member(node, 'prefixItems')).entries()) add(`[${index}]`, item)
    for (const [keyword, step] of INNER) add(step, member(node, keyword))
  }
  return found
}

const INNER: readonly (readonly [keyword: string, step: string])[] = [
  ['items', '[]'],
  ['unevaluatedItems', '[]'],
  ['additionalProperties', '[*]'],
  ['unevaluatedProperties', '[*]'],
  ['contains', ' (contains)'],
  ['propertyNames', ' (propertyNames)'],
  ['contentSchema', ' (contentSchema)'],
]

/** The defaults of a place by their texts: the outermost counts, and of alternatives each. */
function defaultsOf(document: unknown, nodes: Nodes, depth = 0): Map<string, Located> {
  const found = new Map<string, Located>()
  for (const node of nodes) {
    const own = member(node, 'default')
    const reference = textOf(member(node, '$ref'))
    const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => itemsOf(member(node, key)))
    const inner = [...(reference === '' ? [] : [targetOf(document, reference)]), ...parts]
    if (own.value !== undefined) found.set(canonicalText(own.value), own)
    else if (depth < 50)
      for (const [text, one] of defaultsOf(document, inner, depth + 1)) found.set(text, one)
  }
  return found
}

function move(before: unknown, after: unknown): string {
  if (before === undefined) return 'added'
  return after === undefined ? 'removed' : 'changed'
}

function both<From, To>(
  pair: readonly [From, From],
  read: (one: From, side: 0 | 1) => To,
): readonly [To, To] {
  return [read(pair[0], 0), read(pair[1], 1)]
}
