import { CircuitOpenError, isRerankError } from '../index.ts'
import type { Middleware, RerankError, RerankErrorKind } from '../index.ts'
import { onAbort } from '../shared/abort.ts'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { WHOLE } from '../shared/validate.ts'

/** Options of {@link breaker}. */
export interface BreakerOptions {
  /** The number of failures in a row after which the breaker opens: a whole number, 1 or more. @default 5 */
  failures?: number | undefined
  /** Milliseconds until an open breaker tries one request, from the start of the request that opened it. @default 10_000 */
  cooldownMs?: number | undefined
}

const BREAKER: OptionTable<BreakerOptions> = {
  failures: { default: 5, rule: WHOLE },
  cooldownMs: { default: 10_000, rule: WHOLE },
}

/** Errors that mean the service is down. Any other status means that it is up. */
const FAILURES: readonly RerankErrorKind[] = ['connection', 'timeout', 'server', 'response']

/**
 * Makes a circuit breaker: a middleware that stops calls from waiting for a service that is down. The breaker opens after
 * `failures` requests in a row have failed with a connection failure, a time-out, a 5xx or an invalid response. While it
 * is open, requests in flight and new ones reject at once with a {@link CircuitOpenError}, or use their `fallback`.
 * After `cooldownMs`, one request is tried. If it succeeds, the breaker closes. A request counts once, after all its retries.
 *
 * Each breaker has its own count: make one for each client, and put it last in `use`.
 *
 * @throws TypeError for an invalid option
 * @example
 * const client = createRerankClient({ use: [breaker({ failures: 5, cooldownMs: 10_000 })] })
 * const ranked = await client.rank(query, texts, { deadlineMs: 300, fallback: 'keep-order' })
 */
export function breaker(options: BreakerOptions = {}): Middleware {
  const { failures, cooldownMs } = readOptions(options, BREAKER) as Record<keyof BreakerOptions, number>
  const inFlight = new Set<AbortController>()
  /** Failures in a row. */
  let row = 0
  let lastError: RerankError | undefined
  /** The time of the next trial request, while the breaker is open. */
  let trialAt: number | undefined
  let isTrying = false

  const openError = (): CircuitOpenError => {
    const retryAfterMs = Math.max(1, Math.ceil((trialAt ?? 0) - performance.now()))
    const until = isTrying ? 'until a trial request has ended' : `for another ${retryAfterMs} ms`
    const what = row === 1 ? '1 request' : `${row} requests in a row`
    return new CircuitOpenError(
      `Not sent: ${what} failed, so nothing is sent ${until}. Try again at retryAt, or set a fallback.`,
      {
        attempts: 0,
        retryAfterMs,
        cause: lastError,
      },
    )
  }
  return async (request, next, { signal }) => {
    const started = performance.now()
    const isTrial = trialAt !== undefined
    if (trialAt !== undefined) {
      if (isTrying || started < trialAt) throw openError()
      isTrying = true
    }
    const controller = new AbortController()
    const forget = signal && onAbort(signal, () => controller.abort(signal.reason))
    if (signal?.aborted) controller.abort(signal.reason)
    inFlight.add(controller)
    try {
      const response = await next(request, { signal: controller.signal })
      row = 0
      trialAt = undefined
      return response
    } catch (error) {
      // An aborted request does not show whether the service is up.
      if (controller.signal.aborted || !isRerankError(error)) throw error
      if (FAILURES.includes(error.kind)) {
        row += 1
        lastError = error
        if (isTrial || row >= failures) {
          isTrying = false
          trialAt = started + cooldownMs
          inFlight.delete(controller)
          for (const other of inFlight) other.abort(openError())
        }
      } else if (error.status !== undefined) {
        row = 0
        trialAt = undefined
      }
      throw error
    } finally {
      if (isTrial) isTrying = false
      inFlight.delete(controller)
      forget?.()
    }
  }
}
