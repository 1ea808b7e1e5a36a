import { CircuitOpenError, isRerankError } from '../index.ts'
import type { Middleware, RerankError, RerankErrorKind } from '../index.ts'
import { onAbort } from '../shared/abort.ts'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { WHOLE } from '../shared/validate.ts'

/** Options of {@link breaker}. */
export interface BreakerOptions {
  /** Requests that fail in a row before it opens. @default 5 */
  failures?: number | undefined
  /** Milliseconds from the request that opened it until one is tried. @default 10_000 */
  coolMs?: number | undefined
}

const BREAKER: OptionTable<BreakerOptions> = {
  failures: { default: 5, rule: WHOLE },
  coolMs: { default: 10_000, rule: WHOLE },
}

/** Failures of the service; any other status says that it is up. */
const FAILURES: readonly RerankErrorKind[] = ['connection', 'timeout', 'server', 'response']

/**
 * Makes a circuit breaker: a middleware that spares calls the wait for a service that is down. It opens when so many
 * requests in a row found no service: no connection, no response in time, a 5xx, or no usable response. Then requests in
 * flight and new ones reject at once with a {@link CircuitOpenError}, or fall back. `coolMs` later it is half-open: one
 * request is tried, and decides whether it closes. It counts logical requests, with all their retries.
 *
 * Each breaker keeps its own count: make one for each client, and put it last in `use`.
 *
 * @throws TypeError for an invalid option
 * @example
 * const client = createRerankClient({ use: [breaker({ failures: 5, coolMs: 10_000 })] })
 * const ranked = await client.rank(query, texts, { deadlineMs: 300, fallback: 'keep-order' })
 */
export function breaker(options: BreakerOptions = {}): Middleware {
  const { failures, coolMs } = readOptions(options, BREAKER) as Record<keyof BreakerOptions, number>
  const inFlight = new Set<AbortController>()
  /** Failures since the last response. */
  let row = 0
  let lastError: RerankError | undefined
  /** The time of the next trial, while it is open. */
  let trialAt: number | undefined
  let isTrying = false

  const openError = (): CircuitOpenError => {
    const retryAfterMs = Math.max(1, Math.ceil((trialAt ?? 0) - performance.now()))
    const until = isTrying ? 'until a trial request has ended' : `for another ${retryAfterMs} ms`
    return new CircuitOpenError(`Not sent: ${row} requests in a row failed, so nothing is sent ${until}`, {
      attempts: 0,
      retryAfterMs,
      cause: lastError,
    })
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
      // After an abort, by its caller or below, it says nothing of the service.
      if (controller.signal.aborted || !isRerankError(error)) throw error
      if (FAILURES.includes(error.kind)) {
        row += 1
        lastError = error
        if (isTrial || row >= failures) {
          isTrying = false
          trialAt = started + coolMs
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
