import type { RerankError } from '../errors/classes.ts'
import { isRerankError } from '../errors/classes.ts'
import { isForSomebody } from '../shared/fallback-rule.ts'
import { property } from '../shared/property.ts'

/** The bounds of retries. */
export interface RetryPolicy {
  maxRetries: number
  maxRetryAfterMs: number
  /** Milliseconds that remain of the call's deadline. */
  remainingMs: number
  /** Set where the rate limiter spaces retries after a 429 that names no wait. */
  limiterSpaces: boolean
  /** A number from 0 to 1. @default Math.random */
  random?: () => number
}

/** Delays double from the first to the longest. */
const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 8000

/** The share of a delay by which it may be shortened, so that callers that failed together do not come back together. */
const JITTER = 0.25

/** The retries of a call that are for the rate limiter alone to space, where it does so. */
const SPACED = 2

/** Node's codes for failures that the next attempt meets again: of certificates, TLS, HTTP, or an invalid request. */
const LASTING_CODE =
  /CERT|OVERFLOW|^(?:UNABLE_TO|CRL_|INVALID_|PATH_LENGTH|EPROTO|EAFNO|HOSTNAME_MISMATCH|HPE_(?!.*(?:EOF|CLOSED))|ERR_(?:INVALID|UNESCAPED|HTTP|OSSL|TLS|SSL(?!.*(?:MAC|EOF|INTERNAL)))|UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED|RES_EXCEEDED))/

/** Errors that a `fetch` throws by a mistake in its own code, which waiting does not fix. */
const CODE_ERRORS: readonly unknown[] = ['RangeError', 'ReferenceError', 'SyntaxError']

/**
 * Gives the milliseconds until the next attempt. `undefined` means none: the failure would only repeat, the
 * retries are used up, or the server asks for more time than remains. A wait that the server names is kept to the
 * millisecond; zero names none.
 */
export function retryDelayMs(error: RerankError, policy: RetryPolicy): number | undefined {
  const { status, attempts, retryAfterMs = 0 } = error
  if (attempts > policy.maxRetries || retryAfterMs > policy.maxRetryAfterMs) return undefined
  if (!isRetryable(error)) return undefined
  // One that is rate-limited time and again is so by chance, and only time helps it.
  const spaced = status === 429 && policy.limiterSpaces ? SPACED : 0
  const delayMs = retryAfterMs || (attempts > spaced ? backOffMs(attempts - spaced, policy.random) : 0)
  return delayMs < policy.remainingMs ? delayMs : undefined
}

/**
 * Returns true if the same request may succeed later. The client retries by the same rule. Use it in your own queue,
 * with a client that has `maxRetries: 0`.
 *
 * @example
 * if (isRerankError(error) && isRetryable(error)) await queue.add(job, { delay: error.retryAfterMs ?? 1000 })
 */
export function isRetryable(error: RerankError): boolean {
  const said = error.headers?.['x-should-retry']
  if (said === 'false' || isForSomebody(error)) return false
  if (isRerankError(error, 'timeout')) return error.limit === 'timeoutMs'
  if (isRerankError(error, 'response')) return error.truncated === true
  if (isRerankError(error, 'connection')) {
    return !LASTING_CODE.test(error.code ?? '') && !CODE_ERRORS.includes(property(error.cause, 'name'))
  }
  // With or without a status: an attempt that was not sent for another's 429 has none.
  const { kind, status = 0 } = error
  if (kind === 'rate_limit' || kind === 'circuit_open' || said === 'true') return true
  return [408, 409, 425].includes(status) || status >= 500
}

function backOffMs(attempts: number, random = Math.random): number {
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS)
  return Math.round(delayMs * (1 - JITTER * random()))
}
