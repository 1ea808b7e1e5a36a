import { createRerankClient } from 'nebius-rerank'
import { createNebiusReranker } from 'nebius-rerank/genkit'
import type { NebiusRunner } from 'nebius-rerank/genkit'

const runner: NebiusRunner = createNebiusReranker({ apiKey: 'key', topN: 3 })
const documents = [{ text: 'a', content: [{ text: 'a' }] }]
export const scores: Promise<number[]> = runner({ text: 'q' }, documents, { k: 1 }).then((answer) =>
  answer.documents.map(({ metadata }) => metadata.score),
)

const client = createRerankClient({ apiKey: 'key' })
createNebiusReranker({ client, text: ({ text }) => text })
// @ts-expect-error a client has its own key
createNebiusReranker({ client, apiKey: 'key' })
