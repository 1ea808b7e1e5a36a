/**
 * A document compressor for LangChain.js.
 *
 * @module nebius-rerank/langchain
 */

import type { ClientOrOptions, RankOptions, RerankClient, UnscoredOptions } from '../index.ts'
import { splitOptions } from './shared/split-options.ts'

/** The part of a LangChain document that {@link NebiusRerank} needs. */
export interface RankableDocument {
  /** Its text. */
  pageContent: string
  /** Further facts of the document. */
  metadata: Record<string, unknown>
}

/** Options of {@link NebiusRerank}: those of ranking, and a client to call with or the options of a new one. */
export type NebiusRerankOptions = RankOptions<RankableDocument> & UnscoredOptions & ClientOrOptions

/**
 * A document compressor for LangChain.js that keeps the documents most relevant to the query, best first.
 *
 * @example
 * ```ts
 * const retriever = new ContextualCompressionRetriever({
 *   baseCompressor: new NebiusRerank({ topN: 3 }),
 *   baseRetriever: store.asRetriever({ k: 50 }),
 * })
 * ```
 */
export class NebiusRerank {
  // Private at run time too, since the options may hold a key that an inspection would print.
  readonly #client: RerankClient
  readonly #options: RankOptions<RankableDocument> & UnscoredOptions

  /** @throws TypeError for a missing or malformed key and for any option of a client that is wrong. */
  constructor(options: NebiusRerankOptions = {}) {
    const { client, ranking } = splitOptions(options)
    this.#client = client
    this.#options = ranking
  }

  /**
   * Ranks documents by their `pageContent`, or the `text` of the options; those without any text are left out.
   * Returns copies whose score is in `metadata.relevanceScore`, where a fallback leaves them one.
   *
   * @throws What `client.rank` throws.
   */
  async compressDocuments<Document extends RankableDocument>(
    documents: readonly Document[],
    query: string,
  ): Promise<Document[]> {
    const { text = ({ pageContent }: RankableDocument) => pageContent, fallback, ...options } = this.#options
    const ranked = await this.#client.rank(query, documents, { ...options, text, fallback })
    return ranked.map(({ item, score }) => withScore(item, score))
  }
}

/** A copy of the same class, which the maker of the document may ask for. */
function withScore<Document extends RankableDocument>(
  document: Document,
  relevanceScore: number | undefined,
): Document {
  const copy = Object.create(Object.getPrototypeOf(document) as object) as Document
  return Object.assign(copy, document, {
    metadata: { ...document.metadata, ...(relevanceScore !== undefined && { relevanceScore }) },
  })
}
