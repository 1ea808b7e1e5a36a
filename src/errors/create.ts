import { RERANK_PATH } from '../api/types.ts'
import { readRateLimit, readRetryAfterMs, refillMs } from '../api/rate-limit-headers.ts'
import type { RateLimit } from '../api/rate-limit-headers.ts'
import type { ServiceResponse } from '../api/response.ts'
import { oneLine } from '../shared/one-line.ts'
import { property } from '../shared/property.ts'
import {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RerankConnectionError,
  RerankResponseError,
  RerankTimeoutError,
  ServerError,
} from './classes.ts'
import type { RerankError, RerankErrorDetails, TimeLimit } from './classes.ts'
import type { Redactor } from './redact.ts'
import { readIssues, serverMessage } from './server-message.ts'
import type { ValidationIssue } from './validation-issue.ts'

/** The facts of a call that all of its errors tell. */
export interface ErrorContext {
  attempts: number
  redact: Redactor
  part?: Part | undefined
}

/** The part of a ranking that a request is: the indices of its items, and its place among the requests. */
export interface Part {
  items: () => readonly number[]
  place: number
  parts: number
}

/** A response whose body may not have come. */
export type PartialResponse = Omit<ServiceResponse, 'body'> & { body?: unknown }

/** The words for a `fetch` that throws anything. */
export const NOT_AN_ERROR = 'fetch threw a value that is not an error'

type Details = RerankErrorDetails

type ErrorClass = new (
  message: string,
  details: Details & { issues?: readonly ValidationIssue[] | undefined; rateLimit?: RateLimit | undefined },
) => RerankError

/** The error class and the next step of each status that has its own; other 4xx and 5xx have theirs below. */
const BY_STATUS: Readonly<Record<number, readonly [ErrorClass, nextStep?: string]>> = {
  401: [AuthenticationError, 'Check the key given as apiKey or NEBIUS_API_KEY.'],
  402: [PaymentRequiredError, 'Add credit to the account.'],
  403: [PermissionDeniedError, 'Check what the key, or the project, is allowed to do.'],
  404: [NotFoundError, 'Check baseUrl and the model id, which is case-sensitive.'],
  429: [RateLimitError],
}

/** The error for a response that is not a success; `said` tells how the status came. */
export function errorFromStatus(
  response: PartialResponse,
  context: ErrorContext,
  said = `returned ${response.status}`,
): RerankError {
  const { status, headers } = response
  if (status < 400) return redirectError(response, context)
  const details = detailsOf(response, context)
  const [Make, nextStep] = BY_STATUS[status] ?? [status < 500 ? BadRequestError : ServerError]
  const message = messageOf(`${said}: ${serverMessage(details.body)}`, details, nextStep)
  const issues = Make === BadRequestError ? readIssues(details.body) : undefined
  const rateLimit = Make === RateLimitError ? readRateLimit(headers) : undefined
  return new Make(message, { ...details, issues, rateLimit })
}

/**
 * The error that a gateway wrapped in a 200, such as `{"error": …}`. Its `code` or `status` decides the class where it
 * is an HTTP status; otherwise the response is just not usable.
 */
export function errorFromWrapped(
  body: unknown,
  response: PartialResponse,
  context: ErrorContext,
): RerankError {
  const status = [property(body, 'error'), body]
    .flatMap((holder) => [property(holder, 'code'), property(holder, 'status')])
    .map((code) => (typeof code === 'string' || typeof code === 'number' ? Number(code) : NaN))
    .find((code) => Number.isInteger(code) && code >= 400 && code <= 599)
  if (status === undefined) {
    return errorFromResponse(
      `it is an error: ${serverMessage(context.redact.json(response.body))}`,
      response,
      context,
    )
  }
  return errorFromStatus(
    { ...response, status },
    context,
    `returned ${response.status} with an error ${status}`,
  )
}

/** The error for a success that can't be used; `problem` follows "returned 200, but". */
export function errorFromResponse(
  problem: string,
  response: PartialResponse,
  context: ErrorContext,
  truncated?: boolean,
): RerankResponseError {
  const details = detailsOf(response, context)
  const message = messageOf(`returned ${response.status}, but ${context.redact.text(problem)}`, details)
  return new RerankResponseError(message, { ...details, truncated: truncated ? true : undefined })
}

/** The error for a value that `fetch`, or the reading of a body, threw. */
export function errorFromThrown(
  thrown: unknown,
  begun: PartialResponse | undefined,
  context: ErrorContext,
): RerankConnectionError {
  const { redact } = context
  const details = detailsOf(begun, context)
  const code = [property(property(thrown, 'cause'), 'code'), property(thrown, 'code')].find(isText)
  const said = [thrown, property(thrown, 'cause')].flatMap(
    (error) => [property(error, 'message'), property(error, 'code')].find(isText) ?? [],
  )
  const words = said.length > 0 ? said : [isText(thrown) ? thrown : NOT_AN_ERROR]
  const line = [...new Set(words)].map((text) => oneLine(redact.text(text), 200)).join(': ')
  return new RerankConnectionError(messageOf(`failed: ${line}`, details), {
    ...details,
    code: code && redact.text(code),
    cause: redact.cause(thrown),
  })
}

/** The error for a time limit that ran out. */
export function errorFromTimeout(
  limit: TimeLimit,
  ms: number,
  begun: PartialResponse | undefined,
  context: ErrorContext,
): RerankTimeoutError {
  const details = detailsOf(begun, context)
  const lacks = begun ? 'no complete response' : 'no response'
  return new RerankTimeoutError(messageOf(`had ${lacks} within ${ms} ms (${limit})`, details), {
    ...details,
    limit,
  })
}

/** The error for an attempt that is not sent, since its rate limiter gave no lease before the deadline. */
export function errorFromDeadline(ms: number, context: ErrorContext): RerankTimeoutError {
  const details = detailsOf(undefined, context)
  const message = messageOf(`still waited for its rate limiter after ${ms} ms (deadlineMs)`, details)
  return new RerankTimeoutError(message, { ...details, limit: 'deadlineMs' })
}

/** The error for an attempt that is not sent, since it would have to wait for longer than its call has time. */
export function errorFromCooldown(retryAfterMs: number, context: ErrorContext): RateLimitError {
  const details = detailsOf(undefined, context)
  const message = messageOf(`was not sent: the service asked to wait for another ${retryAfterMs} ms`, details)
  return new RateLimitError(message, { ...details, retryAfterMs })
}

function redirectError(response: PartialResponse, context: ErrorContext): RerankResponseError {
  const details = detailsOf(response, context)
  const location = response.headers.get('location')
  const target = location && URL.canParse(location) ? ` to ${new URL(location).origin}` : ''
  // A browser tells nothing of a redirect but that it is one.
  const status = response.status === 0 ? '' : `${response.status}, `
  const message = context.redact.text(`returned ${status}a redirect${target}`)
  const nextStep =
    'Redirects are not followed, so that the key stays here; set baseUrl to the URL of the service.'
  return new RerankResponseError(messageOf(message, details, nextStep), details)
}

function detailsOf(response: PartialResponse | undefined, { attempts, redact, part }: ErrorContext): Details {
  const shared = {
    attempts,
    part: part && part.parts > 1 ? `${part.place + 1} of ${part.parts}` : undefined,
    items: part?.items(),
  }
  if (!response) return shared
  const { status, body } = response
  const headers = redact.headers(response.headers)
  return {
    ...shared,
    status,
    requestId: headers['x-request-id'],
    inferenceId: headers['x-inference-id'],
    retryAfterMs:
      readRetryAfterMs(response.headers, Date.now()) ??
      (status === 429 ? refillMs(readRateLimit(response.headers)) : undefined),
    headers,
    body: redact.json(body),
  }
}

function messageOf(what: string, details: Details, nextStep?: string): string {
  const { requestId, retryAfterMs, attempts, part } = details
  const facts = [
    part && `request ${part}`,
    requestId && `request id ${oneLine(requestId, 100)}`,
    retryAfterMs && `retry after ${retryAfterMs} ms`,
    attempts > 1 && `${attempts} attempts`,
  ].filter(Boolean)
  const sentence = `POST ${RERANK_PATH} ${what.replace(/\.$/, '')}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`
  return nextStep ? `${sentence}. ${nextStep}` : sentence
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
