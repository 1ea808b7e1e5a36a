import { invalid } from '../shared/validate.ts'
import { estimateTokens } from './tokens.ts'

/** A list of items as it is sent: each text once, with the items that it stands for. */
export interface Texts<Item> {
  items: readonly Item[]
  texts: readonly string[]
  /** The place of each item's text in `texts`; -1 for an item that is left out. */
  placeOf: Int32Array
}

/** A run of texts that one request carries: from `start` up to `end`. */
export interface Batch {
  start: number
  end: number
}

/** Reads the items once. @throws TypeError for an item without a text, or with a blank one where that is an error */
export function readTexts<Item>(
  source: Iterable<Item>,
  options: { text: (item: Item) => unknown; blank: 'skip' | 'error'; dedupe: boolean },
): Texts<Item> {
  const items = [...source]
  const placeOf = new Int32Array(items.length)
  const texts: string[] = []
  const places = new Map<string, number>()

  const read = (item: Item, index: number): number => {
    const text = options.text(item)
    if (typeof text !== 'string') {
      invalid(`items[${index}]`, 'a string, or the option text must give one for it', text)
    }
    if (text.trim() === '') {
      if (options.blank === 'error') throw new TypeError(`items[${index}] must have a text that is not blank`)
      return -1
    }
    const known = places.get(text)
    if (known !== undefined) return known
    const place = texts.push(text) - 1
    if (options.dedupe) places.set(text, place)
    return place
  }
  // Twice as fast as Int32Array.from.
  items.forEach((item, index) => (placeOf[index] = read(item, index)))
  return { items, texts, placeOf }
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
  // The model reads the query again for each document.
  const ofQuery = maxTokensPerRequest === Infinity ? 0 : estimateTokens(query)
  const batches: Batch[] = []
  let batch = { start: 0, end: 0 }
  let tokens = 0
  for (const text of texts) {
    const size = maxTokensPerRequest === Infinity ? 0 : ofQuery + estimateTokens(text)
    const isFull = batch.end - batch.start === most || tokens + size > maxTokensPerRequest
    if (isFull && batch.end > batch.start) {
      batches.push(batch)
      batch = { start: batch.end, end: batch.end }
      tokens = 0
    }
    batch.end += 1
    tokens += size
  }
  if (batch.end > batch.start) batches.push(batch)
  return batches
}
