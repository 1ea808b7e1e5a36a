/**
 * A relevance scorer for Mastra.
 *
 * @module nebius-rerank/mastra
 */

import type { ClientOrOptions, RankOptions, RerankClient } from '../index.ts'
import { splitOptions } from './shared/split-options.ts'

/** Options of {@link NebiusRelevanceScorer}: options of `rank`, and an existing client or the options of a new one. */
export type NebiusRelevanceScorerOptions = Omit<
  RankOptions<string>,
  'text' | 'topN' | 'minScore' | 'blank' | 'dedupe' | 'onProgress'
> &
  ClientOrOptions

/**
 * A relevance scorer for Mastra. Mastra asks for one score at a time. All scores for one query that it asks for in one
 * tick of the event loop are sent as one request.
 *
 * @example
 * ```ts
 * const best = await rerankWithScorer({ results, query, scorer: new NebiusRelevanceScorer(), options: { topK: 3 } })
 * ```
 */
export class NebiusRelevanceScorer {
  // Also private at run time, because the options may contain a key, which inspection would print.
  readonly #client: RerankClient
  readonly #options: RankOptions<string>
  readonly #batches = new Map<string, Batch>()

  /** @throws TypeError for a missing or malformed key, and for an invalid option of a client. */
  constructor(options: NebiusRelevanceScorerOptions = {}) {
    const { client, ranking } = splitOptions(options)
    this.#client = client
    this.#options = ranking
  }

  /**
   * Returns the relevance of a text to a query, from 0 to 1. A blank text has the relevance 0. If the request fails, all
   * scores in it reject with its error.
   *
   * @throws the errors of `client.rank`, and TypeError for a text that is not a string.
   */
  async getRelevanceScore(query: string, text: string): Promise<number> {
    // Checked here, so that an invalid text does not fail the whole request.
    if (typeof text !== 'string') throw new TypeError(`text must be a string, got ${typeof text}`)
    const batch = this.#batches.get(query) ?? this.#open(query)
    const place = batch.texts.push(text) - 1
    return (await batch.scores).get(place) ?? 0
  }

  /** Starts collecting the texts for a query. They are sent at the end of the tick. */
  #open(query: string): Batch {
    const texts: string[] = []
    const scores = endOfTick().then(async () => {
      this.#batches.delete(query)
      const ranked = await this.#client.rank(query, texts, this.#options)
      return new Map(ranked.map(({ index, score }) => [index, score]))
    })
    const batch = { texts, scores }
    this.#batches.set(query, batch)
    return batch
  }
}

/** Resolves at the end of the tick. Timers run after all microtasks, even those of nested promises. */
function endOfTick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

interface Batch {
  texts: string[]
  /** The scores by the positions of their texts. A text that was not sent has none. */
  scores: Promise<ReadonlyMap<number, number>>
}
