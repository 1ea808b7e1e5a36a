import { readScores } from '../api/response.ts'
import type { Caller } from '../http/call.ts'
import { chunksOf, collect, itemsIn } from './batches.ts'
import type { Candidates } from './batches.ts'
import { notify } from '../options/hooks.ts'
import { checkSharedOptions, checkSignal } from '../options/rules.ts'
import { resolveRank } from './options.ts'
import type { ItemOptions, RankedItem, RankOptions, RankSettings, RankWithUsage } from './options.ts'
import { checkIsObject, refuse } from '../shared/validate.ts'
import { together } from '../shared/map-concurrently.ts'
import type { RerankUsage } from '../api/types.ts'
import { property } from '../shared/property.ts'

/**
 * Puts items in order of relevance to a query: best first, equal scores in the order given. More items than fit
 * one request are sent as several and merged by score, which holds for models that score each document by itself
 * (pointwise), as Qwen3-Reranker does.
 *
 * All or nothing: when a request fails for good, those beside it are cancelled, and the call rejects with its error,
 * whose `items` are the indices of the items that were in it.
 *
 * @throws What {@link RerankMethod} throws, and `TypeError` for an item without a text.
 */
export interface RankMethod {
  (query: string, items: Iterable<string>, options?: RankOptions<string>): Promise<RankedItem<string>[]>
  <Item>(query: string, items: Iterable<Item>, options: ItemOptions<Item>): Promise<RankedItem<Item>[]>

  /** The same, with the tokens used and the ids of the answers beside it. */
  withUsage(
    query: string,
    items: Iterable<string>,
    options?: RankOptions<string>,
  ): Promise<RankWithUsage<string>>
  /** The same for items that are no strings. */
  withUsage<Item>(
    query: string,
    items: Iterable<Item>,
    options: ItemOptions<Item>,
  ): Promise<RankWithUsage<Item>>
}

/** The ranking over one client's calls. */
export function createRank(call: Caller): RankMethod {
  async function withUsage<Item>(
    query: string,
    items: Iterable<Item>,
    options: RankOptions<Item> = {},
  ): Promise<RankWithUsage<Item>> {
    if (typeof query !== 'string') refuse('query', 'a string', query)
    if (!isIterable(items)) refuse('items', 'an iterable of items', items)
    checkIsObject('options', options)
    checkSignal(options.signal)
    // Each request checks these, but an empty list makes none.
    checkSharedOptions(options)
    const settings = resolveRank(options)
    options.signal?.throwIfAborted()
    const candidates = collect(items, settings)
    const { scores, answers } = await score(call, query, candidates, options, settings)
    return {
      ranked: inOrder(candidates, scores, settings),
      usage: sumOf(answers),
      ids: answers.map(({ id }) => id).filter((id) => typeof id === 'string'),
    }
  }

  async function rank<Item>(
    query: string,
    items: Iterable<Item>,
    options?: RankOptions<Item>,
  ): Promise<RankedItem<Item>[]> {
    return (await withUsage(query, items, options)).ranked
  }
  return Object.assign(rank, { withUsage })
}

/** What is kept of an answer once its scores are read: its documents are the caller's own, once more. */
interface Kept {
  id: unknown
  usage: unknown
}

async function score<Item>(
  call: Caller,
  query: string,
  candidates: Candidates<Item>,
  options: RankOptions<Item>,
  { concurrency, ...limits }: RankSettings<Item>,
): Promise<{ scores: Float64Array; answers: Kept[] }> {
  const { model, serviceTier: service_tier, user, signal, onProgress } = options
  const { texts } = candidates
  const chunks = chunksOf(texts, query, limits)
  const scores = new Float64Array(texts.length)
  const started = performance.now()
  let done = 0

  const answers = await together(chunks, { concurrency, signal }, async (chunk, place, signal) => {
    const documents = texts.slice(chunk.start, chunk.end)
    const request = { query, documents, model, service_tier, user }
    const part = { items: () => itemsIn(candidates, chunk), place, parts: chunks.length }
    const { data } = await call(request, { ...options, signal }, readScores, { started, part })
    for (const { index, relevance_score } of data.results) scores[chunk.start + index] = relevance_score
    done += documents.length
    notify(onProgress, { done, total: texts.length })
    return { id: property(data, 'id'), usage: property(data, 'usage') }
  })
  return { scores, answers }
}

function inOrder<Item>(
  { items, textOf }: Candidates<Item>,
  scores: Float64Array,
  { topN, minScore }: RankSettings<Item>,
): RankedItem<Item>[] {
  return items
    .map((item, index) => ({ item, index, score: scores[textOf[index] ?? -1] ?? NaN }))
    .filter(({ score }) => score >= minScore)
    .sort((a, b) => b.score - a.score)
    .slice(0, topN)
}

function sumOf(answers: readonly Kept[]): RerankUsage {
  const sum = (key: keyof RerankUsage): number =>
    answers.reduce((total, { usage }) => total + (Number(property(usage, key)) || 0), 0)
  return { prompt_tokens: sum('prompt_tokens'), total_tokens: sum('total_tokens') }
}

function isIterable(value: unknown): boolean {
  // A string is an iterable of its characters, and never what was meant.
  return typeof value === 'object' && typeof property(value, Symbol.iterator) === 'function'
}
