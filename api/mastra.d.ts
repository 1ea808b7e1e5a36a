// The public surface, written by `npm run api`. A change of it needs a changeset.

import { ClientOptions, RankOptions, RerankClient } from '../index.js'

declare class NebiusRelevanceScorer {
  #private
  constructor(options?: NebiusRelevanceScorerOptions)
  getRelevanceScore(query: string, text: string): Promise<number>
}

type NebiusRelevanceScorerOptions = Omit<
  RankOptions<string>,
  'text' | 'topN' | 'minScore' | 'blank' | 'dedupe' | 'onProgress'
> &
  (
    | {
        client: RerankClient
      }
    | (ClientOptions & {
        client?: undefined
      })
  )

export { NebiusRelevanceScorer, NebiusRelevanceScorerOptions }
