/**
 * A document compressor for LangChain.js.
 *
 * @module nebius-rerank/langchain
 */

import type { ClientOrOptions, RankOptions, RerankClient, UnscoredOptions } from '../index.ts'
import { splitOptions } from './shared/split-options.ts'

/** The part of a LangChain document that {@link NebiusRerank} needs. */
export interface RankableDocument {
  /** The text of the document. */
  pageContent: string
  /** The metadata of the document. */
  metadata: Record<string, unknown>
}

/** Options of {@link NebiusRerank}: options of `rank`, and an existing client or the options of a new one. */
export type NebiusRerankOptions = RankOptions<RankableDocument> & UnscoredOptions & ClientOrOptions

/**
 * A document compressor for LangChain.js. It keeps the documents that are most relevant to the query, best first.
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
  // Also private at run time, because the options may contain a key, which inspection would print.
  readonly #client: RerankClient
  readonly #options: RankOptions<RankableDocument> & UnscoredOptions

  /** @throws TypeError for a missing or malformed key, and for an invalid option of a client. */
  constructor(options: NebiusRerankOptions = {}) {
    const { client, ranking } = splitOptions(options)
    this.#client = client
    this.#options = ranking
  }

  /**
   * Ranks documents by their `pageContent`, or by the option `text`. Documents with a blank text are left out. Returns
   * copies with the score in `metadata.relevanceScore`, unless a fallback left them without a score.
   *
   * @throws the errors of `client.rank`.
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

/** A copy with the same class, because the caller may check it. */
function withScore<Document extends RankableDocument>(
  document: Document,
  relevanceScore: number | undefined,
): Document {
  const copy = Object.create(Object.getPrototypeOf(document) as object) as Document
  return Object.assign(copy, document, {
    metadata: { ...document.metadata, ...(relevanceScore !== undefined && { relevanceScore }) },
  })
}
