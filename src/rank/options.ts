import type { Passage } from '../api/response.ts'
import type { RerankUsage, ServiceTier } from '../api/types.ts'
import type { RerankError } from '../errors/classes.ts'
import type { CallSettings } from '../options/resolve.ts'
import { CALL } from '../options/rules.ts'
import type { CallOptions } from '../options/types.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { FLAG, FUNCTION, isFunction, WHOLE } from '../shared/validate.ts'
import type { Rule } from '../shared/validate.ts'

/**
 * Options of {@link RankMethod}, in addition to those of every call. `deadlineMs` covers all requests of a ranking
 * together. `fallback` and `onlyFirst` are in {@link UnscoredOptions}, because with them items may have no score.
 */
export interface RankOptions<Item> extends CallOptions {
  /** Returns the text of an item. Required unless the items are strings, or `fields` is set. @default the item itself */
  text?: ((item: Item) => string) | undefined
  /**
   * The fields that make up the text of an item, instead of `text`. Each is one line, such as `title: Wool socks`.
   * Missing and blank fields are left out. @default undefined
   */
  fields?: readonly (keyof Item & string)[] | undefined
  /** The most items to return, the best ones: a whole number, 1 or more. @default Infinity */
  topN?: number | undefined
  /**
   * The lowest score to return. Items with a lower score are dropped. The service's scores are from 0 to 1, but those of
   * other servers may not be, so any number is valid. @default -Infinity
   */
  minScore?: number | undefined
  /** The model to use. @default the client's */
  model?: string | undefined
  /** The service tier of the requests. @default 'auto' (the service's own default) */
  serviceTier?: ServiceTier | undefined
  /** An identifier of the end user for whom the call is made. @default undefined */
  user?: string | undefined
  /** The most documents in one request: a whole number, 1 or more. A longer list is sent in several. @default 1_000 */
  maxDocumentsPerRequest?: number | undefined
  /**
   * The most tokens in one request. The query counts once for each document. A token is estimated as 4 ASCII characters,
   * or 1 other character. A single document is always sent, even if it has more tokens. The default is a quarter of the
   * service's base limit of 400,000 a minute, because the estimate may be off by a factor of four. @default 100_000
   */
  maxTokensPerRequest?: number | undefined
  /** The most requests of this ranking in flight: a whole number, 1 or more. @default 4 */
  concurrency?: number | undefined
  /**
   * Leaves out items with a blank text (`'skip'`), or throws a TypeError for them (`'error'`). Some servers reject a whole
   * request that contains a blank text. @default 'skip'
   */
  blank?: 'skip' | 'error' | undefined
  /** Sends equal texts only once. All items with the text get its score. @default true */
  dedupe?: boolean | undefined
  /** Called after each response. @default undefined */
  onProgress?: ((progress: RankProgress) => void) | undefined
}

/** The progress of a ranking, for {@link RankOptions.onProgress}. Equal texts that are sent once count once. */
export interface RankProgress {
  /** The number of texts that have a score. */
  done: number
  /** The number of all texts. */
  total: number
}

/** An item of a ranking. */
export interface RankedItem<Item, Score = number> {
  /** The item itself, not a copy. */
  item: Item
  /** The position of the item in the list that was ranked, from 0. */
  index: number
  /** The relevance of the item to the query. `undefined` if a fallback or `onlyFirst` left the item without a score. */
  score: Score
  /** The best passage, if `longDocuments` split the text, or the part that was kept, if it truncated the text. */
  passage?: Passage
}

/** An item of a ranking, with or without a score. */
export type MaybeScoredItem<Item> = RankedItem<Item, number | undefined>

/** The result of {@link RankMethod.withUsage}. */
export interface RankWithUsage<Item, Score = number> {
  /** The items, best first. */
  ranked: RankedItem<Item, Score>[]
  /** The tokens used by all requests, as far as the responses state them. */
  usage: RerankUsage
  /** The ids of the responses, in the order of the requests. */
  ids: string[]
  /** The number of texts whose scores came from a cache, if there are any. */
  cached?: number | undefined
  /** The error that caused the fallback, if there was one. The scores then come from another client, or are missing. */
  degraded?: RerankError | undefined
}

/** Options for items that are not strings. Their texts come from `text` or `fields`. */
export type ItemOptions<Item> = TextOptions<Item> | FieldOptions<Item>

/** Options for items whose texts come from a function. */
export interface TextOptions<Item> extends RankOptions<Item> {
  /** Returns the text of an item. */
  text: (item: Item) => string
}

/** Options for items whose texts are made from their fields. */
export interface FieldOptions<Item> extends RankOptions<Item> {
  /** The fields that make up the text of an item. */
  fields: readonly (keyof Item & string)[]
}

/** Options of a ranking that may leave items without a score, in addition to those of every ranking. */
export interface UnscoredOptions {
  /**
   * The result if the requests fail after all retries, or `deadlineMs` passes. `'keep-order'` returns the items in their
   * original order, without scores. A function returns scores, for example `fallbackTo` of `nebius-rerank/middleware` with
   * those of another client. `rank.withUsage` returns the error as `degraded`. Without a fallback, and for a 401, a 402, an
   * abort and a TypeError, the call rejects. @default undefined
   */
  fallback?: Fallback | undefined
  /**
   * The number of items to rank: a whole number, 1 or more. The other items follow in their original order, without
   * scores. @default Infinity
   */
  onlyFirst?: number | undefined
}

/** The result of a ranking that fails: the original order, or the scores of a function. */
export type Fallback = 'keep-order' | FallbackScorer

/**
 * Returns the scores for a ranking that failed, or `undefined` to keep the original order. If the function throws, the
 * call rejects with its error.
 */
export type FallbackScorer = (
  error: RerankError,
  failed: FailedRanking,
) => RankWithUsage<string> | undefined | Promise<RankWithUsage<string> | undefined>

/** A ranking that failed, for a {@link FallbackScorer}. */
export interface FailedRanking {
  /** The query. */
  query: string
  /** The texts without scores, each once. */
  texts: readonly string[]
  /** The caller's signal. */
  signal: AbortSignal | undefined
  /** The milliseconds until the deadline of the call: 0 or less if it has passed. */
  remainingMs: number
}

/** The options of a ranking, merged with its client's. */
export interface RankSettings extends CallSettings {
  text: ((item: unknown) => unknown) | undefined
  fields: readonly string[] | undefined
  topN: number
  minScore: number
  model: string
  serviceTier: ServiceTier | undefined
  user: string | undefined
  maxDocumentsPerRequest: number
  maxTokensPerRequest: number
  concurrency: number
  blank: 'skip' | 'error'
  dedupe: boolean
  onProgress: ((progress: RankProgress) => void) | undefined
  fallback: UnscoredOptions['fallback']
  onlyFirst: number
}

/** A count that may be unlimited. */
const COUNT: Rule = [(count) => count === Infinity || WHOLE[0](count), WHOLE[1]]

/** The options of a ranking, by name. */
export const RANK: OptionTable<RankOptions<unknown> & UnscoredOptions> = {
  ...CALL,
  text: { rule: [FUNCTION[0], 'a function that returns the text of an item'] },
  fields: {
    rule: [
      (fields) =>
        Array.isArray(fields) && fields.length > 0 && fields.every((field) => typeof field === 'string'),
      'an array of names, one or more',
    ],
  },
  topN: { default: Infinity, rule: COUNT },
  minScore: {
    default: -Infinity,
    rule: [(score) => typeof score === 'number' && score === score, 'a number'],
  },
  model: { rule: [(model) => typeof model === 'string' && model !== '', 'a model id'] },
  serviceTier: { rule: [(tier) => typeof tier === 'string', 'a service tier'] },
  user: { rule: [(user) => typeof user === 'string', 'a string'] },
  maxDocumentsPerRequest: { default: 1000, rule: WHOLE },
  maxTokensPerRequest: { default: 100_000, rule: COUNT },
  concurrency: { default: 4, rule: WHOLE },
  blank: { default: 'skip', rule: [(blank) => blank === 'skip' || blank === 'error', "'skip' or 'error'"] },
  dedupe: { default: true, rule: FLAG },
  onProgress: { rule: FUNCTION },
  fallback: {
    rule: [
      (value) => value === 'keep-order' || isFunction(value),
      "'keep-order' or a function, such as the result of fallbackTo",
    ],
  },
  onlyFirst: { default: Infinity, rule: COUNT },
}
