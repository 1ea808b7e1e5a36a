/**
 * A reranker for Genkit.
 *
 * @module nebius-rerank/genkit
 */

import type { ClientOrOptions, RankOptions } from '../index.ts'
import { splitOptions } from './shared/split-options.ts'

/** The part of a Genkit document that {@link createNebiusReranker} needs. */
export interface RankableDocument {
  /** The whole text of the document. */
  readonly text: string
  /** The parts of the document. */
  content: unknown[]
  /** The metadata of the document. */
  metadata?: Record<string, unknown> | undefined
}

/** Options of {@link createNebiusReranker}: options of `rank`, and an existing client or the options of a new one. */
export type NebiusRerankerOptions = RankOptions<RankableDocument> & ClientOrOptions

/** Options of a call of `ai.rerank`, as in Genkit's `CommonRerankerOptionsSchema`. */
export interface CallRerankerOptions {
  /** The most documents to return, the best ones. @default the option `topN` */
  k?: number | null | undefined
}

/**
 * Makes the function that Genkit's `ai.defineReranker` takes. It returns the documents, best first, with the score in
 * `metadata.score`. Documents with a blank text are left out.
 *
 * @example
 * ```ts
 * const reranker = ai.defineReranker({ name: 'nebius' }, createNebiusReranker())
 * const best = await ai.rerank({ reranker, query: 'capital of France', documents, options: { k: 3 } })
 * ```
 *
 * @throws TypeError for a missing or malformed key, and for an invalid option of a client.
 */
export function createNebiusReranker(options: NebiusRerankerOptions = {}): NebiusRunner {
  const { client, ranking } = splitOptions(options)
  const { text = (document: RankableDocument) => document.text, topN, ...shared } = ranking

  return async (query, documents, options) => {
    const ranked = await client.rank(query.text, documents, { ...shared, text, topN: options?.k ?? topN })
    return {
      documents: ranked.map(({ item: { content, metadata }, score }) => ({
        content: [...content],
        metadata: { ...metadata, score },
      })),
    }
  }
}

/** The function that {@link createNebiusReranker} makes. It throws the errors of `client.rank`. */
export type NebiusRunner = <Document extends RankableDocument>(
  query: { readonly text: string },
  documents: readonly Document[],
  options?: CallRerankerOptions | null,
) => Promise<{
  /** Best first. */
  documents: {
    /** The parts of the document. */
    content: Document['content']
    /** The metadata of the document, with the score. */
    metadata: Record<string, unknown> & {
      /** The relevance of the document, from 0 to 1. */
      score: number
    }
  }[]
}>
