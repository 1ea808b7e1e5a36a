import type { Genkit } from 'genkit'
import { CommonRerankerOptionsSchema } from 'genkit/reranker'
import type { RerankClient } from 'nebius-rerank'
import { createNebiusReranker } from 'nebius-rerank/genkit'

export const runner: Parameters<Genkit['defineReranker']>[1] = createNebiusReranker()

declare const ai: Genkit
export const withOptions = ai.defineReranker(
  { name: 'nebius', configSchema: CommonRerankerOptionsSchema },
  createNebiusReranker({ topN: 3 }),
)
export const plain = ai.defineReranker({ name: 'nebius' }, createNebiusReranker({ apiKey: 'key' }))

declare const client: RerankClient
createNebiusReranker({ client, text: ({ text, metadata }) => `${String(metadata?.['title'])} ${text}` })
// @ts-expect-error a client has its own key
createNebiusReranker({ client, apiKey: 'key' })
