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
import type { RerankError, RerankErrorDetails } from './classes.ts'
import type { TimeLimit } from './classes.ts'
import { readRateLimit, readResetMs, readRetryAfterMs } from '../api/rate-limit-headers.ts'
import type { Redactor } from './redact.ts'
import { RERANK_PATH } from '../api/types.ts'
import { readIssues, serverWords } from './server-message.ts'
import { oneLine } from '../shared/one-line.ts'
import { property } from '../shared/property.ts'

/** What every failure of one attempt shares. */
export interface FailureContext {
  attempts: number
  redact: Redactor
  part: Part | undefined
}

/** The part of a ranking that a request is: the indices of its items, and which request of several it is. */
export interface Part {
  items: () => readonly number[]
  place: number
  parts: number
}

/** An answer, as far as its error tells of it. */
export interface Answer {
  status: number
  headers: Headers
  /** Parsed where it is JSON, text otherwise. */
  body?: unknown
}

const WHAT = `POST ${RERANK_PATH}`

const NEXT_STEP: Record<number, string> = {
  401: 'Check the key given as apiKey or NEBIUS_API_KEY.',
  402: 'Add credit to the account.',
  403: 'Check what the key, or the project, is allowed to do.',
  404: 'Check baseUrl and the model id, which is case-sensitive.',
}

/** The error for an answer with a status that is no success; `said` is how it was told. */
export function errorFromStatus(
  answer: Answer,
  context: FailureContext,
  said = `answered ${answer.status}`,
): RerankError {
  const { status } = answer
  if (status < 400) return redirectError(answer, context)
  const details = detailsOf(answer, context)
  const message = messageOf(`${WHAT} ${said}: ${serverWords(details.body)}`, details, NEXT_STEP[status])
  if (status >= 500) return new ServerError(message, details)
  switch (status) {
    case 401:
      return new AuthenticationError(message, details)
    case 402:
      return new PaymentRequiredError(message, details)
    case 403:
      return new PermissionDeniedError(message, details)
    case 404:
      return new NotFoundError(message, details)
    case 429:
      return new RateLimitError(message, { ...details, rateLimit: readRateLimit(answer.headers) })
    default:
      return new BadRequestError(message, { ...details, issues: readIssues(details.body) })
  }
}

/**
 * The error that a gateway wrapped in a 200, such as `{"error": …}`. Its `code` or `status` decides the class where
 * it is an HTTP status; otherwise the answer is just not usable.
 */
export function errorFromWrapped(body: unknown, answer: Answer, context: FailureContext): RerankError {
  const status = [property(body, 'error'), body]
    .flatMap((holder) => [property(holder, 'code'), property(holder, 'status')])
    .map((code) => (typeof code === 'string' || typeof code === 'number' ? Number(code) : NaN))
    .find(isErrorStatus)
  if (status !== undefined) {
    return errorFromStatus(
      { ...answer, status },
      context,
      `answered ${answer.status} with an error ${status}`,
    )
  }
  return errorFromAnswer(`an error: ${serverWords(context.redact.json(answer.body))}`, answer, context)
}

/** The error for a success that can't be used; `fault` says what came, after "answered 200 with". */
export function errorFromAnswer(
  fault: string,
  answer: Answer,
  context: FailureContext,
  truncated?: true,
): RerankResponseError {
  const details = detailsOf(answer, context)
  const message = messageOf(`${WHAT} answered ${answer.status} with ${fault}`, details)
  return new RerankResponseError(message, truncated ? { ...details, truncated } : details)
}

/** The error for what `fetch`, or the reading of a body, threw. */
export function errorFromThrown(
  thrown: unknown,
  begun: Answer | undefined,
  context: FailureContext,
): RerankConnectionError {
  const { redact } = context
  const details = detailsOf(begun, context)
  const code = codeOf(thrown)
  const said = [thrown, property(thrown, 'cause')].flatMap((error) => errorWords(error) ?? [])
  const words = said.length > 0 ? said : [typeof thrown === 'string' ? thrown : 'fetch threw no error']
  const line = [...new Set(words)].map((text) => oneLine(redact.text(text), 200)).join(': ')
  return new RerankConnectionError(messageOf(`${WHAT} failed: ${line}`, details), {
    ...details,
    code: code && redact.text(code),
    cause: redact.cause(thrown),
  })
}

/** The error for a time limit that ran out. */
export function errorFromLimit(
  limit: TimeLimit,
  ms: number,
  begun: Answer | undefined,
  context: FailureContext,
): RerankTimeoutError {
  const details = detailsOf(begun, context)
  const what = begun ? 'no complete answer' : 'no answer'
  return new RerankTimeoutError(messageOf(`${WHAT} had ${what} within ${ms} ms (${limit})`, details), {
    ...details,
    limit,
  })
}

/** The error for an attempt that is not made, since its pace did not let it leave before the deadline. */
export function errorFromPace(ms: number, context: FailureContext): RerankTimeoutError {
  return new RerankTimeoutError(`${WHAT} was still held back by its pace after ${ms} ms (deadlineMs)`, {
    ...detailsOf(undefined, context),
    limit: 'deadlineMs',
  })
}

/** The error for an attempt that is not made, since the service asked to be left alone for longer than there is. */
export function errorFromCooldown(ms: number, context: FailureContext): RateLimitError {
  return new RateLimitError(
    `${WHAT} was held back: the service asked to be left alone for another ${ms} ms`,
    { ...detailsOf(undefined, context), retryAfterMs: ms, rateLimit: undefined },
  )
}

function redirectError(answer: Answer, context: FailureContext): RerankResponseError {
  const details = detailsOf(answer, context)
  const location = answer.headers.get('location')
  const target = location && URL.canParse(location) ? ` to ${new URL(location).origin}` : ''
  // A browser tells nothing of a redirect but that it is one.
  const said = answer.status === 0 ? 'with' : `${answer.status},`
  const message = context.redact.text(`${WHAT} answered ${said} a redirect${target}`)
  const nextStep =
    'Redirects are not followed, so that the key stays here; set baseUrl to where the service is.'
  return new RerankResponseError(messageOf(message, details, nextStep), details)
}

function detailsOf(answer: Answer | undefined, context: FailureContext): RerankErrorDetails {
  const { attempts, redact, part } = context
  const shared = {
    attempts,
    part: part && part.parts > 1 ? `${part.place + 1} of ${part.parts}` : undefined,
    items: part?.items(),
  }
  if (!answer) return shared
  const { status, headers, body } = answer
  const clean = redact.headers(headers)
  return {
    ...shared,
    status,
    requestId: clean.get('x-request-id') ?? undefined,
    inferenceId: clean.get('x-inference-id') ?? undefined,
    retryAfterMs:
      readRetryAfterMs(headers, Date.now()) ?? (status === 429 ? readResetMs(headers) : undefined),
    headers: clean,
    body: redact.json(body),
  }
}

function messageOf(what: string, details: RerankErrorDetails, nextStep?: string): string {
  const { requestId, retryAfterMs, attempts, part } = details
  const facts: string[] = []
  if (part !== undefined) facts.push(`request ${part}`)
  if (requestId !== undefined) facts.push(`request id ${oneLine(requestId, 100)}`)
  if (retryAfterMs !== undefined && retryAfterMs > 0) facts.push(`retry after ${retryAfterMs} ms`)
  if (attempts > 1) facts.push(`${attempts} attempts`)
  const sentence = what.replace(/\.$/, '') + (facts.length > 0 ? ` (${facts.join(', ')})` : '')
  return nextStep === undefined ? sentence : `${sentence}. ${nextStep}`
}

/** The system's code sits on the cause of undici's `fetch failed`, in others on the error itself. */
function codeOf(thrown: unknown): string | undefined {
  const codes = [property(property(thrown, 'cause'), 'code'), property(thrown, 'code')]
  return codes.find((code) => typeof code === 'string')
}

/** An error's message; for lack of one its code, as with the errors of a host that has several addresses. */
function errorWords(error: unknown): string | undefined {
  const candidates = [property(error, 'message'), property(error, 'code')]
  return candidates.find((words): words is string => typeof words === 'string' && words !== '')
}

function isErrorStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 599
}
