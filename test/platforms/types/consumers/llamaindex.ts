import { createRerankClient } from 'nebius-rerank'
import { NebiusRerank } from 'nebius-rerank/llamaindex'

const nodes = [{ node: { id: 1, getContent: (mode?: string) => mode ?? '' }, score: 0.5 }]
export const ids: Promise<number[]> = new NebiusRerank({ apiKey: 'key', topN: 3 })
  .postprocessNodes(nodes, 'q')
  .then((ranked) => ranked.map(({ node }) => node.id))

const client = createRerankClient({ apiKey: 'key' })
new NebiusRerank({ client, text: ({ node }) => node.getContent('ALL') })
// @ts-expect-error a client has its own key
new NebiusRerank({ client, apiKey: 'key' })
