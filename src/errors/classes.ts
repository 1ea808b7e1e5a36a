import type { RateLimit } from '../api/rate-limit-headers.ts'

/** What went wrong, as a word to switch on; each kind has a class of its own. */
export type RerankErrorKind = keyof RerankErrors

/** The class of each {@link RerankErrorKind}. */
export interface RerankErrors {
  /** 4xx, but for those that have a kind of their own. */
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
  /** No answer, or none that could be read to its end. */
  connection: RerankConnectionError
  /** No answer in time. */
  timeout: RerankTimeoutError
  /** An answer that can't be used. */
  response: RerankResponseError
}

/** The two time limits of a call, by the option that sets each. */
export type TimeLimit = 'timeoutMs' | 'deadlineMs'

const BRAND = Symbol.for('nebius-rerank.error')

/**
 * The base of every error that a call rejects with, but for two: a caller's own abort rejects with
 * `signal.reason`, and arguments of the wrong shape with a `TypeError`.
 */
export abstract class RerankError<More extends object = object> extends Error {
  /** The class's name, the same in minified code. */
  declare readonly name: string
  /** The word for this class, to switch on. */
  abstract readonly kind: RerankErrorKind
  /** HTTP status of the failure; absent when no answer came. */
  declare readonly status?: number
  /** The `x-request-id` of the answer: quote it to the provider's support. */
  declare readonly requestId?: string
  /** The `x-inference-id` of the answer. */
  declare readonly inferenceId?: string
  /** How many times the request was sent. */
  declare readonly attempts: number
  /** Milliseconds after which the server asks to be called again. */
  declare readonly retryAfterMs?: number
  /** Headers of the answer, without cookies. Left out of JSON and inspection. */
  declare readonly headers?: Headers
  /** Body of the answer, parsed where it is JSON, at most 64 KiB of it. Left out of JSON and inspection. */
  declare readonly body?: unknown
  /** Of `client.rank`: the indices of the items that were in the request. Left out of JSON and inspection. */
  declare readonly items?: readonly number[]
  /** Of `client.rank` with several requests: which of them failed, such as `2 of 5`. */
  declare readonly part?: string

  /** Calls make them; code that handles them can make some for its tests. */
  constructor(message: string, { cause, headers, body, items, ...facts }: RerankErrorDetails & More) {
    super(message, cause === undefined ? undefined : { cause })
    for (const [key, value] of known({ headers, body, items })) Object.defineProperty(this, key, { value })
    for (const [key, value] of known(facts)) Object.defineProperty(this, key, { value, enumerable: true })
  }

  /** The kind once more, where another copy of the package finds it. */
  get [BRAND](): RerankErrorKind {
    return this.kind
  }

  /** The error's facts as plain data, for logs. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) }
  }
}

/** What is known of a failure when its error is made. */
export type RerankErrorDetails = {
  [Fact in 'status' | 'requestId' | 'inferenceId' | 'retryAfterMs' | 'headers' | 'body' | 'items' | 'part']?:
    RerankError[Fact] | undefined
} & {
  /** How many times the request was sent. */
  attempts: number
  // By its type and not as a fact of the error: it is part of Error only from ES2022 on.
  /** What it goes back to. */
  cause?: unknown
}

/** 400, 413, 422 and other 4xx: the request is at fault, and the same request fails again. */
export class BadRequestError extends RerankError<{ issues: readonly ValidationIssue[] }> {
  static {
    named(this, 'BadRequestError')
  }
  readonly kind = 'bad_request'
  declare readonly name: 'BadRequestError'
  /** Every fault that the server found, where it lists them (422). */
  declare readonly issues: readonly ValidationIssue[]
}

/** One fault in a request. */
export interface ValidationIssue {
  /** Where, such as `body.documents.3`. */
  path: string
  /** What was expected. */
  message: string
  /** The rule's name, such as `string_type`. */
  type: string
}

/** 401: no key, or not a valid one. */
export class AuthenticationError extends RerankError {
  static {
    named(this, 'AuthenticationError')
  }
  readonly kind = 'authentication'
  declare readonly name: 'AuthenticationError'
}

/** 402: the account has no credit left. */
export class PaymentRequiredError extends RerankError {
  static {
    named(this, 'PaymentRequiredError')
  }
  readonly kind = 'payment'
  declare readonly name: 'PaymentRequiredError'
}

/** 403: the key is valid and not allowed to do this. */
export class PermissionDeniedError extends RerankError {
  static {
    named(this, 'PermissionDeniedError')
  }
  readonly kind = 'permission'
  declare readonly name: 'PermissionDeniedError'
}

/** 404: no such model, or no such path at this base URL. */
export class NotFoundError extends RerankError {
  static {
    named(this, 'NotFoundError')
  }
  readonly kind = 'not_found'
  declare readonly name: 'NotFoundError'
}

/**
 * 429: too many requests or tokens; `retryAfterMs` says when to come back, where the server told. Without a status: held
 * back, and not sent, while a 429 to another call of the client asks for more time than this one has.
 */
export class RateLimitError extends RerankError<{ rateLimit: RateLimit | undefined }> {
  static {
    named(this, 'RateLimitError')
  }
  readonly kind = 'rate_limit'
  declare readonly name: 'RateLimitError'
  /** The limits that the answer's headers state. */
  declare readonly rateLimit?: RateLimit
}

/** 5xx: the service failed. */
export class ServerError extends RerankError {
  static {
    named(this, 'ServerError')
  }
  readonly kind = 'server'
  declare readonly name: 'ServerError'
}

/** No answer: the connection failed, was reset, or broke off while the answer was read. */
export class RerankConnectionError extends RerankError<{ code: string | undefined }> {
  static {
    named(this, 'RerankConnectionError')
  }
  readonly kind = 'connection'
  declare readonly name: 'RerankConnectionError'
  /** The system's code, such as `ECONNREFUSED`, where the cause has one. */
  declare readonly code?: string
}

/** One of the two time limits ran out. */
export class RerankTimeoutError extends RerankError<{ limit: TimeLimit }> {
  static {
    named(this, 'RerankTimeoutError')
  }
  readonly kind = 'timeout'
  declare readonly name: 'RerankTimeoutError'
  /** The option that set the limit. */
  declare readonly limit: TimeLimit
}

/** An answer that can't be used: no JSON, not the spec's shape, or not an answer to this request. */
export class RerankResponseError extends RerankError<{ truncated?: boolean }> {
  static {
    named(this, 'RerankResponseError')
  }
  readonly kind = 'response'
  declare readonly name: 'RerankResponseError'
  /** Whether the body ended early; only such answers are asked for again. */
  declare readonly truncated?: boolean
}

/**
 * Whether a value is one of this package's errors, of one kind where a kind is given. Unlike `instanceof`, it
 * also holds for errors of another copy of the package or of another realm.
 */
export function isRerankError(value: unknown): value is RerankErrors[RerankErrorKind]
export function isRerankError<Kind extends RerankErrorKind>(
  value: unknown,
  kind: Kind,
): value is RerankErrors[Kind]
export function isRerankError(value: unknown, kind?: RerankErrorKind): boolean {
  if (typeof value !== 'object' || value === null || !(BRAND in value)) return false
  return kind === undefined || value[BRAND] === kind
}

/** On the prototype, as the built-in errors have it, so that the first line of `stack` says it too. */
function named(constructor: { prototype: object }, name: string): void {
  Object.defineProperty(constructor.prototype, 'name', { value: name })
}

function known(properties: object): [string, unknown][] {
  return Object.entries(properties).filter(([, value]) => value !== undefined)
}
