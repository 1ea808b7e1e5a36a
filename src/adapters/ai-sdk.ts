/**
 * A reranking model for the AI SDK.
 *
 * @module nebius-rerank/ai-sdk
 */

import { createRerankClient, isRerankError, isRetryable } from '../index.ts'
import type { ClientOrOptions, RerankError, ServiceTier } from '../index.ts'
import { describe } from '../shared/validate.ts'

/** Options of {@link createNebiusReranker}: a client to call with, or the options of a new one. */
export type NebiusRerankerOptions = ClientOrOptions

/** The fields of `providerOptions.nebius`, for one call. A type and not an interface, so that it counts as JSON. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type NebiusProviderOptions = {
  /** Which capacity serves the request. @default 'auto' (by the server) */
  serviceTier?: ServiceTier
  /** An identifier of the end user on whose behalf this is. */
  user?: string
  /** The project to which usage is booked. @default the client's */
  projectId?: string
}

/** A reranking model of the AI SDK, in the version of its interface that `ai` 6 and `ai` 7 both take. */
export interface NebiusRerankingModel {
  /** The version of the AI SDK's interface. */
  readonly specificationVersion: 'v3'
  /** `nebius.reranking`. */
  readonly provider: string
  /** The model asked for, or the client's own. */
  readonly modelId: string
  /** The most documents of one call, for versions of the SDK that divide longer lists. */
  readonly maxDocumentsPerCall: number
  /** Set since calls may be made side by side. */
  readonly supportsParallelCalls: boolean
  /**
   * Scores documents against a query, best first, in one attempt: whether it is repeated is up to the AI SDK.
   *
   * @throws RerankError, which the AI SDK takes for an APICallError as well, or the reason of `abortSignal`.
   * @throws TypeError for an option of the wrong type or range.
   */
  doRerank(options: {
    documents:
      { type: 'text'; values: readonly string[] } | { type: 'object'; values: readonly Readonly<object>[] }
    query: string
    topN?: number | undefined
    abortSignal?: AbortSignal | undefined
    headers?: Readonly<Record<string, string | undefined>> | undefined
    providerOptions?: Readonly<Record<string, object>> | undefined
  }): Promise<{
    /** Best first. */
    ranking: {
      /** The document's place among those given. */
      index: number
      /** Its relevance, from 0 to 1. */
      relevanceScore: number
    }[]
    /** Requests that were met in another way. */
    warnings: {
      /** Done by other means. */
      type: 'compatibility'
      /** The feature that was requested. */
      feature: string
      /** The way in which it was met. */
      details: string
    }[]
    /** The tokens used, where the response states them. */
    providerMetadata?: {
      /** Of this provider. */
      nebius: {
        /** The tokens used. */
        usage: {
          /** Tokens of queries and documents. */
          prompt_tokens: number
          /** All tokens. */
          total_tokens: number
        }
      }
    }
    /** The response; absent when there was nothing to rank. */
    response?: {
      /** The `id` of the response, where it has one. */
      id?: string
      /** The model that the response names, or the one asked for. */
      modelId: string
      /** Its headers. */
      headers: Record<string, string>
      /** Its body, parsed. */
      body: unknown
    }
  }>
}

/**
 * Makes reranking models for `rerank()` of the AI SDK.
 *
 * @example
 * ```ts
 * const nebius = createNebiusReranker()
 * const { rerankedDocuments } = await rerank({ model: nebius(), query: 'capital of France', documents, topN: 3 })
 * ```
 *
 * @throws TypeError for a missing or malformed key and for any option of the wrong type or range.
 */
export function createNebiusReranker(options: NebiusRerankerOptions = {}): NebiusRerankerProvider {
  const client = options.client ?? createRerankClient(options)

  // A closure and no class: `ai` 7 wraps models in a Proxy, which private members do not survive.
  const reranking = (modelId = client.model): NebiusRerankingModel => ({
    specificationVersion: 'v3',
    provider: 'nebius.reranking',
    modelId,
    maxDocumentsPerCall: 1000,
    supportsParallelCalls: true,

    async doRerank({ documents, query, topN, abortSignal: signal, headers, providerOptions }) {
      const { serviceTier, user, projectId } = checkOptions(providerOptions?.['nebius'])
      if (topN !== undefined && !(Number.isSafeInteger(topN) && topN >= 1)) {
        throw new TypeError(`topN must be a whole number, 1 or more, got ${topN}`)
      }
      const { texts, warnings } = textsOf(documents)
      if (texts.length === 0) return { ranking: [], warnings }

      const facts = { model: modelId, service_tier: serviceTier }
      const { data, response } = await client.rerank
        .scored({ ...facts, query, documents: texts, user }, { signal, headers, projectId, maxRetries: 0 })
        .catch((error: unknown) => {
          // Logs print errors: the caller's texts stay out of them.
          const values = { ...facts, documents: texts.length }
          throw isRerankError(error) ? asApiCallError(error, client.url, values) : error
        })
      const ranking = data.results
        .map(({ index, relevance_score }) => ({ index, relevanceScore: relevance_score }))
        .sort((a, b) => b.relevanceScore - a.relevanceScore)
        .slice(0, topN)
      const { id, model = modelId, usage } = data
      return {
        ranking,
        warnings,
        ...(usage && { providerMetadata: { nebius: { usage } } }),
        response: {
          ...(typeof id === 'string' && { id }),
          modelId: typeof model === 'string' ? model : modelId,
          headers: { ...response.headers },
          body: data,
        },
      }
    },
  })
  return Object.assign((modelId?: string) => reranking(modelId), {
    specificationVersion: 'v3' as const,
    reranking,
    rerankingModel: reranking,
    languageModel: noModel,
    embeddingModel: noModel,
    imageModel: noModel,
  })
}

function noModel(modelId: string): never {
  throw new TypeError(`nebius-rerank has only reranking models: call rerankingModel(${describe(modelId)})`)
}

/** The models of {@link createNebiusReranker}: called itself, by the provider's own name, or by a registry. */
export interface NebiusRerankerProvider {
  /** The version of the AI SDK's interface. */
  readonly specificationVersion: 'v3'
  /** Gives a model. @param modelId - The client's own where it is left out. */
  (modelId?: string): NebiusRerankingModel
  /** Does the same, as the providers of the AI SDK name it. */
  reranking(modelId?: string): NebiusRerankingModel
  /** Does the same, as `createProviderRegistry` asks for it. */
  rerankingModel(modelId: string): NebiusRerankingModel
  /** Throws, and is there since a registry wants it: all models are reranking models. */
  languageModel(modelId: string): never
  /** Throws likewise. */
  embeddingModel(modelId: string): never
  /** Throws likewise. */
  imageModel(modelId: string): never
}

type Call = Parameters<NebiusRerankingModel['doRerank']>[0]
type Warning = Awaited<ReturnType<NebiusRerankingModel['doRerank']>>['warnings'][number]

const STRINGIFIED: Warning = {
  type: 'compatibility',
  feature: 'object documents',
  details: 'The service ranks texts: objects are sent as JSON.',
}

function textsOf(documents: Call['documents']): { texts: readonly string[]; warnings: Warning[] } {
  if (documents.type === 'text') return { texts: documents.values, warnings: [] }
  return { texts: documents.values.map((value) => JSON.stringify(value)), warnings: [STRINGIFIED] }
}

/** @throws TypeError for an option that there is not, or that is not a string. */
function checkOptions(options: object = {}): NebiusProviderOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!['serviceTier', 'user', 'projectId'].includes(name)) {
      throw new TypeError(`providerOptions.nebius has serviceTier, user and projectId, but no ${name}`)
    }
    if (value !== undefined && typeof value !== 'string') {
      throw new TypeError(`providerOptions.nebius.${name} must be a string, got ${typeof value}`)
    }
  }
  return options
}

/** Marks an error as the AI SDK marks its own, so that it is both. */
function asApiCallError(error: RerankError, url: string, requestBodyValues: object): RerankError {
  const { status: statusCode, headers, body } = error
  const marks = {
    [Symbol.for('vercel.ai.error')]: true,
    [Symbol.for('vercel.ai.error.AI_APICallError')]: true,
    url,
    requestBodyValues,
    statusCode,
    // The SDK reads from here how long to wait; an attempt that was not sent has no headers, but its own wait.
    responseHeaders: headers ?? retryAfterHeader(error),
    responseBody: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
    isRetryable: isRetryable(error),
  }
  for (const key of Reflect.ownKeys(marks)) {
    Object.defineProperty(error, key, { value: Reflect.get(marks, key) as unknown, configurable: true })
  }
  return error
}

function retryAfterHeader({ retryAfterMs }: RerankError): Record<string, string> | undefined {
  return retryAfterMs === undefined ? undefined : { 'retry-after-ms': String(retryAfterMs) }
}
