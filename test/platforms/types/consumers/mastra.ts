import { createRerankClient } from 'nebius-rerank'
import { NebiusRelevanceScorer } from 'nebius-rerank/mastra'

export const score: Promise<number> = new NebiusRelevanceScorer({ apiKey: 'key' }).getRelevanceScore('q', 'a')

const client = createRerankClient({ apiKey: 'key' })
new NebiusRelevanceScorer({ client, serviceTier: 'flex' })
// @ts-expect-error how many are kept is up to Mastra
new NebiusRelevanceScorer({ client, topN: 3 })
