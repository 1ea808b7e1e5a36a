// A short text for what a schema says: where two of them are the same, there is nothing to compare.

import { createHash } from 'node:crypto'
import { mapSchemas } from '../contract/holds.ts'
import { byCodeUnit, isObject } from '../lib/json.ts'
import { targetOf } from '../lib/located.ts'
import { WORDS } from './keywords.ts'

/** A schema without the components that it refers to. */
interface Own {
  readonly text: string
  readonly references: readonly string[]
}

const SILENT: readonly string[] = [...WORDS, 'default', 'deprecated']

/**
 * Returns the identity of a schema of a document: the same only for schemas that let the same values through.
 *
 * @param withWords - the same only for schemas that say the same to people as well.
 */
export function identityIn(document: unknown, withWords = false): (schema: unknown) => string {
  const known = new Map<unknown, string>()
  const components = new Map<string, Own>()
  const digests = new Map<string, string>()
  const component = (reference: string): Own => {
    const found = components.get(reference) ?? read(targetOf(document, reference).value, withWords)
    components.set(reference, found)
    return found
  }
  const digest = (reference: string): string => {
    // A set grows while it is walked: what a component refers to is met later.
    const reached = new Set([reference])
    for (const one of reached) for (const next of component(one).references) reached.add(next)
    const texts = [...reached].sort(byCodeUnit).map((one) => `${one} ${component(one).text}`)
    const found = hash(texts.join('\n'))
    digests.set(reference, found)
    return found
  }
  return (schema) => {
    const found = known.get(schema)
    if (found !== undefined) return found
    const { text, references } = read(schema, withWords)
    const identity = hash([text, ...references.map((one) => digests.get(one) ?? digest(one))].join('\n'))
    known.set(schema, identity)
    return identity
  }
}

function read(schema: unknown, withWords: boolean): Own {
  const references = new Set<string>()
  const told = (value: unknown): unknown => {
    if (!isObject(value)) return value
    if (typeof value['$ref'] === 'string') references.add(value['$ref'])
    const mapping = isObject(value['discriminator']) ? value['discriminator']['mapping'] : undefined
    for (const target of isObject(mapping) ? Object.values(mapping) : []) references.add(String(target))
    const entries = Object.entries(value).filter(([key]) => withWords || !SILENT.includes(key))
    return mapSchemas(Object.fromEntries(entries.sort(([a], [b]) => byCodeUnit(a, b))), told)
  }
  return { text: JSON.stringify(told(schema)), references: [...references].sort(byCodeUnit) }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
