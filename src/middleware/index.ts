/**
 * Middlewares: long documents, instructions, a cache, a circuit breaker, and a fallback to other clients.
 *
 * @module nebius-rerank/middleware
 */

export { breaker, type BreakerOptions } from './breaker.ts'
export {
  cache,
  type CacheEntry,
  type CacheOptions,
  type CachePair,
  type CacheStore,
  type StoredScore,
} from './cache.ts'
export { fallbackTo } from './fallback-to.ts'
export { instructedQuery, instruction, type InstructionOptions } from './instruction.ts'
export { longDocuments, type LongDocumentsOptions } from './long-documents.ts'
