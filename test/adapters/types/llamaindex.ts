import type { BaseNodePostprocessor } from '@llamaindex/core/postprocessor'
import type { NodeWithScore } from '@llamaindex/core/schema'
import type { RerankClient } from 'nebius-rerank'
import { NebiusRerank } from 'nebius-rerank/llamaindex'

export const postprocessor: BaseNodePostprocessor = new NebiusRerank({ topN: 3 })

declare const nodes: NodeWithScore[]
export const ranked: Promise<NodeWithScore[]> = new NebiusRerank().postprocessNodes(nodes, 'q')

declare const client: RerankClient
new NebiusRerank({ client, text: ({ node }) => node.getContent('ALL') })
// @ts-expect-error a client has its own key
new NebiusRerank({ client, apiKey: 'key' })
