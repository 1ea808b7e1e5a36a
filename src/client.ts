import { readResponse } from './api/response.ts'
import type { Outcome } from './http/attempt.ts'
import { createCaller } from './http/call.ts'
import { resolveOptions } from './options/resolve.ts'
import type { CallOptions, ClientOptions } from './options/resolve.ts'
import type { Pace } from './limiter/rate-limiter.ts'
import { createRank } from './rank/rank.ts'
import type { RankMethod } from './rank/rank.ts'
import { readRateLimit } from './api/rate-limit-headers.ts'
import type { RateLimit } from './api/rate-limit-headers.ts'
import { RERANK_PATH } from './api/types.ts'
import type { RerankRequest, RerankResponse } from './api/types.ts'

/** A client of one service with one key; made by {@link createRerankClient}. */
export interface RerankClient {
  /** Scores documents against a query. */
  readonly rerank: RerankMethod
  /** Puts items in order of relevance to a query. */
  readonly rank: RankMethod
  /** Where requests go, without their query parameters. */
  readonly url: string
  /** The model of requests that name none. */
  readonly model: string
  /** The pace that it was made with. */
  readonly pace?: Pace | undefined
}

/** A client to call with, or the options of a new one. */
export type ClientOrOptions =
  | {
      /** The client to call with. */
      client: RerankClient
    }
  | (ClientOptions & {
      /** None: a new one is made. */
      client?: undefined
    })

/** The endpoint as a function. */
export interface RerankMethod {
  /**
   * Scores documents against a query, and returns the service's answer, best document first.
   *
   * @throws {@link RerankError} when the call fails, `signal.reason` when its signal aborts it, `TypeError` when
   * an argument has the wrong shape.
   */
  (request: RerankRequest, options?: CallOptions): Promise<RerankResponse>

  /** The same, with what else is known of the answer beside it. */
  withResponse(request: RerankRequest, options?: CallOptions): Promise<RerankWithResponse>
}

/** What {@link RerankMethod.withResponse} returns. */
export interface RerankWithResponse {
  /** The service's answer. */
  data: RerankResponse
  /** What is known of it. */
  response: ResponseInfo
}

/** What is known of an answer beside its body. */
export interface ResponseInfo {
  /** HTTP status. */
  status: number
  /** All headers. */
  headers: Headers
  /** The `x-request-id`: quote it to the provider's support. */
  requestId: string | undefined
  /** The `x-inference-id`. */
  inferenceId: string | undefined
  /** How many times the request was sent. */
  attempts: number
  /** The service's limits, where the answer states them. */
  rateLimit: RateLimit | undefined
  /** Whether the request was served over the account's rate limit (`x-ratelimit-over-limit`). */
  overLimit: boolean
}

/**
 * Makes a client. It holds no connection of its own and needs no closing.
 *
 * @throws TypeError for a missing or malformed key and for any option of the wrong type or range.
 */
export function createRerankClient(options: ClientOptions = {}): RerankClient {
  const settings = resolveOptions(options)
  const call = createCaller(settings)

  const rerank = async (request: RerankRequest, callOptions: CallOptions = {}): Promise<RerankResponse> =>
    (await call(request, callOptions, readResponse)).data

  const withResponse = async (
    request: RerankRequest,
    callOptions: CallOptions = {},
  ): Promise<RerankWithResponse> => {
    const outcome = await call(request, callOptions, readResponse)
    return { data: outcome.data, response: describeResponse(outcome) }
  }

  return {
    rerank: Object.assign(rerank, { withResponse }),
    rank: createRank(call),
    url: settings.baseUrl + RERANK_PATH,
    model: settings.model,
    pace: settings.pace,
  }
}

function describeResponse({ response: { status, headers }, attempts }: Outcome<unknown>): ResponseInfo {
  return {
    status,
    headers,
    requestId: headers.get('x-request-id') ?? undefined,
    inferenceId: headers.get('x-inference-id') ?? undefined,
    attempts,
    rateLimit: readRateLimit(headers),
    overLimit: headers.get('x-ratelimit-over-limit') === 'yes',
  }
}
