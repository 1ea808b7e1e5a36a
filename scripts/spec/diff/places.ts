// What holds at one place of a value: a schema, and all that it is composed of.

import { canonicalText, isObject } from '../lib/json.ts'
import {
  isTrue,
  itemsOf,
  member,
  memberAt,
  membersOf,
  targetOf,
  textOf,
  type Located,
} from '../lib/located.ts'
import { isWhole, TYPES } from '../schema/branch.ts'
import type { DocumentReader } from '../schema/normal-form.ts'

/** Schemas that speak of the same place. */
export type Nodes = readonly Located[]

const SINGLE = ['not', 'if', 'then', 'else'] as const

/** The schemas at a place, and those that they are composed of. */
export function partsAt(document: unknown, nodes: Nodes): Nodes {
  return closure(nodes, (node) => [
    ...together(document, node),
    ...choicesIn([node]),
    ...SINGLE.map((key) => member(node, key)),
    ...membersOf(member(node, 'dependentSchemas')).values(),
  ])
}

/** Schemas, and all schemas that they refer to. */
function closure(nodes: Nodes, next: (node: Located) => Nodes): Nodes {
  const found = new Map(nodes.map((node) => [node.value, node]))
  // A map grows while it is walked: what a schema leads to is met later.
  for (const node of found.values())
    for (const part of next(node))
      if (isObject(part.value) && !found.has(part.value)) found.set(part.value, part)
  return [...found.values()]
}

/** The schemas that hold wherever a schema does. */
function together(document: unknown, node: Located): Nodes {
  const reference = textOf(member(node, '$ref'))
  return [...(reference === '' ? [] : [targetOf(document, reference)]), ...itemsOf(member(node, 'allOf'))]
}

function choicesIn(nodes: Nodes): Nodes {
  return nodes.flatMap((node) => ['anyOf', 'oneOf'].flatMap((key) => itemsOf(member(node, key))))
}

/** The means of telling alternatives apart at a place. */
export interface Discriminators {
  readonly properties: readonly string[]
  /** References by the names that stand for them. */
  readonly mapping: ReadonlyMap<string, string>
}

/** The discriminators of a place. */
export function discriminatorsAt(parts: Nodes): Discriminators {
  const found = parts.filter((part) => member(part, 'discriminator').value !== undefined)
  const names = found.map((part) => textOf(memberAt(part, 'discriminator', 'propertyName')))
  return { properties: [...new Set(names)].sort(), mapping: new Map(found.flatMap(targetsOf)) }
}

/** The alternatives of a discriminator, by the names in its mapping, or else by their own names. */
function targetsOf(part: Located): [name: string, target: string][] {
  const mapping = [...membersOf(memberAt(part, 'discriminator', 'mapping'))]
  const mapped = mapping.map(([name, target]): [string, string] => [name, textOf(target)])
  const known = new Set(mapped.map(([, target]) => target))
  const others = choicesIn([part]).map((choice) => textOf(member(choice, '$ref')))
  return [
    ...mapped,
    ...others
      .filter((target) => target !== '' && !known.has(target))
      .map((target): [string, string] => [target.slice(target.lastIndexOf('/') + 1), target]),
  ]
}

/** True if a place is deprecated; else how many of its alternatives are. */
export function deprecatedAt(document: unknown, nodes: Nodes): boolean | number {
  const isDeprecated = (parts: Nodes): boolean => parts.some((part) => isTrue(member(part, 'deprecated')))
  const own = closure(nodes, (node) => together(document, node))
  if (isDeprecated(own)) return true
  const partsOf = (node: Located): Nodes => closure([node], (part) => together(document, part))
  // What is deprecated is one alternative, whatever it is composed of.
  const further = (node: Located): Nodes => (isDeprecated(partsOf(node)) ? [] : choicesIn(partsOf(node)))
  const real = closure(choicesIn(own), further).filter(
    (node) => further(node).length === 0 && member(node, 'type').value !== 'null',
  )
  const count = (nodes: Nodes): number => new Set(nodes.map(({ value }) => canonicalText(value))).size
  const found = count(real.filter((node) => isDeprecated(partsOf(node))))
  return found > 0 && (found === count(real) || found)
}

/** The texts and numbers that are listed at a place, as one text; undefined if none is. */
export function suggestionsAt(nodes: Nodes, reader: DocumentReader): string | undefined {
  const values = nodes.flatMap((node) =>
    reader
      .branches(reader.schema(node))
      .flatMap((branch) => (['boolean', 'null'].includes(branch.type) ? [] : (branch.values ?? []))),
  )
  const texts = [...new Set(values.map(canonicalText))].sort()
  return texts.length === 0 ? undefined : texts.join(', ')
}

/** True if a place says that there may be members which are not listed, or lets anything through. */
export function isOpenAt(nodes: Nodes, reader: DocumentReader): boolean {
  return nodes.some((node) => {
    const branches = reader.branches(reader.schema(node))
    const isAnything = TYPES.every((type) =>
      branches.some((branch) => branch.type === type && isWhole(branch)),
    )
    return (
      isAnything || branches.some(({ object }) => object?.rest?.parts.some(({ value }) => value !== false))
    )
  })
}

/** Alternatives at a place that are nothing but required names, as one text; undefined if there are none. */
export function conditionsAt(parts: Nodes): string | undefined {
  const texts = parts.flatMap((part) =>
    ['anyOf', 'oneOf'].flatMap((key) => {
      const list = itemsOf(member(part, key))
      const isBare = list.every(({ value }) => isObject(value) && Object.keys(value).join() === 'required')
      if (list.length === 0 || !isBare) return []
      return list
        .map(({ value }) => canonicalText(value))
        .sort()
        .join(' or ')
    }),
  )
  return texts.length === 0 ? undefined : [...new Set(texts)].sort().join(', ')
}
