import * as ai6 from 'ai6'
import type { JSONValue, RerankResult } from 'ai6'
import * as ai7 from 'ai7'
import type { NebiusRerankerProvider, NebiusRerankingModel } from '../../src/adapters/ai-sdk.ts'

/** What of the AI SDK is alike in the versions that the adapter is for. */
export interface AiSdk {
  rerank: <Item extends string | Record<string, JSONValue>>(call: {
    model: NebiusRerankingModel
    documents: Item[]
    query: string
    topN?: number
    maxRetries?: number
    abortSignal?: AbortSignal
  }) => Promise<Omit<RerankResult<Item>, 'providerMetadata'>>
  createProviderRegistry: (providers: { nebius: NebiusRerankerProvider }) => {
    rerankingModel: (id: `nebius:${string}`) => unknown
    languageModel: (id: `nebius:${string}`) => unknown
    embeddingModel: (id: `nebius:${string}`) => unknown
    imageModel: (id: `nebius:${string}`) => unknown
  }
  AISDKError: { isInstance: (error: unknown) => boolean }
  APICallError: { isInstance: (error: unknown) => boolean }
  RetryError: { isInstance: (error: unknown) => boolean }
}

export const AI_SDKS: readonly [name: string, AiSdk][] = [
  ['AI SDK 6', ai6],
  ['AI SDK 7', ai7],
]
