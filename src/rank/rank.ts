import type { RerankUsage } from '../api/types.ts'
import { notifyError } from '../http/context.ts'
import type { CallContext } from '../http/context.ts'
import { notify } from '../options/hooks.ts'
import type { Send } from '../options/middleware.ts'
import { resolveCall } from '../options/resolve.ts'
import type { CallSettings } from '../options/resolve.ts'
import type { ClientSettings } from '../options/types.ts'
import { mapConcurrently } from '../shared/map-concurrently.ts'
import { property } from '../shared/property.ts'
import { invalid, isIterable } from '../shared/validate.ts'
import { batchesOf, itemsIn, readTexts } from './batches.ts'
import type { Texts } from './batches.ts'
import { RANK } from './options.ts'
import type { ItemOptions, RankedItem, RankOptions, RankSettings, RankWithUsage } from './options.ts'

/**
 * Puts items in order of relevance to a query: best first, equal scores in the order given. More items than fit
 * one request are sent as several and merged by score, which holds for models that score each document by itself
 * (pointwise), as Qwen3-Reranker does.
 *
 * All or nothing: when a request fails for good, those beside it are cancelled, and the call rejects with its error,
 * whose `items` are the indices of the items that were in it.
 */
export interface RankMethod {
  /**
   * Ranks strings.
   *
   * @throws {@link RerankError} when a request fails, `signal.reason` when its signal aborts it, `TypeError` for an
   * invalid argument.
   * @example
   * const [best] = await client.rank('capital of France', ['Paris', 'Belgrade'])
   * console.log(best?.item, best?.score)
   */
  (
    query: string,
    items: StringsUnlessOptionText,
    options?: RankOptions<string>,
  ): Promise<RankedItem<string>[]>
  /**
   * Ranks items of any kind by the text that the option `text` gives for each.
   *
   * @throws {@link RerankError} when a request fails, `signal.reason` when its signal aborts it, `TypeError` for an
   * invalid argument, and for an item without a text.
   * @example
   * const ranked = await client.rank('capital of France', pages, { text: (page) => page.body, topN: 10 })
   */
  <Item>(query: string, items: Iterable<Item>, options: ItemOptions<Item>): Promise<RankedItem<Item>[]>

  /**
   * Ranks strings, and gives the tokens used and the ids of the responses beside them.
   *
   * @example
   * const { ranked, usage } = await client.rank.withUsage('capital of France', ['Paris', 'Belgrade'])
   */
  withUsage(
    query: string,
    items: StringsUnlessOptionText,
    options?: RankOptions<string>,
  ): Promise<RankWithUsage<string>>
  /** Ranks items of any kind, and gives the tokens used and the ids of the responses beside them. */
  withUsage<Item>(
    query: string,
    items: Iterable<Item>,
    options: ItemOptions<Item>,
  ): Promise<RankWithUsage<Item>>
}

/** Strings. Items of any other kind need the option `text`; compilers name this type where it is missing. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- named for the errors of compilers
export interface StringsUnlessOptionText extends Iterable<string> {}

/** Makes the ranking over one client's requests. */
export function createRank(
  client: ClientSettings,
  send: Send<CallContext>,
  contextOf: (settings: CallSettings) => CallContext,
): RankMethod {
  const withUsage = async <Item>(
    query: string,
    items: Iterable<Item>,
    options: RankOptions<Item> = {},
  ): Promise<RankWithUsage<Item>> => {
    if (typeof query !== 'string') invalid('query', 'a string', query)
    if (!isIterable(items)) invalid('items', 'an iterable of items', items)
    const settings = resolveCall(options, client, RANK) as RankSettings
    settings.signal?.throwIfAborted()
    const context = contextOf(settings)
    const texts = readTexts(items, settings)
    const batches = batchesOf(texts.texts, query, settings)
    const scores = new Float64Array(texts.texts.length)
    const { model, serviceTier: service_tier, user, onProgress } = settings
    let done = 0
    try {
      const responses = await mapConcurrently(batches, settings, async (batch, place, signal) => {
        const { start, end } = batch
        const part = { items: () => itemsIn(texts, batch), place, parts: batches.length }
        const documents = texts.texts.slice(start, end)
        const request = {
          query,
          documents,
          model,
          ...(service_tier && { service_tier }),
          ...(user !== undefined && { user }),
        }
        const { body } = await send(request, { ...context, signal, part })
        for (const { index, relevance_score } of body.results) scores[start + index] = relevance_score
        done += documents.length
        notify(onProgress, { done, total: scores.length })
        // Not the results: their documents are the caller's own, once more.
        return { id: body.id as unknown, usage: body.usage as unknown }
      })
      return {
        ranked: inOrder(texts, scores, settings),
        usage: sumOf(responses),
        ids: responses.map(({ id }) => id).filter((id) => typeof id === 'string'),
      }
    } catch (error) {
      notifyError(client.hooks, error, context)
      throw error
    }
  }
  const rank = async <Item>(
    query: string,
    items: Iterable<Item>,
    options?: RankOptions<Item>,
  ): Promise<RankedItem<Item>[]> => (await withUsage(query, items, options)).ranked

  return Object.assign(rank, { withUsage })
}

function inOrder<Item>(
  { items, placeOf }: Texts<Item>,
  scores: Float64Array,
  { topN, minScore }: RankSettings,
): RankedItem<Item>[] {
  return items
    .map((item, index) => ({ item, index, score: scores[placeOf[index] ?? -1] ?? NaN }))
    .filter(({ score }) => score >= minScore)
    .sort((a, b) => b.score - a.score)
    .slice(0, topN)
}

function sumOf(responses: readonly { usage: unknown }[]): RerankUsage {
  const sum = (key: keyof RerankUsage): number =>
    responses.reduce((total, { usage }) => total + (Number(property(usage, key)) || 0), 0)
  return { prompt_tokens: sum('prompt_tokens'), total_tokens: sum('total_tokens') }
}
