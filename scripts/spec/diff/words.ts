// What only people read: its changes concern no call and no type, but reach editors through the generated comments.

import type { Change } from '../drift.ts'
import { canonicalText } from '../lib/json.ts'
import { itemsOf, member, targetOf, textOf, type Located } from '../lib/located.ts'
import { wireChange } from './changes.ts'
import { NUMBER_FORMATS, SHOWN_FORMATS, WORDS } from '../schema/keywords.ts'

/** A text, and what it is. */
export interface Word {
  /** A keyword: `title`, `description`. */
  readonly key: string
  readonly value: unknown
  /** The title of the alternative that it belongs to. */
  readonly of?: string
}

/** The words at a place of a value: those of the schemas there, and of what they are composed of. */
export function schemaWords(document: unknown, nodes: readonly Located[]): Word[] {
  return nodes.flatMap((node) => wordsOf(document, node, new Set()))
}

/** The words of a part of the operation. */
export function wordsAt(place: Located, keys: readonly string[]): Word[] {
  return keys
    .map((key) => ({ key, value: member(place, key).value }))
    .filter(({ value }) => value !== undefined)
}

/** The differences of two sets of words. */
export function wordChanges(
  before: readonly Word[],
  after: readonly Word[],
  pointer: string,
  path: string,
): Change[] {
  const [old, now] = [byText(before), byText(after)]
  const gone = [...old].filter(([text]) => !now.has(text)).map(([, word]) => word)
  const come = [...now].filter(([text]) => !old.has(text)).map(([, word]) => word)
  const kinds = new Map([...gone, ...come].map((word) => [kindOf(word), word]))
  return [...kinds].map(([kind, { key, of }]) => {
    const [was, is] = [gone, come].map((words) => words.find((word) => kindOf(word) === kind)?.value)
    const what = { subject: key, before: was, after: is, ...(of === undefined ? {} : { of }) }
    return wireChange('docs', 'words-changed', pointer, path, what)
  })
}

function wordsOf(document: unknown, node: Located, seen: Set<unknown>): Word[] {
  if (seen.has(node.value)) return []
  seen.add(node.value)
  const inner = (part: Located): Word[] => wordsOf(document, part, seen)
  const reference = textOf(member(node, '$ref'))
  return [
    ...wordsAt(node, WORDS),
    ...formatsOf(node),
    ...(reference === '' ? [] : inner(targetOf(document, reference))),
    ...itemsOf(member(node, 'allOf')).flatMap(inner),
    ...['not', 'if', 'then', 'else'].flatMap((key) => inner(member(node, key))),
    ...['anyOf', 'oneOf'].flatMap((key) => alternatives(itemsOf(member(node, key)), inner)),
  ]
}

/** Words of alternatives go by their titles, unless there is but one beside null. */
function alternatives(list: readonly Located[], inner: (part: Located) => Word[]): Word[] {
  const distinct = new Map(list.map((part) => [canonicalText(part.value), part]))
  const real = [...distinct.values()].filter((part) => member(part, 'type').value !== 'null')
  return real.flatMap((part) => {
    const words = inner(part)
    const title = words.find(({ key, of }) => key === 'title' && of === undefined)
    if (real.length < 2 || title === undefined) return words
    return words.map((word) => ({ ...word, of: word.of ?? String(title.value) }))
  })
}

/** A format that bounds nothing. */
function formatsOf(node: Located): Word[] {
  const [format, type] = [member(node, 'format').value, member(node, 'type').value]
  if (typeof format !== 'string' || format in NUMBER_FORMATS) return []
  const types = [type].flat()
  const isNumber = types.includes('number') || types.includes('integer')
  return isNumber || SHOWN_FORMATS.includes(format) ? [{ key: 'format', value: format }] : []
}

function byText(words: readonly Word[]): Map<string, Word> {
  return new Map(words.map((word) => [`${kindOf(word)} ${canonicalText(word.value)}`, word]))
}

function kindOf({ key, of }: Word): string {
  return canonicalText([key, of ?? null])
}
