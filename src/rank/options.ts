import type { CallOptions } from '../options/resolve.ts'
import { checkOptions } from '../shared/validate.ts'
import type { Rule } from '../shared/validate.ts'
import type { RerankUsage, ServiceTier } from '../api/types.ts'

/** Options of {@link RankMethod}, beside those of every call; `deadlineMs` covers all its requests together. */
export interface RankOptions<Item> extends CallOptions {
  /** The text of an item that is ranked. Required unless the items are strings. */
  text?: ((item: Item) => string) | undefined
  /** How many of the best items to return. @default all */
  topN?: number | undefined
  /** Leaves out items that score less. @default none */
  minScore?: number | undefined
  /** The model to use. @default the client's */
  model?: string | undefined
  /** Which capacity serves the requests. @default 'auto' (by the server) */
  serviceTier?: ServiceTier | undefined
  /** An identifier of the end user on whose behalf this is. */
  user?: string | undefined
  /** The most documents in one request; more are sent as several. @default 1_000 */
  maxDocumentsPerRequest?: number | undefined
  /**
   * The most tokens in one request, the query counted once for each document; estimated at 4 characters of ASCII,
   * or 1 other, each. A single document is sent whatever its length. @default none
   */
  maxTokensPerRequest?: number | undefined
  /** How many requests are under way at once. @default 4 */
  concurrency?: number | undefined
  /**
   * What becomes of an item with a blank text, for which servers refuse the whole request: it is left out, or a
   * TypeError. @default 'skip'
   */
  blank?: 'skip' | 'error' | undefined
  /** Sends equal texts once and gives all of them the score. @default true */
  dedupe?: boolean | undefined
  /** Called as requests are answered. */
  onProgress?: ((progress: RankProgress) => void) | undefined
}

/** See {@link RankOptions.onProgress}. Equal texts that are sent once count once. */
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

/** What {@link RankMethod.withUsage} returns. */
export interface RankWithUsage<Item> {
  /** The items, best first. */
  ranked: RankedItem<Item>[]
  /** Tokens used, over all requests that state them. */
  usage: RerankUsage
  /** The ids of all answers that have one, in the order of the requests. */
  ids: string[]
}

/** Options for items that are not strings. */
export type ItemOptions<Item> = RankOptions<Item> & {
  /** The text of an item that is ranked. */
  text: (item: Item) => string
}

/** What the options that ranking adds come to. */
export interface RankSettings<Item> {
  text: (item: Item) => unknown
  topN: number
  minScore: number
  maxDocumentsPerRequest: number
  maxTokensPerRequest: number
  concurrency: number
  blank: 'skip' | 'error'
  dedupe: boolean
}

const RULES = {
  text: [(text) => typeof text === 'function', 'a function from an item to its text'],
  topN: [isWhole, 'a whole number, 1 or more'],
  minScore: [(score) => typeof score === 'number' && !Number.isNaN(score), 'a number'],
  maxDocumentsPerRequest: [isWhole, 'a whole number, 1 or more'],
  maxTokensPerRequest: [(tokens) => tokens === Infinity || isWhole(tokens), 'a whole number, 1 or more'],
  concurrency: [isWhole, 'a whole number, 1 or more'],
  blank: [(blank) => blank === 'skip' || blank === 'error', "'skip' or 'error'"],
  dedupe: [(dedupe) => typeof dedupe === 'boolean', 'true or false'],
  onProgress: [(report) => typeof report === 'function', 'a function'],
} as const satisfies Partial<Record<keyof RankOptions<unknown>, Rule>>

/** Checks the options that ranking adds and fills in the defaults. @throws TypeError */
export function resolveRank<Item>(options: RankOptions<Item>): RankSettings<Item> {
  checkOptions(options, RULES)
  return {
    text: options.text ?? ((item) => item),
    topN: options.topN ?? Infinity,
    minScore: options.minScore ?? -Infinity,
    maxDocumentsPerRequest: options.maxDocumentsPerRequest ?? 1000,
    maxTokensPerRequest: options.maxTokensPerRequest ?? Infinity,
    concurrency: options.concurrency ?? 4,
    blank: options.blank ?? 'skip',
    dedupe: options.dedupe ?? true,
  }
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
