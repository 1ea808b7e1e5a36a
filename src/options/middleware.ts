import type { ScoredResponse, ServiceResponse } from '../api/response.ts'
import type { ModelRequest, RerankRequest } from '../api/types.ts'
import type { Hooks } from './hooks.ts'

/**
 * Wraps each logical request, with all its attempts inside: once for a call of `rerank`, and once for each request that
 * `rank` makes. It may change the request, call `next` once, several times or not at all, and change the response. At the
 * caller's abort and at the deadline nobody waits for it any more.
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

/** The facts of a call that a {@link Middleware} may lay over those of its caller, for what is inside it. */
export interface MiddlewareOver {
  /** Ends the request. A middleware that gives one aborts it with the caller's too. */
  readonly signal?: AbortSignal | undefined
  /** Called for the attempts inside, in place of the caller's `hooks`, which a middleware that gives some calls too. */
  readonly hooks?: Hooks
}

/** A response, as a {@link Middleware} sees it: its scores are checked and in descending order. */
export interface MiddlewareResponse extends ServiceResponse<ScoredResponse> {
  /** The number of times the request was sent. */
  attempts: number
  /** The number of its scores that came from a cache, where there is one. */
  cached?: number
}

/** The facts of a call that a {@link Middleware} may want to know. */
export interface MiddlewareContext {
  /** An id of the call; the requests of one ranking share it. */
  readonly callId: string
  /** The place of the request among those of a ranking; absent for a call of `rerank`. */
  readonly part?: RankPart | undefined
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined
  /** The hooks that are called for the attempts inside. */
  readonly hooks: Hooks
  /** The URL of the service, without its path. */
  readonly baseUrl: string
  /** Gives the milliseconds that remain until the call's deadline; `Infinity` where it has none. */
  readonly remainingMs: () => number
  /** Masks the secrets of the call in a text: for logs, since a server may echo a key in a success. */
  readonly mask: (text: string) => string
  /** The `fallback` of the ranking that the request is for, where it has one. */
  readonly fallback?: unknown
}

/** The place of a request among those of a ranking. */
export interface RankPart {
  /** The place of the request, from 0. */
  readonly place: number
  /** The number of requests. */
  readonly parts: number
}
