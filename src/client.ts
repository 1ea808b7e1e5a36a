import { checkShape } from './api/check-scores.ts'
import { readRateLimit } from './api/rate-limit-headers.ts'
import type { RateLimit } from './api/rate-limit-headers.ts'
import { readRequest } from './api/request.ts'
import type { ScoredResponse } from './api/response.ts'
import { RERANK_PATH } from './api/types.ts'
import type { RerankRequest, RerankResponse } from './api/types.ts'
import { unusable } from './http/attempt.ts'
import { createCall } from './http/call.ts'
import { compose } from './http/compose.ts'
import { contextMaker, notifyError } from './http/context.ts'
import type { RateLimiter } from './limiter/rate-limiter.ts'
import type { MiddlewareResponse } from './options/middleware.ts'
import { resolveCall, resolveClient } from './options/resolve.ts'
import type { CallOptions, ClientOptions } from './options/types.ts'
import { createRank } from './rank/rank.ts'
import type { RankMethod } from './rank/rank.ts'

/** A client of one service with one key; made by {@link createRerankClient}. */
export interface RerankClient {
  /** Scores documents against a query. */
  readonly rerank: RerankMethod
  /** Puts items in order of relevance to a query. */
  readonly rank: RankMethod
  /** The URL of requests, without their query parameters. */
  readonly url: string
  /** The model of requests that name none. */
  readonly model: string
  /** The rate limiter that it was made with. */
  readonly rateLimiter?: RateLimiter | undefined
}

/** A client to call with, or the options of a new one. */
export type ClientOrOptions =
  | {
      /** The client to call with. */
      client: RerankClient
    }
  | (ClientOptions & {
      /** Absent: a new client is made. */
      client?: undefined
    })

/** The endpoint as a function. */
export interface RerankMethod {
  /**
   * Scores documents against a query, and returns the service's response, best document first.
   *
   * @throws {@link RerankError} when the call fails, `signal.reason` when its signal aborts it, `TypeError` for an
   * invalid argument.
   * @example
   * const { results } = await client.rerank({ query: 'capital of France', documents: ['Paris', 'Belgrade'] })
   * for (const { index, relevance_score } of results) console.log(index, relevance_score)
   */
  (request: RerankRequest, options?: CallOptions): Promise<RerankResponse>

  /**
   * Does the same, and gives the status, the headers and their facts beside the response's body.
   *
   * @example
   * const { data, response } = await client.rerank.withResponse(request)
   * console.log(response.requestId, response.rateLimit)
   */
  withResponse(request: RerankRequest, options?: CallOptions): Promise<RerankWithResponse>

  /**
   * Does the same for servers that leave out fields of the spec: of the body only the scores are checked.
   *
   * @example
   * const { data } = await client.rerank.scored(request)
   * console.log(data.results[0]?.relevance_score, data.model ?? 'not told')
   */
  scored(request: RerankRequest, options?: CallOptions): Promise<RerankWithResponse<ScoredResponse>>
}

/** The result of {@link RerankMethod.withResponse}. */
export interface RerankWithResponse<Body = RerankResponse> {
  /** The body of the response. */
  data: Body
  /** The facts of the response beside its body. */
  response: ResponseInfo
}

/** The facts of a response beside its body. */
export interface ResponseInfo {
  /** HTTP status. */
  status: number
  /** Headers by lower-case name, without cookies. */
  headers: Readonly<Record<string, string>>
  /** The `x-request-id`: quote it to the provider's support. */
  requestId: string | undefined
  /** The `x-inference-id`. */
  inferenceId: string | undefined
  /** The number of times the request was sent. */
  attempts: number
  /** The service's limits, where the response states them. */
  rateLimit: RateLimit | undefined
}

/**
 * Makes a client. It holds no connection of its own and needs no closing.
 *
 * @throws TypeError for a missing or malformed key, and for an invalid option.
 * @example
 * const client = createRerankClient() // the key is in NEBIUS_API_KEY
 * const ranked = await client.rank('capital of France', ['Paris', 'Belgrade'])
 */
export function createRerankClient(options: ClientOptions = {}): RerankClient {
  const settings = resolveClient(options)
  const { baseUrl, model, use } = settings
  const send = compose(use, createCall(baseUrl))
  const contextOf = contextMaker(settings)

  const ask = async <Body>(
    check: (body: ScoredResponse) => Body,
    request: RerankRequest,
    callOptions?: CallOptions,
  ): Promise<{ data: Body; response: MiddlewareResponse }> => {
    const context = contextOf(callOptions === undefined ? settings : resolveCall(callOptions, settings))
    const body = readRequest(request, model)
    try {
      const response = await send(body, context)
      try {
        return { data: check(response.body), response }
      } catch (error) {
        throw unusable(error, response, context.redact, { ...context, attempts: response.attempts })
      }
    } catch (error) {
      notifyError(error, context)
      throw error
    }
  }
  const checkedBy =
    <Body>(check: (body: ScoredResponse) => Body) =>
    async (request: RerankRequest, callOptions?: CallOptions): Promise<RerankWithResponse<Body>> => {
      const { data, response } = await ask(check, request, callOptions)
      return { data, response: infoOf(response) }
    }

  return {
    rerank: Object.assign(
      async (request: RerankRequest, callOptions?: CallOptions) =>
        (await ask(checkShape, request, callOptions)).data,
      { withResponse: checkedBy(checkShape), scored: checkedBy((body) => body) },
    ),
    rank: createRank(settings, send, contextOf),
    url: baseUrl + RERANK_PATH,
    model,
    rateLimiter: options.rateLimiter,
  }
}

function infoOf({ status, headers, attempts }: MiddlewareResponse): ResponseInfo {
  return {
    status,
    headers: Object.fromEntries(headers),
    requestId: headers.get('x-request-id') ?? undefined,
    inferenceId: headers.get('x-inference-id') ?? undefined,
    attempts,
    rateLimit: readRateLimit(headers),
  }
}
