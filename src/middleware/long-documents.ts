import { BadRequestError, estimateTokens } from '../index.ts'
import type { Middleware, MiddlewareResponse, Passage, ScoredDocument } from '../index.ts'
import { mapConcurrently } from '../shared/map-concurrently.ts'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable, WithDefaults } from '../shared/option-table.ts'
import { invalid, isWhole, WHOLE } from '../shared/validate.ts'

/** Options of {@link longDocuments}. All tokens are estimated, with `estimateTokens`. */
export interface LongDocumentsOptions {
  /**
   * The most tokens of a query and a passage together. The default is a quarter of the 32,768 tokens that Qwen3-Reranker
   * reads, because the estimate may be off by a factor of four, for example for digits. @default 8_000
   */
  maxTokens?: number | undefined
  /**
   * The tokens that a passage repeats from the previous one: less than `maxTokens`. It repeats at most a quarter of a
   * passage. @default 200
   */
  overlap?: number | undefined
  /**
   * `'best-passage'` scores all passages of a document, and uses the best score. `'truncate'` scores only the beginning
   * of the document, after blanks. @default 'best-passage'
   */
  mode?: 'best-passage' | 'truncate' | undefined
  /**
   * The most tokens in one request. The query counts once for each passage. More passages are sent in several requests,
   * four at once. @default 100_000
   */
  maxTokensPerRequest?: number | undefined
}

type Settings = WithDefaults<LongDocumentsOptions, Exclude<keyof LongDocumentsOptions, 'overlap'>>

const LONG_DOCUMENTS: OptionTable<LongDocumentsOptions> = {
  maxTokens: { default: 8000, rule: WHOLE },
  overlap: { rule: [(count) => isWhole(count) && count >= 0, 'a whole number, 0 or more'] },
  mode: {
    default: 'best-passage',
    rule: [(mode) => mode === 'best-passage' || mode === 'truncate', "'best-passage' or 'truncate'"],
  },
  maxTokensPerRequest: { default: 100_000, rule: WHOLE },
}

const OVERLAP = 200

/** A passage of one of the request's documents. */
interface Part extends Passage {
  index: number
  text: string
  isCut: boolean
}

/** The most requests in flight, the same as the default of `rank`. */
const AT_ONCE = 4

/** The most passages in one request. */
const MOST_PASSAGES = 1000

/**
 * Makes a middleware for documents that are too long for the model. It splits them into passages at the ends of
 * paragraphs, sentences or words. The score of a document is the score of its best passage, and `passage` in the result
 * is the position of that passage. Documents that are short enough are sent unchanged.
 *
 * @throws TypeError for an invalid option. A call rejects with a BadRequestError if the query leaves no room for a
 * document.
 * @example
 * const client = createRerankClient({ use: [longDocuments()] })
 * const [best] = await client.rank('notice period', contracts)
 * if (best?.passage) console.log(best.item.slice(best.passage.start, best.passage.end))
 */
export function longDocuments(options: LongDocumentsOptions = {}): Middleware {
  const settings = readOptions(options, LONG_DOCUMENTS) as Settings
  const { maxTokens, overlap = Math.min(OVERLAP, maxTokens - 1), mode, maxTokensPerRequest } = settings
  if (overlap >= maxTokens) invalid('overlap', 'less than maxTokens', overlap)

  return async (request, next, { signal }) => {
    const { query, documents } = request
    const ofQuery = estimateTokens(query)
    const room = maxTokens - ofQuery
    if (documents.every((text) => text.length <= room || estimateTokens(text) <= room)) return next(request)
    if (room < maxTokens / 10) {
      throw new BadRequestError(
        `The query takes about ${ofQuery} of ${maxTokens} tokens, so that no document fits: shorten it`,
        { attempts: 0 },
      )
    }
    const parts = documents.flatMap((text, index) => partsOf(text, index, room, overlap, mode))
    const batches = [...batchesOf(parts, ofQuery, maxTokensPerRequest)]
    const responses = await mapConcurrently(batches, { concurrency: AT_ONCE, signal }, (batch, _, own) =>
      next({ ...request, documents: batch.map(({ text }) => text) }, { signal: own }),
    )
    const best = new Map<number, ScoredDocument>()
    batches.forEach((batch, place) => {
      for (const result of responses[place]?.body.results ?? []) {
        const part = batch[result.index]
        if (!part) continue
        const { index, start, end, isCut } = part
        if ((best.get(index)?.relevance_score ?? -Infinity) >= result.relevance_score) continue
        const document = { ...result.document, text: documents[index] ?? '' }
        best.set(index, { ...result, index, document, ...(isCut && { passage: { start, end } }) })
      }
    })
    const sum = (value: (response: MiddlewareResponse) => number | undefined): number =>
      responses.reduce((total, response) => total + (value(response) ?? 0), 0)
    const [first] = responses as [MiddlewareResponse]
    // The client sorts them by score, and those with equal scores stay in this order.
    const results = [...best.values()].sort((a, b) => a.index - b.index)
    const usage = first.body.usage && {
      prompt_tokens: sum(({ body }) => body.usage?.prompt_tokens),
      total_tokens: sum(({ body }) => body.usage?.total_tokens),
    }
    return {
      ...first,
      attempts: sum(({ attempts }) => attempts),
      cached: sum(({ cached }) => cached),
      body: { ...first.body, ...(usage && { usage }), results },
    }
  }
}

/** Batches of passages, each for one request. */
function* batchesOf(parts: readonly Part[], ofQuery: number, maxTokens: number): Generator<Part[]> {
  let batch: Part[] = []
  let tokens = 0
  for (const part of parts) {
    const size = ofQuery + estimateTokens(part.text)
    if (batch.length > 0 && (tokens + size > maxTokens || batch.length === MOST_PASSAGES)) {
      yield batch
      batch = []
      tokens = 0
    }
    batch.push(part)
    tokens += size
  }
  yield batch
}

/** The passages of a document. Blank ones are left out, because servers reject a whole request that contains one. */
function partsOf(text: string, index: number, room: number, overlap: number, mode: string): Part[] {
  const parts: Part[] = []
  for (let start = 0; start < text.length || start === 0;) {
    const end = endOf(text, start, room)
    const isCut = end - start < text.length
    parts.push({ index, start, end, text: text.slice(start, end), isCut })
    if (end >= text.length || (mode === 'truncate' && text.slice(start, end).trim() !== '')) break
    const repeated = reach(text, end - 1, -1, Math.min(overlap, room / 4))
    start = beginningOf(text, start + 1, repeated, end)
  }
  const filled = parts.filter((part) => part.text.trim() !== '')
  return filled.length > 0 ? filled : parts.slice(0, 1)
}

/** The end of the passage that begins at `start`: the end of its last whole paragraph, sentence, word or character. */
function endOf(text: string, start: number, room: number): number {
  const limit = reach(text, start, 1, room)
  if (limit >= text.length) return text.length
  const half = start + (limit - start) / 2
  const paragraph = [...text.slice(start, limit).matchAll(/\n\s*\n/g)].at(-1)
  if (paragraph) {
    const end = start + paragraph.index + paragraph[0].length
    if (end > half) return end
  }
  for (const granularity of ['sentence', 'word', 'grapheme'] as const) {
    const end = segmentAt(text, start, limit, granularity)
    if (end > half) return end
  }
  return limit - lowSurrogate(text, limit)
}

/** The beginning of the passage that repeats the text from `repeated` to `end`: the beginning of a word, if one is near. */
function beginningOf(text: string, least: number, repeated: number, end: number): number {
  if (repeated >= end) return end
  const from = Math.max(least, repeated - LONGEST_WORD)
  const word = segmentAt(text, from, repeated, 'word')
  return word > from ? word : repeated
}

/** The most characters before a position in which the beginning of a word is searched. */
const LONGEST_WORD = 100

/** The beginning of the segment that contains `at`, segmented from `from` on. */
function segmentAt(text: string, from: number, at: number, granularity: Granularity): number {
  const window = text.slice(from, at + LONGEST_WORD)
  return (
    from +
    (segmenter(granularity)
      ?.segment(window)
      .containing(at - from)?.index ?? 0)
  )
}

type Granularity = 'sentence' | 'word' | 'grapheme'

const segmenters = new Map<Granularity, Intl.Segmenter>()

/** The segmenter of a granularity, if the runtime has one. It is kept, because it takes milliseconds to make. */
function segmenter(granularity: Granularity): Intl.Segmenter | undefined {
  if (!('Segmenter' in Intl)) return undefined
  const made = segmenters.get(granularity) ?? new Intl.Segmenter('und', { granularity })
  segmenters.set(granularity, made)
  return made
}

/** The position up to which a text has `tokens` tokens, forward or backward. Forward, it is at least one character away. */
function reach(text: string, from: number, step: 1 | -1, tokens: number): number {
  let at = from
  for (let sum = 0; at >= 0 && at < text.length; at += step) {
    const unit = text.charCodeAt(at)
    sum += unit < 0x80 ? 0.25 : unit < 0xdc00 || unit > 0xdfff ? 1 : 0
    if (sum > tokens) break
  }
  return step === 1 ? at : at + 1 + lowSurrogate(text, at + 1)
}

/** 1 for a position between the two code units of one character. */
function lowSurrogate(text: string, at: number): 0 | 1 {
  return /[\udc00-\udfff]/.test(text.charAt(at)) ? 1 : 0
}
