/**
 * A node postprocessor for LlamaIndexTS.
 *
 * @module nebius-rerank/llamaindex
 */

import type { ClientOrOptions, RankOptions, RerankClient, UnscoredOptions } from '../index.ts'
import { splitOptions } from './shared/split-options.ts'

/** The part of a LlamaIndex node that {@link NebiusRerank} needs. */
export interface RankableNode {
  /** The node itself. */
  node: {
    /** Its text, with as much of its metadata as the mode says. */
    getContent(metadataMode?: string): string
  }
  /** The score of an earlier stage. */
  score?: number | undefined
}

/** Options of {@link NebiusRerank}: those of ranking, and a client to call with or the options of a new one. */
export type NebiusRerankOptions = RankOptions<RankableNode> & UnscoredOptions & ClientOrOptions

/** A query of LlamaIndex: a text, or parts of which some are texts. */
export type Query =
  | string
  | readonly {
      /** The kind of the part. */
      readonly type: string
      /** Its text, where it is one. */
      readonly text?: string
    }[]

/**
 * A node postprocessor for LlamaIndexTS that keeps the nodes most relevant to the query, best first.
 *
 * @example
 * ```ts
 * const engine = new RetrieverQueryEngine(retriever, synthesizer, [new NebiusRerank({ topN: 3 })])
 * ```
 */
export class NebiusRerank {
  // Private at run time too, since the options may hold a key that an inspection would print.
  readonly #client: RerankClient
  readonly #options: RankOptions<RankableNode> & UnscoredOptions

  /** @throws TypeError for a missing or malformed key and for any option of a client that is wrong. */
  constructor(options: NebiusRerankOptions = {}) {
    const { client, ranking } = splitOptions(options)
    this.#client = client
    this.#options = ranking
  }

  /**
   * Ranks nodes by the content that an index embeds, or the `text` of the options; those without any text are left
   * out. The nodes themselves are passed on, each beside its new score, or as it was where a fallback leaves it none.
   *
   * @throws What `client.rank` throws, and TypeError without a query.
   */
  async postprocessNodes<Node extends RankableNode>(nodes: readonly Node[], query?: Query): Promise<Node[]> {
    if (nodes.length === 0) return []
    if (query === undefined) throw new TypeError('postprocessNodes needs a query to rank by')
    const {
      text = ({ node }: RankableNode) => node.getContent('EMBED'),
      fallback,
      ...options
    } = this.#options
    const ranked = await this.#client.rank(textOf(query), nodes, { ...options, text, fallback })
    return ranked.map(({ item, score }) => (score === undefined ? item : { ...item, score }))
  }
}

function textOf(query: Query): string {
  if (typeof query === 'string') return query
  return query.flatMap(({ text }) => text ?? []).join('\n')
}
