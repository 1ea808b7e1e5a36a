import type { RerankErrorKind } from '../errors/classes.ts'

/**
 * Called as the attempts of a call go by, with plain data that holds no credential. What a hook returns is
 * ignored, and what it throws as well: a hook never breaks a call.
 */
export interface Hooks {
  /** An attempt is about to be sent. */
  onRequest?: ((event: RerankRequestEvent) => unknown) | undefined
  /** An answer was read to its end, whatever its status. */
  onResponse?: ((event: RerankResponseEvent) => unknown) | undefined
  /** An attempt failed and will be repeated after `delayMs`. */
  onRetry?: ((event: RerankRetryEvent) => unknown) | undefined
  /** The call failed for good and is about to reject. */
  onError?: ((event: RerankErrorEvent) => unknown) | undefined
}

/** See {@link Hooks.onRequest}. */
export interface RerankRequestEvent {
  /** 1 for the first attempt of a call, 2 for its first retry. */
  attempt: number
  /** The base URL and path, without the query. */
  url: string
}

/** See {@link Hooks.onResponse}. */
export interface RerankResponseEvent extends RerankRequestEvent {
  /** HTTP status. */
  status: number
  /** Milliseconds from the attempt's start to the end of the body. */
  ms: number
  /** The `x-request-id` of the answer. */
  requestId: string | undefined
}

/** See {@link Hooks.onRetry}. */
export interface RerankRetryEvent extends RerankRequestEvent {
  /** The kind of the attempt's failure. */
  kind: RerankErrorKind
  /** HTTP status of the failure, where an answer came. */
  status: number | undefined
  /** The `x-request-id` of the answer. */
  requestId: string | undefined
  /** Milliseconds until the next attempt. */
  delayMs: number
}

/** See {@link Hooks.onError}. */
export interface RerankErrorEvent {
  /** How many times the request was sent. */
  attempts: number
  /** The kind of the failure; `aborted` for an abort by its signal, `unknown` for what a pace rejected with. */
  kind: RerankErrorKind | 'aborted' | 'unknown'
  /** The error's message. */
  message: string
  /** HTTP status of the failure, where an answer came. */
  status: number | undefined
  /** The `x-request-id` of the answer. */
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
    // The hook's own fault; the call goes on.
  }
}

function ignore(): void {
  // A hook may be asynchronous; its rejection is its own.
}
