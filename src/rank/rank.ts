import type { RerankError } from '../errors/classes.ts'
import type { Send } from '../http/compose.ts'
import { notifyError } from '../http/context.ts'
import type { CallContext } from '../http/context.ts'
import { notify } from '../options/hooks.ts'
import { resolveCall } from '../options/resolve.ts'
import type { CallSettings } from '../options/resolve.ts'
import type { ClientSettings } from '../options/types.ts'
import { mapConcurrently } from '../shared/map-concurrently.ts'
import { property } from '../shared/property.ts'
import { invalid, isIterable } from '../shared/validate.ts'
import { batchesOf, itemsIn, LEFT_OUT, readTexts } from './batches.ts'
import type { Texts } from './batches.ts'
import { fallBack } from './fallback.ts'
import type { Scored } from './fallback.ts'
import { RANK } from './options.ts'
import type {
  Fallback,
  ItemOptions,
  MaybeScoredItem,
  RankedItem,
  RankOptions,
  RankSettings,
  RankWithUsage,
  UnscoredOptions,
} from './options.ts'

/**
 * Sorts items by their relevance to a query, best first. Items with equal scores keep their order. If the items do not
 * fit in one request, several are sent, and their scores are merged. This requires a model that scores each document
 * independently (pointwise), such as Qwen3-Reranker.
 *
 * If one request fails after all its retries, the others are cancelled. The call then rejects with the error, unless it
 * has a `fallback`. The error's `items` are the indices of the items in the failed request.
 */
export interface RankMethod {
  /**
   * Ranks strings, and may leave some without a score.
   *
   * @throws {@link RerankError} for a 401 or a 402, and when a request fails without a `fallback`; `signal.reason` when
   * its signal aborts it; `TypeError` for an invalid argument.
   * @example
   * const ranked = await client.rank(query, texts, { deadlineMs: 300, fallback: 'keep-order' })
   * for (const { item, score } of ranked) console.log(item, score ?? 'not scored')
   */
  (
    query: string,
    items: StringsUnlessOptionText,
    options: RankOptions<string> & MayLeaveUnscored,
  ): Promise<MaybeScoredItem<string>[]>
  /**
   * Ranks items of any type, and may leave some without a score.
   *
   * @throws {@link RerankError} for a 401 or a 402, and when a request fails without a `fallback`; `signal.reason` when
   * its signal aborts it; `TypeError` for an invalid argument.
   * @example
   * const hits = await client.rank(query, pages, { fields: ['title', 'body'], onlyFirst: 100 })
   */
  <Item>(
    query: string,
    items: Iterable<Item>,
    options: ItemOptions<Item> & MayLeaveUnscored,
  ): Promise<MaybeScoredItem<Item>[]>
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
   * Ranks items of any type by their texts, which come from the option `text` or `fields`.
   *
   * @throws {@link RerankError} when a request fails, `signal.reason` when its signal aborts it, `TypeError` for an
   * invalid argument, and for an item without a text.
   * @example
   * const ranked = await client.rank('capital of France', pages, { text: (page) => page.body, topN: 10 })
   */
  <Item>(query: string, items: Iterable<Item>, options: ItemOptions<Item>): Promise<RankedItem<Item>[]>

  /** Ranks items, and also returns the tokens used and other facts. */
  withUsage: RankWithUsageMethod
}

/** Ranks items as {@link RankMethod} does, and also returns the tokens used, the ids of responses and the fallback's error. */
export interface RankWithUsageMethod {
  /** Ranks strings, and may leave some without a score. */
  (
    query: string,
    items: StringsUnlessOptionText,
    options: RankOptions<string> & MayLeaveUnscored,
  ): Promise<RankWithUsage<string, number | undefined>>
  /** Ranks items of any type, and may leave some without a score. */
  <Item>(
    query: string,
    items: Iterable<Item>,
    options: ItemOptions<Item> & MayLeaveUnscored,
  ): Promise<RankWithUsage<Item, number | undefined>>
  /**
   * Ranks strings.
   *
   * @example
   * const { ranked, usage } = await client.rank.withUsage('capital of France', ['Paris', 'Belgrade'])
   */
  (
    query: string,
    items: StringsUnlessOptionText,
    options?: RankOptions<string>,
  ): Promise<RankWithUsage<string>>
  /** Ranks items of any type. */
  <Item>(query: string, items: Iterable<Item>, options: ItemOptions<Item>): Promise<RankWithUsage<Item>>
}

/** Options with at least one that may leave items without a score. */
export type MayLeaveUnscored = UnscoredOptions &
  (
    | {
        /** The result if the requests fail. */
        fallback: Fallback | undefined
      }
    | {
        /** The number of items to rank. */
        onlyFirst: number
      }
  )

/** Strings. Items of any other type need the option `text`: compiler errors show the name of this type. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- named for the errors of compilers
export interface StringsUnlessOptionText extends Iterable<string> {}

/** Makes the method `rank` of a client. */
export function createRank(
  client: ClientSettings,
  send: Send,
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
    const total = texts.texts.length
    let scored: Scored[] = new Array<Scored>(total)
    const answers: Answer[] = []
    const { model, serviceTier: service_tier, user, onProgress } = settings
    let done = 0
    let degraded: RerankError | undefined
    try {
      await mapConcurrently(batches, settings, async (batch, place, signal) => {
        const { start, end } = batch
        const part = { items: () => itemsIn(texts, batch), place, parts: batches.length }
        const documents = texts.texts.slice(start, end)
        const { body, cached } = await send(
          { query, documents, model, service_tier, user },
          { ...context, signal, part },
        )
        for (const { index, relevance_score: score, passage } of body.results) {
          scored[start + index] = passage ? { score, passage } : { score }
        }
        done += documents.length
        notify(onProgress, { done, total })
        // Without the results, which repeat the caller's documents.
        answers[place] = { ids: [body.id], usage: body.usage, cached }
      })
    } catch (error) {
      notifyError(error, context)
      const instead = await fallBack(error, query, texts.texts, settings, context)
      ;({ degraded, scored } = instead)
      if (instead.given) answers.push(instead.given)
    }
    const sum = (value: (answer: Answer) => unknown): number =>
      answers.reduce((total, answer) => total + (Number(value(answer)) || 0), 0)
    return {
      ranked: inOrder(texts, scored, settings),
      usage: {
        prompt_tokens: sum(({ usage }) => property(usage, 'prompt_tokens')),
        total_tokens: sum(({ usage }) => property(usage, 'total_tokens')),
      },
      ids: answers.flatMap(({ ids }) => ids).filter((id) => typeof id === 'string'),
      cached: sum(({ cached }) => cached) || undefined,
      degraded,
    }
  }
  const rank = async <Item>(
    query: string,
    items: Iterable<Item>,
    options?: RankOptions<Item>,
  ): Promise<RankedItem<Item>[]> => (await withUsage(query, items, options)).ranked

  return Object.assign(rank, { withUsage })
}

/** The facts of one response, or of another client's ranking. */
interface Answer {
  ids: readonly unknown[]
  usage: unknown
  cached?: number | undefined
}

/** The items, best first. Items without a score keep their order and come last. */
function inOrder<Item>(
  { items, placeOf }: Texts<Item>,
  scored: readonly (Scored | undefined)[],
  { topN, minScore }: RankSettings,
): RankedItem<Item>[] {
  const ranked: MaybeScoredItem<Item>[] = []
  items.forEach((item, index) => {
    const place = placeOf[index] ?? LEFT_OUT
    const one: MaybeScoredItem<Item> = { item, index, score: undefined, ...scored[place] }
    if (place !== LEFT_OUT && (one.score ?? Infinity) >= minScore) ranked.push(one)
  })
  const order = ({ score = -Infinity }: MaybeScoredItem<Item>): number => score
  // The types of the calls say where scores may be missing.
  return ranked.sort((a, b) => order(b) - order(a)).slice(0, topN) as RankedItem<Item>[]
}
