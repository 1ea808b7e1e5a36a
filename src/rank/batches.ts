import { refuse } from '../shared/validate.ts'

/** A list of items as it is sent: each text once, with the items that it stands for. */
export interface Candidates<Item> {
  items: readonly Item[]
  texts: readonly string[]
  /** The place of each item's text in `texts`; -1 for an item that is left out. */
  textOf: Int32Array
}

/** A run of texts that one request carries: from `start` up to `end`. */
export interface Chunk {
  start: number
  end: number
}

/** Reads the items once. @throws TypeError for an item without a text, or with a blank one where that is an error */
export function collect<Item>(
  source: Iterable<Item>,
  {
    text: textFrom,
    blank,
    dedupe,
  }: { text: (item: Item) => unknown; blank: 'skip' | 'error'; dedupe: boolean },
): Candidates<Item> {
  const items = [...source]
  const textOf = new Int32Array(items.length)
  const texts: string[] = []
  const places = new Map<string, number>()

  const placeOf = (item: Item, index: number): number => {
    const text = textFrom(item)
    if (typeof text !== 'string') {
      refuse(`items[${index}]`, 'a string, or the option text must give one for it', text)
    }
    if (text.trim() === '') {
      if (blank === 'error') throw new TypeError(`items[${index}] must have a text that is not blank`)
      return -1
    }
    const known = places.get(text)
    if (known !== undefined) return known
    const place = texts.push(text) - 1
    if (dedupe) places.set(text, place)
    return place
  }
  // Twice as fast as Int32Array.from.
  items.forEach((item, index) => (textOf[index] = placeOf(item, index)))
  return { items, textOf, texts }
}

/** The indices of the items whose texts are in a chunk. */
export function itemsIn({ textOf }: Candidates<unknown>, { start, end }: Chunk): number[] {
  const indices: number[] = []
  textOf.forEach((place, index) => {
    if (place >= start && place < end) indices.push(index)
  })
  return indices
}

/**
 * Divides texts into requests: where their number decides, of about equal length, since the longest is waited for.
 * A text that is too large by itself goes alone.
 */
export function chunksOf(
  texts: readonly string[],
  query: string,
  limits: { maxDocumentsPerRequest: number; maxTokensPerRequest: number },
): Chunk[] {
  const most = Math.ceil(texts.length / Math.ceil(texts.length / limits.maxDocumentsPerRequest))
  const sizeOf = tokenCounter(query, limits.maxTokensPerRequest)
  const chunks: Chunk[] = []
  let chunk = { start: 0, end: 0 }
  let tokens = 0
  for (const text of texts) {
    const size = sizeOf(text)
    const isFull = chunk.end - chunk.start === most || tokens + size > limits.maxTokensPerRequest
    if (isFull && chunk.end > chunk.start) {
      chunks.push(chunk)
      chunk = { start: chunk.end, end: chunk.end }
      tokens = 0
    }
    chunk.end += 1
    tokens += size
  }
  if (chunk.end > chunk.start) chunks.push(chunk)
  return chunks
}

/** A guess at a text's tokens that needs no tokenizer: 4 characters of ASCII make one, or 1 of anything else. */
export function estimateTokens(text: string): number {
  let ascii = 0
  let others = 0
  // By code units: a text of megabytes is no reason to make a string of each of its characters.
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) ascii += 1
    else if (unit < 0xdc00 || unit > 0xdfff) others += 1
  }
  return Math.ceil(ascii / 4) + others
}

/** What a document adds to a request: its own tokens and the query's, which the model reads again for each. */
function tokenCounter(query: string, limit: number): (text: string) => number {
  if (limit === Infinity) return () => 0
  const perDocument = estimateTokens(query)
  return (text) => perDocument + estimateTokens(text)
}
