import type { ScoredResponse, ServiceResponse } from '../api/response.ts'
import type { ModelRequest, RerankRequest } from '../api/types.ts'
import type { Hooks } from './hooks.ts'

/**
 * Wraps each logical request with all its attempts: once for a call of `rerank`, and once for each request that `rank`
 * makes. It may change the request and the response, and call `next` once, several times or not at all. If the caller
 * aborts, or the deadline passes, the call ends without waiting for the middleware.
 *
 * @example
 * const timed: Middleware = async (request, next, { callId }) => {
 *   const started = performance.now()
 *   const response = await next(request)
 *   console.log(callId, request.documents.length, performance.now() - started)
 *   return response
 * }
 * const client = createRerankClient({ use: [timed] })
 */
export type Middleware = (
  request: ModelRequest,
  next: (request: RerankRequest, over?: MiddlewareOver) => Promise<MiddlewareResponse>,
  context: MiddlewareContext,
) => Promise<MiddlewareResponse>

/** Facts of a call that a {@link Middleware} may replace for the request that it passes to `next`. */
export interface MiddlewareOver {
  /** Ends the request. A middleware that sets its own signal must also abort it when the caller's aborts. */
  readonly signal?: AbortSignal | undefined
  /** Called for the attempts of the request. A middleware that sets its own hooks must also call the caller's. */
  readonly hooks?: Hooks
}

/** A response as a {@link Middleware} receives it. Its scores are checked, and in descending order. */
export interface MiddlewareResponse extends ServiceResponse<ScoredResponse> {
  /** The number of times the request was sent. */
  attempts: number
  /** The number of scores that came from a cache, if the client has one. */
  cached?: number
}

/** The facts of a call that a {@link Middleware} receives. */
export interface MiddlewareContext {
  /** The id of the call. All requests of a ranking have the same one. */
  readonly callId: string
  /** The position of the request among the requests of a ranking. Absent in a call of `rerank`. */
  readonly part?: RankPart | undefined
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined
  /** The hooks that are called for the attempts of the request. */
  readonly hooks: Hooks
  /** The URL of the service, without its path. */
  readonly baseUrl: string
  /** Returns the milliseconds until the deadline of the call, or `Infinity` if it has none. */
  readonly remainingMs: () => number
  /** Masks the secrets of the call in a text. Use it for logs, because a server may repeat a key in its response. */
  readonly mask: (text: string) => string
  /** The option `fallback` of the ranking, if it has one. */
  readonly fallback?: unknown
}

/** The position of a request among the requests of a ranking. */
export interface RankPart {
  /** The position of the request, from 0. */
  readonly place: number
  /** The number of requests in the ranking. */
  readonly parts: number
}
