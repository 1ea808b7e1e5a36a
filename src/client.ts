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
import { CALL } from './options/rules.ts'
import type { CallOptions, ClientOptions } from './options/types.ts'
import { createRank } from './rank/rank.ts'
import type { RankMethod } from './rank/rank.ts'

/** A client for one service with one key. {@link createRerankClient} makes it. */
export interface RerankClient {
  /** Scores documents against a query. */
  readonly rerank: RerankMethod
  /** Sorts items by their relevance to a query. */
  readonly rank: RankMethod
  /** The URL of requests, without their query parameters. */
  readonly url: string
  /** The model of requests that do not name one. */
  readonly model: string
  /** The rate limiter in the client's options, if there is one. */
  readonly rateLimiter?: RateLimiter | undefined
}

/** An existing client, or the options of a new one. */
export type ClientOrOptions =
  | {
      /** The client to use. */
      client: RerankClient
    }
  | (ClientOptions & {
      /** Absent: the options make a new client. */
      client?: undefined
    })

/** Calls the endpoint in the service's own format. */
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
   * Does the same, and also returns the status, the headers and other facts of the response.
   *
   * @example
   * const { data, response } = await client.rerank.withResponse(request)
   * console.log(response.requestId, response.rateLimit)
   */
  withResponse(request: RerankRequest, options?: CallOptions): Promise<RerankWithResponse>

  /**
   * Does the same for servers whose responses lack fields of the spec. Only the scores are checked.
   *
   * @example
   * const { data } = await client.rerank.scored(request)
   * console.log(data.results[0]?.relevance_score, data.model ?? 'unknown')
   */
  scored(request: RerankRequest, options?: CallOptions): Promise<RerankWithResponse<ScoredResponse>>
}

/** The result of {@link RerankMethod.withResponse}. */
export interface RerankWithResponse<Body = RerankResponse> {
  /** The body of the response. */
  data: Body
  /** The status, the headers and other facts of the response. */
  response: ResponseInfo
}

/** The status, the headers and other facts of a response. */
export interface ResponseInfo {
  /** HTTP status. */
  status: number
  /** Headers by lower-case name, without cookies. */
  headers: Readonly<Record<string, string>>
  /** The `x-request-id` of the response. The service's support needs it. */
  requestId: string | undefined
  /** The `x-inference-id` of the response. */
  inferenceId: string | undefined
  /** The number of times the request was sent. */
  attempts: number
  /** The service's limits, if the response states them. */
  rateLimit: RateLimit | undefined
}

/**
 * Makes a client. A client has no connections of its own, so it does not have to be closed.
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
    const body = readRequest(request, model, CALL)
    const context = contextOf(callOptions === undefined ? settings : resolveCall(callOptions, settings))
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
