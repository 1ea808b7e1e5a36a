import { createRerankClient } from 'nebius-rerank'
import { NebiusRerank } from 'nebius-rerank/langchain'

const documents = [{ pageContent: 'a', metadata: { title: 'b' } }]
export const titles: Promise<string[]> = new NebiusRerank({ apiKey: 'key', topN: 3, minScore: 0.5 })
  .compressDocuments(documents, 'q')
  .then((ranked) => ranked.map(({ metadata }) => metadata.title))

const client = createRerankClient({ apiKey: 'key' })
new NebiusRerank({ client, text: ({ pageContent }) => pageContent })
// @ts-expect-error a client has its own key
new NebiusRerank({ client, apiKey: 'key' })
