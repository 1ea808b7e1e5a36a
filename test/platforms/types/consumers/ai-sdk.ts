import { createRerankClient } from 'nebius-rerank'
import { createNebiusReranker } from 'nebius-rerank/ai-sdk'
import type { NebiusProviderOptions, NebiusRerankingModel } from 'nebius-rerank/ai-sdk'

const model: NebiusRerankingModel = createNebiusReranker({ apiKey: 'key', timeoutMs: 5 })('a-model')
const nebius: NebiusProviderOptions = { serviceTier: 'flex' }
export const scores: Promise<number[]> = model
  .doRerank({ query: 'q', documents: { type: 'text', values: ['a'] }, providerOptions: { nebius } })
  .then(({ ranking }) => ranking.map(({ relevanceScore }) => relevanceScore))

const client = createRerankClient({ apiKey: 'key' })
createNebiusReranker({ client })
// @ts-expect-error a client has its own key
createNebiusReranker({ client, apiKey: 'key' })
// @ts-expect-error over-limit appears in answers only
export const tier: NebiusProviderOptions = { serviceTier: 'over-limit' }
