import type { RerankErrorKind } from '../errors/classes.ts'

/**
 * Functions that are called when attempts begin and end, for logs and metrics. Their events are plain data without
 * credentials. Their results and errors are ignored.
 *
 * @example
 * const client = createRerankClient({
 *   hooks: { onResponse: ({ model, status, ms, tokens }) => metrics.record(model, status, ms, tokens) },
 * })
 */
export interface Hooks {
  /** Called before an attempt is sent. */
  onRequest?: ((event: RerankRequestEvent) => unknown) | undefined
  /** Called when a response has been read completely, with any status. */
  onResponse?: ((event: RerankResponseEvent) => unknown) | undefined
  /** Called when an attempt has failed and will be retried after `delayMs`. */
  onRetry?: ((event: RerankRetryEvent) => unknown) | undefined
  /** Called once when a call of `rerank` or `rank` has failed after all retries, before it rejects or falls back. */
  onError?: ((event: RerankErrorEvent) => unknown) | undefined
}

/** The event of {@link Hooks.onRequest}. */
export interface RerankRequestEvent {
  /** The id of the call. All requests of a ranking and all their attempts have the same one. */
  callId: string
  /** 1 for the first attempt of a request, 2 for its first retry. */
  attempt: number
  /** The URL of the request, without query parameters. */
  url: string
  /** The model of the request. */
  model: string
  /** The number of documents in the request. */
  documents: number
  /**
   * The position of the request among the requests of a ranking, from 0. If a middleware divides a request, all its
   * parts have the same position.
   */
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
  /** The tokens used (`usage.total_tokens`), if the response states them. */
  tokens: number | undefined
}

/** The event of {@link Hooks.onRetry}. */
export interface RerankRetryEvent extends RerankRequestEvent {
  /** The kind of the attempt's failure. */
  kind: RerankErrorKind
  /** HTTP status of the failure, if there was a response. */
  status: number | undefined
  /** The `x-request-id` of the response. */
  requestId: string | undefined
  /** Milliseconds until the next attempt, or 0 if the rate limiter decides. */
  delayMs: number
}

/** The event of {@link Hooks.onError}. */
export interface RerankErrorEvent {
  /** The id of the call. */
  callId: string
  /** The number of times the request was sent. */
  attempts: number
  /** The kind of the failure. `aborted`: its signal aborted. `unknown`: the error is not a `RerankError`. */
  kind: RerankErrorKind | 'aborted' | 'unknown'
  /** The error's message. */
  message: string
  /** HTTP status of the failure, if there was a response. */
  status: number | undefined
  /** The `x-request-id` of the response. */
  requestId: string | undefined
  /** Milliseconds since the start of the call. */
  ms: number
}

/** Calls a hook, and ignores its errors. */
export function notify<Event>(hook: ((event: Event) => unknown) | undefined, event: Event): void {
  if (!hook) return
  try {
    Promise.resolve(hook(event)).catch(ignore)
  } catch {
    // The call continues without it.
  }
}

function ignore(): void {
  // An asynchronous hook may reject.
}
