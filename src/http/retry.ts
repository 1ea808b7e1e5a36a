import type { RerankError } from '../errors/classes.ts'
import { isRerankError } from '../errors/classes.ts'
import { property } from '../shared/property.ts'

/** What decides whether a failed attempt is repeated, and after how long. */
export interface RetryPolicy {
  maxRetries: number
  maxRetryAfterMs: number
  /** Milliseconds left of the call's deadline. */
  remainingMs: number
  /** A number from 0 to 1, as Math.random gives. */
  random: () => number
  /** Whether a pace decides when attempts leave, and so how long a 429 that names no wait is waited for. */
  isPaced?: boolean
}

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 8000
/** How much of a delay is left to chance, so that callers who failed together do not come back together. */
const JITTER = 0.25

/** Codes of Node for what the next attempt meets again: a certificate that does not hold, a request that is wrong. */
const LASTING_FAULT = /CERT|^ERR_(?:INVALID|TLS)|^UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED)$/

/** What a `fetch` throws by a mistake of its own code, which waiting doesn't mend. */
const OWN_FAULTS = new Set<unknown>(['RangeError', 'ReferenceError', 'SyntaxError'])

const RETRIED_STATUSES = new Set([408, 409])

/**
 * Milliseconds until the next attempt, or `undefined` when there is none: the failure would only repeat, the
 * retries are used up, or the server asks for more time than there is. A wait that the server names is kept to
 * the millisecond; without one, delays double from 0.5 s to 8 s, each shortened by up to a quarter.
 */
export function retryDelayMs(error: RerankError, policy: RetryPolicy): number | undefined {
  if (error.attempts > policy.maxRetries || !isRetryable(error)) return undefined
  const asked = error.retryAfterMs
  if (asked !== undefined && asked > policy.maxRetryAfterMs) return undefined
  const isForPace = policy.isPaced === true && error.status === 429
  const delay = asked ?? (isForPace ? 0 : backOffMs(error.attempts, policy.random))
  return delay < policy.remainingMs ? delay : undefined
}

/**
 * Whether the same request may succeed when it is sent again: the rule by which calls are retried, for queues that
 * call without retries and repeat jobs themselves.
 */
export function isRetryable(error: RerankError): boolean {
  const said = error.headers?.get('x-should-retry')
  if (said === 'false') return false
  if (isRerankError(error, 'timeout')) return error.limit === 'timeoutMs'
  if (isRerankError(error, 'response')) return error.truncated === true
  if (isRerankError(error, 'connection')) {
    return !LASTING_FAULT.test(error.code ?? '') && !OWN_FAULTS.has(property(error.cause, 'name'))
  }
  // With or without a status: a call that was held back by another's 429 has none.
  if (isRerankError(error, 'rate_limit') || said === 'true') return true
  return error.status !== undefined && (RETRIED_STATUSES.has(error.status) || error.status >= 500)
}

function backOffMs(attempts: number, random: () => number): number {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS)
  return Math.round(delay * (1 - JITTER * random()))
}
