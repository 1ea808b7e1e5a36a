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
 * Options of {@link RankMethod}, beside those of every call; `deadlineMs` covers all its requests together. `fallback` and
 * `onlyFirst` are in {@link UnscoredOptions}, since they leave items without a score.
 */
export interface RankOptions<Item> extends CallOptions {
  /** Gives the text of an item that is ranked. Required unless the items are strings. @default the item itself */
  text?: ((item: Item) => string) | undefined
  /**
   * The fields of an item that are ranked, in place of `text`: a line each, `title: Wool socks`. Missing ones are left
   * out. @default undefined
   */
  fields?: readonly (keyof Item & string)[] | undefined
  /** The number of best items to return. @default Infinity */
  topN?: number | undefined
  /** The lowest score of an item that is returned. @default -Infinity */
  minScore?: number | undefined
  /** The model to use. @default the client's */
  model?: string | undefined
  /** The capacity that serves the requests. @default 'auto' (by the server) */
  serviceTier?: ServiceTier | undefined
  /** An identifier of the end user on whose behalf this is. @default undefined */
  user?: string | undefined
  /** The most documents in one request; more are sent as several. @default 1_000 */
  maxDocumentsPerRequest?: number | undefined
  /**
   * The most tokens in one request, the query counted once for each document; estimated at 4 characters of ASCII,
   * or 1 other, each. A single document is sent whatever its length. The default is a quarter of the service's base limit
   * of 400,000 a minute, since an estimate may be off by four. @default 100_000
   */
  maxTokensPerRequest?: number | undefined
  /** The most requests in flight at once. @default 4 */
  concurrency?: number | undefined
  /**
   * The treatment of an item with a blank text, for which some servers reject the whole request: it is left out, or a
   * TypeError. @default 'skip'
   */
  blank?: 'skip' | 'error' | undefined
  /** Sends equal texts once and gives all of them the score. @default true */
  dedupe?: boolean | undefined
  /** Called as requests get their responses. @default undefined */
  onProgress?: ((progress: RankProgress) => void) | undefined
}

/** The progress told to {@link RankOptions.onProgress}. Equal texts that are sent once count once. */
export interface RankProgress {
  /** Texts that have a score. */
  done: number
  /** Texts that will have one. */
  total: number
}

/** An item in its place. */
export interface RankedItem<Item, Score = number> {
  /** The item itself, not a copy. */
  item: Item
  /** Its place among the items given. */
  index: number
  /** Its relevance to the query; `undefined` where a fallback or `onlyFirst` left it without one. */
  score: Score
  /** The best part of a text that `longDocuments` split, or what it kept of one that it cut. */
  passage?: Passage
}

/** An item in its place, with or without a score. */
export type MaybeScoredItem<Item> = RankedItem<Item, number | undefined>

/** The result of {@link RankMethod.withUsage}. */
export interface RankWithUsage<Item, Score = number> {
  /** The items, best first. */
  ranked: RankedItem<Item, Score>[]
  /** Tokens used, over all requests that state them. */
  usage: RerankUsage
  /** The ids of all responses that have one, in the order of the requests. */
  ids: string[]
  /** The number of texts whose scores came from a cache, where any did. */
  cached?: number | undefined
  /** The error for which the ranking fell back: the scores are another client's, or there are none. */
  degraded?: RerankError | undefined
}

/** Options for items that are not strings: their texts come from `text` or `fields`. */
export type ItemOptions<Item> = TextOptions<Item> | FieldOptions<Item>

/** Options for items whose text a function gives. */
export interface TextOptions<Item> extends RankOptions<Item> {
  /** Gives the text of an item that is ranked. */
  text: (item: Item) => string
}

/** Options for items whose text is written from their fields. */
export interface FieldOptions<Item> extends RankOptions<Item> {
  /** The fields of an item that are ranked. */
  fields: readonly (keyof Item & string)[]
}

/** Options of a ranking that may leave items without a score, beside those of every ranking. */
export interface UnscoredOptions {
  /**
   * The stand-in for the scores when the requests fail for good, or `deadlineMs` passes. `'keep-order'` returns the items
   * in the order given, without scores, for all errors except a 401 and a 402, which a person has to see. A function is
   * asked for the scores, as `fallbackTo` of `nebius-rerank/middleware` asks other clients. `rank.withUsage` returns the
   * error as `degraded`. An abort and a TypeError reject all the same. @default undefined: the call rejects
   */
  fallback?: Fallback | undefined
  /** The number of items that are ranked, the first ones; the rest follow in their order, without scores. @default Infinity */
  onlyFirst?: number | undefined
}

/** The stand-in for the scores of a ranking that fails: none, or those of a function. */
export type Fallback = 'keep-order' | FallbackScorer

/**
 * Gives the scores of a ranking that failed, or `undefined` to keep the order given; what it throws, the call rejects
 * with.
 */
export type FallbackScorer = (
  error: RerankError,
  failed: FailedRanking,
) => RankWithUsage<string> | undefined | Promise<RankWithUsage<string> | undefined>

/** A ranking that failed, as a {@link FallbackScorer} sees it. */
export interface FailedRanking {
  /** The query. */
  query: string
  /** The texts that were to be scored, each once. */
  texts: readonly string[]
  /** The caller's signal. */
  signal: AbortSignal | undefined
  /** Milliseconds that remain of the call's deadline; 0 or less where it has passed. */
  remainingMs: number
}

/** The options of a ranking, laid over its client's. */
export interface RankSettings extends CallSettings {
  text: (item: unknown) => unknown
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

/** A count that may have no bound. */
const COUNT: Rule = [(count) => count === Infinity || WHOLE[0](count), WHOLE[1]]

/** The options of a ranking, by name. */
export const RANK: OptionTable<RankOptions<unknown> & UnscoredOptions> = {
  ...CALL,
  text: { default: (item: unknown) => item, rule: [FUNCTION[0], 'a function from an item to its text'] },
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
      "'keep-order' or a function, as fallbackTo gives",
    ],
  },
  onlyFirst: { default: Infinity, rule: COUNT },
}
