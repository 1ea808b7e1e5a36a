/**
 * A reranking model for the AI SDK.
 *
 * @module nebius-rerank/ai-sdk
 */

import { createRerankClient, isRerankError, isRetryable } from '../index.ts'
import type { ClientOrOptions, RerankError, ServiceTier } from '../index.ts'
import { describe } from '../shared/validate.ts'

/** Options of {@link createNebiusReranker}: an existing client, or the options of a new one. */
export type NebiusRerankerOptions = ClientOrOptions

/** The fields of `providerOptions.nebius`, for one call. */
// A type and not an interface, because the AI SDK accepts only types that it recognises as JSON.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type NebiusProviderOptions = {
  /** The service tier of the request. @default 'auto' (the service's own default) */
  serviceTier?: ServiceTier
  /** An identifier of the end user for whom the call is made. @default undefined */
  user?: string
  /** The project that pays for the usage. @default the client's */
  projectId?: string
}

/** A reranking model of the AI SDK, with the version of the interface that both `ai` 6 and `ai` 7 accept. */
export interface NebiusRerankingModel {
  /** The version of the AI SDK's interface. */
  readonly specificationVersion: 'v3'
  /** Always `nebius.reranking`. */
  readonly provider: string
  /** The id of the model. */
  readonly modelId: string
  /** The most documents of one call, for versions of the SDK that divide longer lists. */
  readonly maxDocumentsPerCall: number
  /** True: calls can be made in parallel. */
  readonly supportsParallelCalls: boolean
  /**
   * Scores documents against a query, best first. It makes one attempt, and leaves retries to the AI SDK.
   *
   * @throws RerankError, which the AI SDK treats as an APICallError, or the reason of `abortSignal`.
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
      /** The position of the document in the list, from 0. */
      index: number
      /** The relevance of the document, from 0 to 1. */
      relevanceScore: number
    }[]
    /** Features that the service does not have, and what was done instead. */
    warnings: {
      /** The feature is emulated. */
      type: 'compatibility'
      /** The name of the feature. */
      feature: string
      /** A description of what was done instead. */
      details: string
    }[]
    /** The tokens used, if the response states them. */
    providerMetadata?: {
      /** The metadata of this provider. */
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
    /** The response. Absent if there was nothing to rank. */
    response?: {
      /** The `id` of the response, if it has one. */
      id?: string
      /** The model in the response, or else the model of the request. */
      modelId: string
      /** The headers of the response. */
      headers: Record<string, string>
      /** The parsed body of the response. */
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

  // A closure instead of a class: `ai` 7 wraps models in a Proxy, with which private members do not work.
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
          // Logs print errors, so the error does not contain the caller's texts.
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

/** A provider of reranking models, made by {@link createNebiusReranker}. */
export interface NebiusRerankerProvider {
  /** The version of the AI SDK's interface. */
  readonly specificationVersion: 'v3'
  /** Returns a model. @param modelId - The id of the model, by default the client's. */
  (modelId?: string): NebiusRerankingModel
  /** Returns a model. The providers of the AI SDK have a method of this name. */
  reranking(modelId?: string): NebiusRerankingModel
  /** Returns a model. `createProviderRegistry` calls this method. */
  rerankingModel(modelId: string): NebiusRerankingModel
  /** Throws a TypeError, because there are only reranking models. A registry requires this method. */
  languageModel(modelId: string): never
  /** Throws a TypeError. A registry requires this method. */
  embeddingModel(modelId: string): never
  /** Throws a TypeError. A registry requires this method. */
  imageModel(modelId: string): never
}

type Call = Parameters<NebiusRerankingModel['doRerank']>[0]
type Warning = Awaited<ReturnType<NebiusRerankingModel['doRerank']>>['warnings'][number]

const STRINGIFIED: Warning = {
  type: 'compatibility',
  feature: 'object documents',
  details: 'The service ranks only texts, so objects are sent as JSON.',
}

function textsOf(documents: Call['documents']): { texts: readonly string[]; warnings: Warning[] } {
  if (documents.type === 'text') return { texts: documents.values, warnings: [] }
  return { texts: documents.values.map((value) => JSON.stringify(value)), warnings: [STRINGIFIED] }
}

/** @throws TypeError for an unknown option, or one that is not a string. */
function checkOptions(options: object = {}): NebiusProviderOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!['serviceTier', 'user', 'projectId'].includes(name)) {
      throw new TypeError(
        `providerOptions.nebius must contain only serviceTier, user and projectId, got ${describe(name)}`,
      )
    }
    if (value !== undefined && typeof value !== 'string') {
      throw new TypeError(`providerOptions.nebius.${name} must be a string, got ${typeof value}`)
    }
  }
  return options
}

/** Marks a RerankError as an error of the AI SDK, so that it is both. */
function asApiCallError(error: RerankError, url: string, requestBodyValues: object): RerankError {
  const { status: statusCode, headers, body } = error
  const marks = {
    [Symbol.for('vercel.ai.error')]: true,
    [Symbol.for('vercel.ai.error.AI_APICallError')]: true,
    url,
    requestBodyValues,
    statusCode,
    // The SDK reads the wait from the headers. An attempt that was not sent has no headers, so they are made here.
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
