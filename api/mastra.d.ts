// The public API, written by `npm run api`. Any change to it needs a changeset.

import { ClientOrOptions, RankOptions } from '../index.js'

declare class NebiusRelevanceScorer {
  #private
  constructor(options?: NebiusRelevanceScorerOptions)
  getRelevanceScore(query: string, text: string): Promise<number>
}

type NebiusRelevanceScorerOptions = Omit<
  RankOptions<string>,
  'text' | 'topN' | 'minScore' | 'blank' | 'dedupe' | 'onProgress'
> &
  ClientOrOptions

export { NebiusRelevanceScorer, NebiusRelevanceScorerOptions }
