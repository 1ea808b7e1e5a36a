import type { RelevanceScoreProvider } from '@mastra/core/relevance'
import type { RerankConfig } from '@mastra/rag'
import type { RerankClient } from 'nebius-rerank'
import { NebiusRelevanceScorer } from 'nebius-rerank/mastra'

export const scorer: RelevanceScoreProvider = new NebiusRelevanceScorer({ apiKey: 'key' })
export const config: RerankConfig = { model: new NebiusRelevanceScorer() }

declare const client: RerankClient
new NebiusRelevanceScorer({ client, serviceTier: 'flex' })
// @ts-expect-error how many are kept is up to Mastra
new NebiusRelevanceScorer({ client, topN: 3 })
