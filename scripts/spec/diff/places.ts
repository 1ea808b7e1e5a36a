// What holds at one place of a value: a schema, and all that it is composed of.

import { canonicalText, isObject } from '../lib/json.ts'
import { itemsOf, member, membersOf, targetOf, textOf, type Located } from '../lib/located.ts'
import { WORDS } from '../schema/keywords.ts'
import type { DocumentReader } from '../schema/normal-form.ts'

/** Schemas that speak of the same place. */
export type Nodes = readonly Located[]

const LISTS = ['allOf', 'anyOf', 'oneOf'] as const
const SINGLE = ['not', 'if', 'then', 'else'] as const

/** The schemas at a place, and those that they are composed of. */
export function partsAt(document: unknown, nodes: Nodes): Nodes {
  const found = new Map(nodes.map((node) => [node.value, node]))
  // A map grows while it is walked: what a part is composed of is met later.
  for (const node of found.values()) {
    for (const part of composing(document, node))
      if (isObject(part.value) && !found.has(part.value)) found.set(part.value, part)
  }
  return [...found.values()]
}

/** The schemas that a schema is directly composed of. */
function composing(document: unknown, node: Located): Located[] {
  const reference = textOf(member(node, '$ref'))
  return [
    ...(reference === '' ? [] : [targetOf(document, reference)]),
    ...LISTS.flatMap((key) => itemsOf(member(node, key))),
    ...SINGLE.map((key) => member(node, key)),
    ...membersOf(member(node, 'dependentSchemas')).values(),
  ]
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
