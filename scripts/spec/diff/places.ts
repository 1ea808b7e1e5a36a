// What holds at one place of a value: a schema, and all that it is composed of.

import { canonicalText, isObject } from '../lib/json.ts'
import { isTrue, itemsOf, member, membersOf, targetOf, textOf, type Located } from '../lib/located.ts'
import { WORDS } from '../schema/keywords.ts'
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

/** Schemas and whatever they lead to. */
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
  const found = parts.map((part) => member(part, 'discriminator')).filter(({ value }) => value !== undefined)
  const mappings = found.flatMap((one) => [...membersOf(member(one, 'mapping'))])
  return {
    properties: [...new Set(found.map((one) => textOf(member(one, 'propertyName'))))].sort(),
    mapping: new Map(mappings.map(([name, target]) => [name, textOf(target)])),
  }
}

/** True where a place is deprecated; else how many of its alternatives are. */
export function deprecatedAt(document: unknown, nodes: Nodes): boolean | number {
  const isDeprecated = (parts: Nodes): boolean => parts.some((part) => isTrue(member(part, 'deprecated')))
  const own = closure(nodes, (node) => together(document, node))
  if (isDeprecated(own)) return true
  const alternatives = closure(choicesIn(own), (node) => {
    const parts = closure([node], (part) => together(document, part))
    return isDeprecated(parts) ? [] : choicesIn(parts)
  })
  const deprecated = alternatives.filter((node) =>
    isDeprecated(closure([node], (part) => together(document, part))),
  )
  return new Set(deprecated.map(({ value }) => canonicalText(value))).size
}

/** The texts and numbers that are listed at a place, as one text; undefined where none is. */
export function suggestionsAt(nodes: Nodes, reader: DocumentReader): string | undefined {
  const values = nodes.flatMap((node) =>
    reader
      .branches(reader.schema(node))
      .flatMap((branch) => (branch.type === 'boolean' ? [] : (branch.values ?? []))),
  )
  const texts = [...new Set(values.map(canonicalText))].sort()
  return texts.length === 0 ? undefined : texts.join(', ')
}

/**
 * Conditions at a place that decide nothing by themselves, as one text: alternatives that are nothing but required
 * names, and the permission for members of any name. Undefined where there are none.
 */
export function conditionsAt(parts: Nodes): string | undefined {
  const isOpen = parts.some((part) => isAnything(member(part, 'additionalProperties').value))
  const texts = parts.flatMap((part) =>
    ['anyOf', 'oneOf'].flatMap((key) => {
      const list = itemsOf(member(part, key))
      if (
        list.length === 0 ||
        !list.every(({ value }) => isObject(value) && Object.keys(value).join() === 'required')
      )
        return []
      return list
        .map(({ value }) => canonicalText(value))
        .sort()
        .join(' or ')
    }),
  )
  const found = [...new Set(texts)].sort()
  return found.length === 0 && !isOpen
    ? undefined
    : [...(isOpen ? ['members of any name'] : []), ...found].join(', ')
}

function isAnything(schema: unknown): boolean {
  return schema === true || (isObject(schema) && Object.keys(schema).every((key) => WORDS.includes(key)))
}
