/**
 * A reranker for Genkit.
 *
 * @module nebius-rerank/genkit
 */

import type { ClientOrOptions, RankOptions } from '../index.ts'
import { splitOptions } from './shared/split-options.ts'

/** The part of a Genkit document that {@link createNebiusReranker} needs. */
export interface RankableDocument {
  /** All its text. */
  readonly text: string
  /** Its parts. */
  content: unknown[]
  /** Further facts of the document. */
  metadata?: Record<string, unknown> | undefined
}

/** Options of {@link createNebiusReranker}: those of ranking, and a client to call with or the options of a new one. */
export type NebiusRerankerOptions = RankOptions<RankableDocument> & ClientOrOptions

/** Options that a call of `ai.rerank` can set; those of Genkit's `CommonRerankerOptionsSchema`. */
export interface CallRerankerOptions {
  /** The number of best documents to return. @default the `topN` of the options */
  k?: number | null | undefined
}

/**
 * The runner for `ai.defineReranker` of Genkit. It returns the documents best first, with the score in
 * `metadata.score`; those without any text are left out.
 *
 * @example
 * ```ts
 * const reranker = ai.defineReranker({ name: 'nebius' }, createNebiusReranker())
 * const best = await ai.rerank({ reranker, query: 'capital of France', documents, options: { k: 3 } })
 * ```
 *
 * @throws TypeError for a missing or malformed key and for any option of a client that is wrong.
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

/** The runner that {@link createNebiusReranker} makes. It throws whatever `client.rank` throws. */
export type NebiusRunner = <Document extends RankableDocument>(
  query: { readonly text: string },
  documents: readonly Document[],
  options?: CallRerankerOptions | null,
) => Promise<{
  /** Best first. */
  documents: {
    /** The document's own parts. */
    content: Document['content']
    /** The document's own, and the score. */
    metadata: Record<string, unknown> & {
      /** Its relevance, from 0 to 1. */
      score: number
    }
  }[]
}>
