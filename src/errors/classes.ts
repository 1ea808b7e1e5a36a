import type { RateLimit } from '../api/rate-limit-headers.ts'
import type { ValidationIssue } from './validation-issue.ts'

/** The kind of a failure, as a word to switch on; each has a class of its own. */
export type RerankErrorKind = keyof RerankErrors

/** The class of each {@link RerankErrorKind}. */
export interface RerankErrors {
  /** 4xx, except those that have a kind of their own. */
  bad_request: BadRequestError
  /** 401. */
  authentication: AuthenticationError
  /** 402. */
  payment: PaymentRequiredError
  /** 403. */
  permission: PermissionDeniedError
  /** 404. */
  not_found: NotFoundError
  /** 429. */
  rate_limit: RateLimitError
  /** 5xx. */
  server: ServerError
  /** No response, or none that could be read to its end. */
  connection: RerankConnectionError
  /** No response in time. */
  timeout: RerankTimeoutError
  /** A response that can't be used. */
  response: RerankResponseError
  /** Not sent: a circuit breaker is open. */
  circuit_open: CircuitOpenError
}

/** The two time limits of a call, by the option that sets each. */
export type TimeLimit = 'timeoutMs' | 'deadlineMs'

const BRAND = Symbol.for('nebius-rerank.error')

/**
 * The base of every error that a call rejects with, except two: a caller's own abort rejects with
 * `signal.reason`, and invalid arguments with a `TypeError`.
 *
 * @example
 * const ranked = await client.rank(query, documents).catch((error: unknown) => {
 *   if (isRerankError(error)) return documents
 *   throw error
 * })
 */
export abstract class RerankError<More extends object = object> extends Error {
  /** The class's name, the same in minified code. */
  declare readonly name: string
  /** The word for this class, to switch on. */
  declare readonly kind: RerankErrorKind
  /** HTTP status of the failure; absent when no response came. */
  declare readonly status?: number
  /** The `x-request-id` of the response: quote it to the provider's support. */
  declare readonly requestId?: string
  /** The `x-inference-id` of the response. */
  declare readonly inferenceId?: string
  /** The number of times the request was sent. */
  declare readonly attempts: number
  /** Milliseconds after which the server asks to be called again. */
  declare readonly retryAfterMs?: number
  /** The time at which that is over, by this machine's clock. */
  declare readonly retryAt?: Date
  /** Headers of the response by lower-case name, without cookies. Left out of JSON and inspection. */
  declare readonly headers?: Readonly<Record<string, string>>
  /** Body of the response, parsed where it is JSON, at most 64 KiB of it. Left out of JSON and inspection. */
  declare readonly body?: unknown
  /** Of `client.rank`: the indices of the items that were in the request. Left out of JSON and inspection. */
  declare readonly items?: readonly number[]
  /** Of `client.rank` with several requests: the one that failed, such as `2 of 5`. */
  declare readonly part?: string

  /** Made by calls; code that handles errors can make some for its tests. */
  constructor(message: string, { cause, headers, body, items, ...facts }: RerankErrorDetails & More) {
    super(message, cause === undefined ? undefined : { cause })
    const { retryAfterMs: ms, retryAt = ms === undefined ? ms : new Date(Date.now() + ms) } = facts
    for (const [enumerable, properties] of [
      [false, { headers, body, items }],
      [true, { kind: this.kind, ...facts, retryAt }],
    ] as const) {
      for (const [key, value] of Object.entries(properties)) {
        if (value !== undefined) Object.defineProperty(this, key, { value, enumerable })
      }
    }
  }

  /** The kind once more, where another copy of the package finds it. */
  get [BRAND](): RerankErrorKind {
    return this.kind
  }

  /** The error's facts as plain data, for logs, workers and queues: `rerankErrorFrom` makes the error of it again. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) }
  }
}

/** The facts of a failure, given when its error is made. */
export type RerankErrorDetails = {
  [Fact in 'status' | 'requestId' | 'inferenceId' | 'retryAfterMs' | 'headers' | 'body' | 'items' | 'part']?:
    RerankError[Fact] | undefined
} & {
  /** The number of times the request was sent. */
  attempts: number
  /** The time at which the wait is over. @default counted from now, where `retryAfterMs` is given */
  retryAt?: Date | undefined
  /** The error behind this one. Not a fact of the error: it is part of Error only from ES2022 on. */
  cause?: unknown
}

/** 400, 413, 422 and other 4xx: the request is invalid, and the same request fails again. */
export class BadRequestError extends RerankError<{ issues?: readonly ValidationIssue[] | undefined }> {
  declare readonly kind: 'bad_request'
  declare readonly name: 'BadRequestError'
  /** Every issue that the server lists (422); empty where it lists none. */
  declare readonly issues: readonly ValidationIssue[]

  /** Made by calls; code that handles errors can make some for its tests. */
  constructor(
    message: string,
    details: RerankErrorDetails & { issues?: readonly ValidationIssue[] | undefined },
  ) {
    super(message, { ...details, issues: details.issues ?? [] })
  }
}

/** 401: no key, or an invalid one. */
export class AuthenticationError extends RerankError {
  declare readonly kind: 'authentication'
  declare readonly name: 'AuthenticationError'
}

/** 402: the account has no credit. */
export class PaymentRequiredError extends RerankError {
  declare readonly kind: 'payment'
  declare readonly name: 'PaymentRequiredError'
}

/** 403: the key is valid and not allowed to do this. */
export class PermissionDeniedError extends RerankError {
  declare readonly kind: 'permission'
  declare readonly name: 'PermissionDeniedError'
}

/** 404: no such model, or no such path at this base URL. */
export class NotFoundError extends RerankError {
  declare readonly kind: 'not_found'
  declare readonly name: 'NotFoundError'
}

/**
 * 429: too many requests or tokens; `retryAfterMs` says when to come back, where the server says so. Without a status:
 * the request was not sent, since the server asked to wait for longer than the call has time.
 */
export class RateLimitError extends RerankError<{ rateLimit?: RateLimit | undefined }> {
  declare readonly kind: 'rate_limit'
  declare readonly name: 'RateLimitError'
  /** The limits that the response's headers state. */
  declare readonly rateLimit?: RateLimit
}

/** 5xx: the service failed. */
export class ServerError extends RerankError {
  declare readonly kind: 'server'
  declare readonly name: 'ServerError'
}

/** No response: the connection failed, was reset, or broke off while the response was read. */
export class RerankConnectionError extends RerankError<{ code?: string | undefined }> {
  declare readonly kind: 'connection'
  declare readonly name: 'RerankConnectionError'
  /** The system's code, such as `ECONNREFUSED`, where the cause has one. */
  declare readonly code?: string
}

/** One of the two time limits ran out. */
export class RerankTimeoutError extends RerankError<{ limit: TimeLimit }> {
  declare readonly kind: 'timeout'
  declare readonly name: 'RerankTimeoutError'
  /** The option that set the limit. */
  declare readonly limit: TimeLimit
}

/** A response that can't be used: not JSON, not of the spec's shape, or not a response to this request. */
export class RerankResponseError extends RerankError<{ truncated?: boolean | undefined }> {
  declare readonly kind: 'response'
  declare readonly name: 'RerankResponseError'
  /** Set where the body ended early; only such responses are asked for again. */
  declare readonly truncated?: boolean
}

/** Not sent: the `breaker` of `nebius-rerank/middleware` is open; `retryAfterMs` says when it tries one. */
export class CircuitOpenError extends RerankError {
  declare readonly kind: 'circuit_open'
  declare readonly name: 'CircuitOpenError'
}

/**
 * Tells whether a value is one of this package's errors, of one kind where a kind is given. Unlike `instanceof`, it
 * also holds for errors of another copy of the package or of another realm.
 *
 * @example
 * if (isRerankError(error, 'not_found')) console.error('no such model')
 */
export function isRerankError(value: unknown): value is RerankErrors[RerankErrorKind]
export function isRerankError<Kind extends RerankErrorKind>(
  value: unknown,
  kind: Kind,
): value is RerankErrors[Kind]
export function isRerankError(value: unknown, kind?: RerankErrorKind): boolean {
  try {
    if (typeof value !== 'object' || value === null || !(BRAND in value)) return false
    return kind === undefined || value[BRAND] === kind
  } catch {
    // A proxy may throw when it is asked.
    return false
  }
}

/** A class for one kind of failure. */
export type ErrorClass = new (
  message: string,
  details: RerankErrorDetails & { limit: TimeLimit },
) => RerankErrors[RerankErrorKind]

/** All classes, each with its name, which is the same in minified code. */
export const CLASSES: readonly (readonly [RerankErrorKind, name: string, ErrorClass])[] = [
  ['bad_request', 'BadRequestError', BadRequestError],
  ['authentication', 'AuthenticationError', AuthenticationError],
  ['payment', 'PaymentRequiredError', PaymentRequiredError],
  ['permission', 'PermissionDeniedError', PermissionDeniedError],
  ['not_found', 'NotFoundError', NotFoundError],
  ['rate_limit', 'RateLimitError', RateLimitError],
  ['server', 'ServerError', ServerError],
  ['connection', 'RerankConnectionError', RerankConnectionError],
  ['timeout', 'RerankTimeoutError', RerankTimeoutError],
  ['response', 'RerankResponseError', RerankResponseError],
  ['circuit_open', 'CircuitOpenError', CircuitOpenError],
]

for (const [kind, name, { prototype }] of CLASSES) {
  // On the prototype, as the built-in errors have it, so that the first line of `stack` says the name too.
  Object.defineProperties(prototype, { name: { value: name }, kind: { value: kind } })
}
