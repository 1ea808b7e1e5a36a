/**
 * A relevance scorer for Mastra.
 *
 * @module nebius-rerank/mastra
 */

import type { ClientOrOptions, RankOptions, RerankClient } from '../index.ts'
import { splitOptions } from './shared/split-options.ts'

/** Options of {@link NebiusRelevanceScorer}: those of ranking, and a client to call with or the options of a new one. */
export type NebiusRelevanceScorerOptions = Omit<
  RankOptions<string>,
  'text' | 'topN' | 'minScore' | 'blank' | 'dedupe' | 'onProgress'
> &
  ClientOrOptions

/**
 * A relevance scorer for Mastra. Mastra asks for one score at a time: what is asked within one tick of the event
 * loop, for one query, is sent as one request.
 *
 * @example
 * ```ts
 * const best = await rerankWithScorer({ results, query, scorer: new NebiusRelevanceScorer(), options: { topK: 3 } })
 * ```
 */
export class NebiusRelevanceScorer {
  // Private at run time too, since the options may hold a key that an inspection would print.
  readonly #client: RerankClient
  readonly #options: RankOptions<string>
  readonly #batches = new Map<string, Batch>()

  /** @throws TypeError for a missing or malformed key and for any option of a client that is wrong. */
  constructor(options: NebiusRelevanceScorerOptions = {}) {
    const { client, ranking } = splitOptions(options)
    this.#client = client
    this.#options = ranking
  }

  /**
   * The relevance of a text to a query, from 0 to 1; 0 for a text without words. When the request fails, all
   * scores that were asked for in it reject with its error.
   *
   * @throws What `client.rank` throws, and TypeError for a text that is none.
   */
  async getRelevanceScore(query: string, text: string): Promise<number> {
    // Asked here, so that it fails alone and not with all that is asked beside it.
    if (typeof text !== 'string') throw new TypeError(`text must be a string, got ${typeof text}`)
    const batch = this.#batches.get(query) ?? this.#open(query)
    const place = batch.texts.push(text) - 1
    return (await batch.scores).get(place) ?? 0
  }

  /** Starts collecting the texts for a query; they are sent when the tick is over. */
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

/** Timers come after all microtasks, however deep the callers' promises are nested. */
function endOfTick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

interface Batch {
  texts: string[]
  /** By the text's place; nothing for a text that was not sent. */
  scores: Promise<ReadonlyMap<number, number>>
}
