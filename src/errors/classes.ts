import type { RateLimit } from '../api/rate-limit-headers.ts'
import { property } from '../shared/property.ts'
import type { ValidationIssue } from './validation-issue.ts'

/** The kind of a failure, for a `switch`. Each kind has its own class. */
export type RerankErrorKind = keyof RerankErrors

/** The class of each {@link RerankErrorKind}. */
export interface RerankErrors {
  /** 4xx, except those with their own kind. */
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
  /** The connection failed or broke off. */
  connection: RerankConnectionError
  /** A time limit passed. */
  timeout: RerankTimeoutError
  /** The response is invalid or incomplete. */
  response: RerankResponseError
  /** Nothing was sent: a circuit breaker is open. */
  circuit_open: CircuitOpenError
}

/** The option that set a time limit. */
export type TimeLimit = 'timeoutMs' | 'deadlineMs'

const BRAND = Symbol.for('nebius-rerank.error')

/**
 * The base class of the errors of a call. Two failures are not of this class: your own abort rejects with
 * `signal.reason`, and an invalid argument with a `TypeError`.
 *
 * @example
 * const ranked = await client.rank(query, documents).catch((error: unknown) => {
 *   if (isRerankError(error)) return documents
 *   throw error
 * })
 */
export abstract class RerankError<More extends object = object> extends Error {
  /** The name of the class, also in minified code. */
  declare readonly name: string
  /** The kind of the failure, for a `switch`. */
  declare readonly kind: RerankErrorKind
  /** HTTP status of the failure. Absent if there was no response. */
  declare readonly status?: number
  /** The `x-request-id` of the response. The service's support needs it. */
  declare readonly requestId?: string
  /** The `x-inference-id` of the response. */
  declare readonly inferenceId?: string
  /** The number of times the request was sent. */
  declare readonly attempts: number
  /** The wait in milliseconds that the server asked for. */
  declare readonly retryAfterMs?: number
  /** The time at which the wait ends, by this machine's clock. */
  declare readonly retryAt?: Date
  /** Headers of the response by lower-case name, without cookies. Not in JSON and inspection. */
  declare readonly headers?: Readonly<Record<string, string>>
  /** Body of the response, at most 64 KiB, parsed if it is JSON. Not in JSON and inspection. */
  declare readonly body?: unknown
  /** For `client.rank`: the indices of the items in the failed request. Not in JSON and inspection. */
  declare readonly items?: readonly number[]
  /** For `client.rank` with several requests: the failed one, such as `2 of 5`. */
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

  /** The kind, in a place that other copies of the package know. */
  get [BRAND](): RerankErrorKind {
    return this.kind
  }

  /** Returns the facts of the error as plain data, for logs, workers and queues. `rerankErrorFrom` recreates the error. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...(this as object) }
  }
}

/** The facts of a failure, for the constructor of an error. */
export type RerankErrorDetails = {
  [Fact in 'status' | 'requestId' | 'inferenceId' | 'retryAfterMs' | 'headers' | 'body' | 'items' | 'part']?:
    RerankError[Fact] | undefined
} & {
  /** The number of times the request was sent. */
  attempts: number
  /** The time at which the wait ends. @default `retryAfterMs` from now */
  retryAt?: Date | undefined
  /** The error that caused this one. Declared separately, because `Error` has it only from ES2022 on. */
  cause?: unknown
}

/** 400, 413, 422 or another 4xx: the request is invalid, and would fail again. */
export class BadRequestError extends RerankError<{ issues?: readonly ValidationIssue[] | undefined }> {
  declare readonly kind: 'bad_request'
  declare readonly name: 'BadRequestError'
  /** The issues that the server lists (422). Empty if it lists none. */
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

/** 403: the key is valid, but lacks the permission. */
export class PermissionDeniedError extends RerankError {
  declare readonly kind: 'permission'
  declare readonly name: 'PermissionDeniedError'
}

/** 404: the model does not exist, or the base URL has no such path. */
export class NotFoundError extends RerankError {
  declare readonly kind: 'not_found'
  declare readonly name: 'NotFoundError'
}

/**
 * 429: too many requests or tokens. `retryAfterMs` is the wait that the server asked for, if it did. An error without a
 * status means that the request was not sent, because the call has no time for the wait.
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
  /** The system's code, such as `ECONNREFUSED`, if the cause has one. */
  declare readonly code?: string
}

/** `timeoutMs` or `deadlineMs` passed. */
export class RerankTimeoutError extends RerankError<{ limit: TimeLimit }> {
  declare readonly kind: 'timeout'
  declare readonly name: 'RerankTimeoutError'
  /** The option that set the limit. */
  declare readonly limit: TimeLimit
}

/** The response is invalid: not JSON, not in the shape of the spec, or not for this request. */
export class RerankResponseError extends RerankError<{ truncated?: boolean | undefined }> {
  declare readonly kind: 'response'
  declare readonly name: 'RerankResponseError'
  /** True if the body ended early. Only such responses are retried. */
  declare readonly truncated?: boolean
}

/** Nothing was sent: the `breaker` of `nebius-rerank/middleware` is open. After `retryAfterMs`, it tries a request. */
export class CircuitOpenError extends RerankError {
  declare readonly kind: 'circuit_open'
  declare readonly name: 'CircuitOpenError'
}

/**
 * Returns true for a `RerankError`, or only for one of a kind. Unlike `instanceof`, it also recognises errors of another
 * copy of the package or of another realm.
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
    const own = property(value, BRAND)
    return own !== undefined && own === (kind ?? own)
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
