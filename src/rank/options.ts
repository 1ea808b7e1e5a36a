import type { RerankUsage, ServiceTier } from '../api/types.ts'
import type { CallSettings } from '../options/resolve.ts'
import { CALL } from '../options/rules.ts'
import type { CallOptions } from '../options/types.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { FLAG, FUNCTION, WHOLE } from '../shared/validate.ts'

/** Options of {@link RankMethod}, beside those of every call; `deadlineMs` covers all its requests together. */
export interface RankOptions<Item> extends CallOptions {
  /** Gives the text of an item that is ranked. Required unless the items are strings. @default the item itself */
  text?: ((item: Item) => string) | undefined
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
   * or 1 other, each. A single document is sent whatever its length. @default Infinity
   */
  maxTokensPerRequest?: number | undefined
  /** The most requests in flight at once. @default 4 */
  concurrency?: number | undefined
  /**
   * The treatment of an item with a blank text, for which servers reject the whole request: it is left out, or a
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
export interface RankedItem<Item> {
  /** The item itself, not a copy. */
  item: Item
  /** Its place among the items given. */
  index: number
  /** Its relevance to the query. */
  score: number
}

/** The result of {@link RankMethod.withUsage}. */
export interface RankWithUsage<Item> {
  /** The items, best first. */
  ranked: RankedItem<Item>[]
  /** Tokens used, over all requests that state them. */
  usage: RerankUsage
  /** The ids of all responses that have one, in the order of the requests. */
  ids: string[]
}

/** Options for items that are not strings: `text` is required. */
export interface ItemOptions<Item> extends RankOptions<Item> {
  /** Gives the text of an item that is ranked. */
  text: (item: Item) => string
}

/** The options of a ranking, laid over its client's. */
export interface RankSettings extends CallSettings {
  text: (item: unknown) => unknown
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
}

/** The options of a ranking, by name. */
export const RANK: OptionTable<RankOptions<unknown>> = {
  ...CALL,
  text: { default: (item: unknown) => item, rule: [FUNCTION[0], 'a function from an item to its text'] },
  topN: { default: Infinity, rule: WHOLE },
  minScore: {
    default: -Infinity,
    rule: [(score) => typeof score === 'number' && score === score, 'a number'],
  },
  model: { rule: [(model) => typeof model === 'string' && model !== '', 'a model id'] },
  serviceTier: { rule: [(tier) => typeof tier === 'string', 'a service tier'] },
  user: { rule: [(user) => typeof user === 'string', 'a string'] },
  maxDocumentsPerRequest: { default: 1000, rule: WHOLE },
  maxTokensPerRequest: {
    default: Infinity,
    rule: [(tokens) => tokens === Infinity || WHOLE[0](tokens), WHOLE[1]],
  },
  concurrency: { default: 4, rule: WHOLE },
  blank: { default: 'skip', rule: [(blank) => blank === 'skip' || blank === 'error', "'skip' or 'error'"] },
  dedupe: { default: true, rule: FLAG },
  onProgress: { rule: FUNCTION },
}
