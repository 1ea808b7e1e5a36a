// The public surface, written by `npm run api`. A change of it needs a changeset.

import { ClientOrOptions, ServiceTier } from '../index.js'

type NebiusProviderOptions = {
  serviceTier?: ServiceTier
  user?: string
  projectId?: string
}

type NebiusRerankerOptions = ClientOrOptions

interface NebiusRerankingModel {
  readonly specificationVersion: 'v3'
  readonly provider: string
  readonly modelId: string
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
    response?: {
      id?: string
      modelId?: string
      headers: Record<string, string>
      body: unknown
    }
  }>
}

declare function createNebiusReranker(
  options?: NebiusRerankerOptions,
): (modelId?: string) => NebiusRerankingModel

export { NebiusProviderOptions, NebiusRerankerOptions, NebiusRerankingModel, createNebiusReranker }
