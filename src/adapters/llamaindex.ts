/**
 * A node postprocessor for LlamaIndexTS.
 *
 * @module nebius-rerank/llamaindex
 */

import type { ClientOrOptions, RankOptions, RerankClient, UnscoredOptions } from '../index.ts'
import { splitOptions } from './shared/split-options.ts'

/** The part of a LlamaIndex node that {@link NebiusRerank} needs. */
export interface RankableNode {
  /** The node. */
  node: {
    /** Returns the text of the node, with the metadata that the mode includes. */
    getContent(metadataMode?: string): string
  }
  /** The score of an earlier stage. */
  score?: number | undefined
}

/** Options of {@link NebiusRerank}: options of `rank`, and an existing client or the options of a new one. */
export type NebiusRerankOptions = RankOptions<RankableNode> & UnscoredOptions & ClientOrOptions

/** A query of LlamaIndex: a text, or several parts, some of which are texts. */
export type Query =
  | string
  | readonly {
      /** The kind of the part. */
      readonly type: string
      /** The text of the part, if it has one. */
      readonly text?: string
    }[]

/**
 * A node postprocessor for LlamaIndexTS. It keeps the nodes that are most relevant to the query, best first.
 *
 * @example
 * ```ts
 * const engine = new RetrieverQueryEngine(retriever, synthesizer, [new NebiusRerank({ topN: 3 })])
 * ```
 */
export class NebiusRerank {
  // Also private at run time, because the options may contain a key, which inspection would print.
  readonly #client: RerankClient
  readonly #options: RankOptions<RankableNode> & UnscoredOptions

  /** @throws TypeError for a missing or malformed key, and for an invalid option of a client. */
  constructor(options: NebiusRerankOptions = {}) {
    const { client, ranking } = splitOptions(options)
    this.#client = client
    this.#options = ranking
  }

  /**
   * Ranks nodes by the content that an index embeds, or by the option `text`. Nodes with a blank text are left out.
   * Returns the nodes with their new scores. If a fallback left a node without a score, it keeps its earlier one.
   *
   * @throws the errors of `client.rank`, and TypeError without a query.
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
