import { property } from '../shared/property.ts'
import { invalid, isIterable } from '../shared/validate.ts'
import type { RankSettings } from './options.ts'
import { estimateTokens } from './tokens.ts'

/** A list of items as it is sent: each text once, with the items that it stands for. */
export interface Texts<Item> {
  items: readonly Item[]
  texts: readonly string[]
  /** The place of each item's text in `texts`; `LEFT_OUT` or `UNREAD` where it has none. */
  placeOf: Int32Array
}

/** A run of texts that one request carries: from `start` up to `end`. */
export interface Batch {
  start: number
  end: number
}

/** The options by which items are read. */
interface ReadOptions<Item> extends Pick<RankSettings, 'blank' | 'dedupe'> {
  text?: ((item: Item) => unknown) | undefined
  fields?: readonly string[] | undefined
  onlyFirst?: number
}

/** The place of an item that is left out of the result. */
export const LEFT_OUT = -1

/** The place of an item that is in the result and has no score. */
const UNREAD = -2

/**
 * Reads the items once.
 * @throws TypeError for an item without a text, or with a blank one where that is an error, and where no item has a field
 */
export function readTexts<Item>(
  source: Iterable<Item>,
  { text: textOf, fields, blank, dedupe, onlyFirst = Infinity }: ReadOptions<Item>,
): Texts<Item> {
  if (textOf && fields) throw new TypeError('text and fields cannot be used together: leave one of them out')
  const items = [...source]
  const placeOf = new Int32Array(items.length)
  const texts: string[] = []
  const places = new Map<string, number>()

  const read = (item: Item, index: number): number => {
    const text = fields ? fieldText(item, fields, index) : textOf ? textOf(item) : item
    if (typeof text !== 'string') {
      invalid(`items[${index}]`, 'a string, or the option text must return one for it', text)
    }
    if (text.trim() === '') {
      if (blank === 'error')
        throw new TypeError(`items[${index}] has a blank text: leave it out, or set blank to 'skip'`)
      return LEFT_OUT
    }
    const known = places.get(text)
    if (known !== undefined) return known
    const place = texts.push(text) - 1
    if (dedupe) places.set(text, place)
    return place
  }
  // Twice as fast as Int32Array.from.
  items.forEach((item, index) => (placeOf[index] = index < onlyFirst ? read(item, index) : UNREAD))
  if (fields && texts.length === 0 && items.length > 0 && !items.some((item) => hasOne(item, fields))) {
    throw new TypeError(`fields must name fields of the items, but no item has ${fields.join(' or ')}`)
  }
  return { items, texts, placeOf }
}

function hasOne(item: unknown, fields: readonly string[]): boolean {
  return fields.some((field) => property(item, field) !== undefined)
}

/** The fields of an item as a text of lines, in their order, that looks like YAML. */
function fieldText(item: unknown, fields: readonly string[], index: number): string {
  return fields
    .flatMap((field) => {
      const value = property(item, field) ?? ''
      const text =
        textOfValue(value)?.trim() ??
        invalid(`items[${index}].${field}`, 'text, or a value that JSON can hold', value)
      return text === '' ? [] : `${field}: ${text.replace(/\r?\n/g, '\n  ')}`
    })
    .join('\n')
}

/** A value as text or as JSON; `undefined` if it can be neither. An invalid date and NaN are empty. */
function textOfValue(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  try {
    const json = JSON.stringify(value, asPlain)
    const plain = (JSON.parse(json) ?? '') as unknown
    return typeof plain === 'string' ? plain : json
  } catch {
    return undefined
  }
}

/** Writes what JSON would refuse, or lose: the entries of a Map and of a Set, and big numbers. */
function asPlain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return isIterable(value) ? [...value] : value
}

/** The indices of the items whose texts are in a batch. */
export function itemsIn({ placeOf }: Texts<unknown>, { start, end }: Batch): number[] {
  const indices: number[] = []
  placeOf.forEach((place, index) => {
    if (place >= start && place < end) indices.push(index)
  })
  return indices
}

/**
 * Divides texts into requests: where their number decides, of about equal length, since the longest is waited for.
 * A text that is too large by itself goes alone.
 */
export function batchesOf(
  texts: readonly string[],
  query: string,
  {
    maxDocumentsPerRequest,
    maxTokensPerRequest,
  }: { maxDocumentsPerRequest: number; maxTokensPerRequest: number },
): Batch[] {
  const most = Math.ceil(texts.length / Math.ceil(texts.length / maxDocumentsPerRequest))
  // No text has more tokens than characters: few are all that most lists need to be counted by.
  const mayExceed = texts.reduce((sum, { length }) => sum + query.length + length, 0) > maxTokensPerRequest
  // The model reads the query again for each document.
  const ofQuery = estimateTokens(query)
  const batches: Batch[] = []
  let tokens = 0
  texts.forEach((text, at) => {
    const size = mayExceed ? ofQuery + estimateTokens(text) : 0
    const last = batches.at(-1)
    if (last && at - last.start < most && tokens + size <= maxTokensPerRequest) {
      last.end += 1
      tokens += size
    } else {
      batches.push({ start: at, end: at + 1 })
      tokens = size
    }
  })
  return batches
}
