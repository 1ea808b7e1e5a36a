// The public API, written by `npm run api`. Any change to it needs a changeset.

import { FallbackScorer, Middleware, ModelRequest, RerankClient } from '../index.js'

interface BreakerOptions {
  failures?: number | undefined
  cooldownMs?: number | undefined
}

interface CacheEntry {
  key: string
  value: StoredScore
  ttl?: number | undefined
}

interface CacheOptions {
  store: CacheStore
  ttlMs?: number | undefined
  key?: ((pair: CachePair) => string | Promise<string>) | undefined
  storeTimeoutMs?: number | undefined
}

interface CachePair {
  baseUrl: string
  model: string
  query: string
  text: string
  request: ModelRequest
}

interface CacheStore {
  get(key: string): unknown
  set(key: string, value: StoredScore): unknown
  getMany?(keys: string[]): unknown
  setMany?(entries: CacheEntry[]): unknown
}

interface InstructionOptions {
  template?: ((query: string, instruction: string) => string) | undefined
  documentTemplate?: ((document: string) => string) | undefined
}

interface LongDocumentsOptions {
  maxTokens?: number | undefined
  overlap?: number | undefined
  mode?: 'best-passage' | 'truncate' | undefined
  maxTokensPerRequest?: number | undefined
}

interface StoredScore {
  score: number
  until: number
}

declare function breaker(options?: BreakerOptions): Middleware

declare function cache(options: CacheOptions): Middleware

declare function fallbackTo(...steps: readonly (RerankClient | 'keep-order')[]): FallbackScorer

declare function instructedQuery(query: string, instruction: string): string

declare function instruction(text: string, options?: InstructionOptions): Middleware

declare function longDocuments(options?: LongDocumentsOptions): Middleware

export {
  type BreakerOptions,
  type CacheEntry,
  type CacheOptions,
  type CachePair,
  type CacheStore,
  type InstructionOptions,
  type LongDocumentsOptions,
  type StoredScore,
  breaker,
  cache,
  fallbackTo,
  instructedQuery,
  instruction,
  longDocuments,
}
