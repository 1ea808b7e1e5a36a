import type { RerankErrorKind } from '../errors/classes.ts'

/**
 * Functions that are called as attempts begin and end, with plain data that holds no credential. Their results are
 * ignored, and so is whatever they throw: a hook never breaks a call.
 *
 * @example
 * const client = createRerankClient({
 *   hooks: { onResponse: ({ model, status, ms, tokens }) => metrics.record(model, status, ms, tokens) },
 * })
 */
export interface Hooks {
  /** Called before an attempt is sent. */
  onRequest?: ((event: RerankRequestEvent) => unknown) | undefined
  /** Called when a response was read to its end, whatever its status. */
  onResponse?: ((event: RerankResponseEvent) => unknown) | undefined
  /** Called when an attempt failed and a retry follows after `delayMs`. */
  onRetry?: ((event: RerankRetryEvent) => unknown) | undefined
  /** Called once when a call of `rerank` or `rank` failed for good and is about to reject. */
  onError?: ((event: RerankErrorEvent) => unknown) | undefined
}

/** The event of {@link Hooks.onRequest}. */
export interface RerankRequestEvent {
  /** An id of the call: its attempts share it, and so do the requests of one ranking. */
  callId: string
  /** 1 for the first attempt of a request, 2 for its first retry. */
  attempt: number
  /** The base URL and path, without the query. */
  url: string
  /** The model of the request. */
  model: string
  /** The number of documents in the request. */
  documents: number
  /** The place of the request among those of a ranking, from 0. Those that a middleware makes of one share it. */
  place?: number | undefined
}

/** The event of {@link Hooks.onResponse}. */
export interface RerankResponseEvent extends RerankRequestEvent {
  /** HTTP status. */
  status: number
  /** Milliseconds from the attempt's start to the end of the body. */
  ms: number
  /** The `x-request-id` of the response. */
  requestId: string | undefined
  /** The tokens used, where the response states them (`usage.total_tokens`). */
  tokens: number | undefined
}

/** The event of {@link Hooks.onRetry}. */
export interface RerankRetryEvent extends RerankRequestEvent {
  /** The kind of the attempt's failure. */
  kind: RerankErrorKind
  /** HTTP status of the failure, where a response came. */
  status: number | undefined
  /** The `x-request-id` of the response. */
  requestId: string | undefined
  /** Milliseconds until the next attempt; 0 where the rate limiter decides. */
  delayMs: number
}

/** The event of {@link Hooks.onError}. */
export interface RerankErrorEvent {
  /** An id of the call. */
  callId: string
  /** The number of times the request was sent. */
  attempts: number
  /** The kind of the failure; `aborted` for an abort by its signal, `unknown` for an error that is not this package's. */
  kind: RerankErrorKind | 'aborted' | 'unknown'
  /** The error's message. */
  message: string
  /** HTTP status of the failure, where a response came. */
  status: number | undefined
  /** The `x-request-id` of the response. */
  requestId: string | undefined
  /** Milliseconds from the call's start. */
  ms: number
}

/** Calls a hook so that nothing it does reaches the call. */
export function notify<Event>(hook: ((event: Event) => unknown) | undefined, event: Event): void {
  if (!hook) return
  try {
    Promise.resolve(hook(event)).catch(ignore)
  } catch {
    // The hook's own error; the call goes on.
  }
}

function ignore(): void {
  // A hook may be asynchronous; its rejection is its own.
}
