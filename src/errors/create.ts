import { readRateLimit, refillMs } from '../api/rate-limit-headers.ts'
import { TRY_AGAIN } from '../api/response.ts'
import type { HeaderReader } from '../api/response.ts'
import { readRetryAfterMs } from '../api/retry-after.ts'
import { RERANK_PATH } from '../api/types.ts'
import { oneLine } from '../shared/one-line.ts'
import { property } from '../shared/property.ts'
import { RateLimitError, RerankConnectionError, RerankResponseError, RerankTimeoutError } from './classes.ts'
import type { RerankError, RerankErrorDetails, TimeLimit } from './classes.ts'

/** The facts of a call that all of its errors tell. */
export interface ErrorContext {
  attempts: number
  part?: Part | undefined
}

/** The part of a ranking that a request is: the indices of its items, and its place among the requests. */
export interface Part {
  items: () => readonly number[]
  place: number
  parts: number
}

/** A response that failed, or as much of it as came. No secret is in it any more. */
export interface FailedResponse {
  status: number
  headers: HeaderReader
  body?: unknown
}

/** The words for a `fetch` that throws anything. */
export const NOT_AN_ERROR = 'fetch threw a value that is not an error'

/** The next step that a message ends with, by the facts of the error where it depends on them. */
export type NextStep = string | ((facts: RerankErrorDetails) => string)

const CHECK_CONNECTION = 'Check baseUrl, the network and the proxy, for example with npx nebius-rerank check.'

/** A class of errors, by what is given to its constructor beside the facts that all have. */
export type ErrorClass<More extends object> = new (
  message: string,
  details: RerankErrorDetails & More,
) => RerankError

/** The error for a success that can't be used; `problem` follows "returned 200, but". */
export function errorFromResponse(
  problem: string,
  response: FailedResponse,
  context: ErrorContext,
  { nextStep, truncated }: { nextStep?: string; truncated?: boolean } = {},
): RerankError {
  const what = `returned ${response.status}, but ${problem}`
  const more = { truncated: truncated ? true : undefined }
  return create(RerankResponseError, what, context, response, more, nextStep)
}

/** The error for a value that `fetch`, or the reading of a body, threw: rebuilt, so that it holds no secret. */
export function errorFromThrown(
  cause: Error | string | undefined,
  context: ErrorContext,
  begun: FailedResponse | undefined,
): RerankError {
  const chain = [cause, property(cause, 'cause')]
  const said = chain.flatMap(
    (error) => [property(error, 'message'), property(error, 'code'), error].find(isText) ?? [],
  )
  const line = [...new Set(said.map(wordsOf))].map((text) => oneLine(text, 200)).join(': ') || NOT_AN_ERROR
  const code = chain
    .map((error) => property(error, 'code'))
    .filter(isText)
    .at(-1)
  // Code of the caller may be what failed.
  const isOfNetwork = code !== undefined || /connect|failed|network/i.test(line)
  const nextStep = begun ? TRY_AGAIN : isOfNetwork ? CHECK_CONNECTION : ''
  return create(RerankConnectionError, `failed: ${line}`, context, begun, { code, cause }, nextStep)
}

/** A failure in words: OpenSSL says it between the names of its functions and files. */
function wordsOf(text: string): string {
  const said = text.split(':SSL routines:')[1]?.split(':')[1]
  if (said === undefined) return text
  return `TLS: ${said}${/wrong version|too long|http/.test(said) ? ' (is this an http port?)' : ''}`
}

/** The error for a time limit that ran out. */
export function errorFromTimeout(
  limit: TimeLimit,
  ms: number,
  context: ErrorContext,
  begun?: FailedResponse,
  what = `had no ${begun ? 'complete ' : ''}response within`,
): RerankError {
  const nextStep = `Raise ${limit}, or send less at once.`
  return create(RerankTimeoutError, `${what} ${ms} ms`, context, begun, { limit }, nextStep)
}

/** The error for an attempt that is not sent, since its rate limiter gave no lease before the deadline. */
export function errorFromDeadline(ms: number, context: ErrorContext): RerankError {
  return errorFromTimeout('deadlineMs', ms, context, undefined, 'still waited for its rate limiter after')
}

/** The error for an attempt that is not sent, since it would have to wait for longer than its call has time. */
export function errorFromCooldown(retryAfterMs: number, context: ErrorContext): RerankError {
  const what = `was not sent: the service asked to wait for another ${retryAfterMs} ms`
  return create(RateLimitError, what, context, undefined, { retryAfterMs }, keepToLimits)
}

/** The next step after a 429. */
export function keepToLimits({ retryAfterMs }: RerankErrorDetails): string {
  const first = retryAfterMs ? 'Wait until retryAt' : 'Raise maxRetries'
  return `${first}, or rank with rankMany, which keeps to the limits.`
}

/** Makes any of the errors: `what` happened is the core of its message. */
export function create<More extends object>(
  Class: ErrorClass<More>,
  what: string,
  { attempts, part }: ErrorContext,
  response: FailedResponse | undefined,
  more: More & Partial<RerankErrorDetails>,
  nextStep: NextStep = '',
): RerankError {
  const facts: RerankErrorDetails & More = {
    attempts,
    part: part && part.parts > 1 ? `${part.place + 1} of ${part.parts}` : undefined,
    items: part?.items(),
    ...(response && factsOf(response)),
    ...more,
  }
  const told = [
    facts.part && `request ${facts.part}`,
    facts.requestId && `request id ${oneLine(facts.requestId, 100)}`,
    response && facts.retryAfterMs && `retry after ${facts.retryAfterMs} ms`,
    attempts > 1 && `${attempts} attempts`,
  ].filter(Boolean)
  const sentence = `POST ${RERANK_PATH} ${what.replace(/\.$/, '')}${told.length > 0 ? ` (${told.join(', ')})` : ''}`
  const step = typeof nextStep === 'string' ? nextStep : nextStep(facts)
  return new Class(step ? `${sentence}. ${step}` : sentence, facts)
}

function factsOf({ status, headers, body }: FailedResponse): Omit<RerankErrorDetails, 'attempts'> {
  const refill = status === 429 ? refillMs(readRateLimit(headers)) : undefined
  return {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    inferenceId: headers.get('x-inference-id') ?? undefined,
    retryAfterMs: readRetryAfterMs(headers, Date.now()) ?? refill,
    headers: Object.fromEntries(headers),
    body,
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
