// The public API, written by `npm run api`. Any change to it needs a changeset.

import { ClientOrOptions, ServiceTier } from '../index.js'

type NebiusProviderOptions = {
  serviceTier?: ServiceTier
  user?: string
  projectId?: string
}

type NebiusRerankerOptions = ClientOrOptions

interface NebiusRerankerProvider {
  readonly specificationVersion: 'v3'
  (modelId?: string): NebiusRerankingModel
  reranking(modelId?: string): NebiusRerankingModel
  rerankingModel(modelId: string): NebiusRerankingModel
  languageModel(modelId: string): never
  embeddingModel(modelId: string): never
  imageModel(modelId: string): never
}

interface NebiusRerankingModel {
  readonly specificationVersion: 'v3'
  readonly provider: string
  readonly modelId: string
  readonly maxDocumentsPerCall: number
  readonly supportsParallelCalls: boolean
  doRerank(options: {
    documents:
      | {
          type: 'text'
          values: readonly string[]
        }
      | {
          type: 'object'
          values: readonly Readonly<object>[]
        }
    query: string
    topN?: number | undefined
    abortSignal?: AbortSignal | undefined
    headers?: Readonly<Record<string, string | undefined>> | undefined
    providerOptions?: Readonly<Record<string, object>> | undefined
  }): Promise<{
    ranking: {
      index: number
      relevanceScore: number
    }[]
    warnings: {
      type: 'compatibility'
      feature: string
      details: string
    }[]
    providerMetadata?: {
      nebius: {
        usage: {
          prompt_tokens: number
          total_tokens: number
        }
      }
    }
    response?: {
      id?: string
      modelId: string
      headers: Record<string, string>
      body: unknown
    }
  }>
}

declare function createNebiusReranker(options?: NebiusRerankerOptions): NebiusRerankerProvider

export {
  NebiusProviderOptions,
  NebiusRerankerOptions,
  NebiusRerankerProvider,
  NebiusRerankingModel,
  createNebiusReranker,
}
