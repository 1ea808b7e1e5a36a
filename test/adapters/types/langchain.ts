/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- LangChain asks for the methods alone */
import type { ContextualCompressionRetrieverArgs } from '@langchain/classic/retrievers/contextual_compression'
import type { Document } from '@langchain/core/documents'
import type { BaseDocumentCompressor } from '@langchain/core/retrievers/document_compressors'
import type { RerankClient } from 'nebius-rerank'
import { NebiusRerank } from 'nebius-rerank/langchain'

export const compressor: BaseDocumentCompressor = new NebiusRerank({ topN: 3, minScore: 0.5 })
export const argument: ContextualCompressionRetrieverArgs['baseCompressor'] = compressor

declare const documents: readonly Document<{ title: string }>[]
export const ranked: Promise<Document<{ title: string }>[]> = new NebiusRerank().compressDocuments(
  documents,
  'q',
)

declare const client: RerankClient
new NebiusRerank({ client, text: ({ pageContent }) => pageContent, timeoutMs: 5 })
// @ts-expect-error a client has its own key
new NebiusRerank({ client, apiKey: 'key' })
