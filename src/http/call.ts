import { headersOf } from '../api/response.ts'
import { RERANK_PATH } from '../api/types.ts'
import type { WireRequest } from '../api/types.ts'
import { isRerankError } from '../errors/classes.ts'
import type { TimeLimit } from '../errors/classes.ts'
import { errorFromDeadline, errorFromTimeout } from '../errors/create.ts'
import type { Lease, LeaseOutcome } from '../limiter/rate-limiter.ts'
import { notify } from '../options/hooks.ts'
import { wait } from '../shared/abort.ts'
import { property } from '../shared/property.ts'
import { invalid, isFunction } from '../shared/validate.ts'
import { attempt, eventOf } from './attempt.ts'
import type { Plan } from './attempt.ts'
import type { Send } from './compose.ts'
import { Ended, Planned } from './rate-limited.ts'
import { retryDelayMs } from './retry.ts'
import { createTimer } from './timeout.ts'
import type { Timer } from './timeout.ts'
import { traceLength } from './too-long.ts'
import { createTransport } from './transport.ts'

/**
 * Makes the innermost step of a client's calls: one logical request with all its attempts. It rejects with a
 * RerankError, the caller's `signal.reason`, or whatever the caller's own rate limiter throws.
 */
export function createCall(baseUrl: string): Send {
  const transport = createTransport(baseUrl)
  const url = baseUrl + RERANK_PATH

  return async (request, { callId, hooks, settings, redact, part, sent, remainingMs, signal }) => {
    const { rateLimiter } = settings
    const plan: Plan = {
      transport,
      settings,
      hooks,
      redact,
      body: request as WireRequest,
      json: JSON.stringify(request),
      facts: { callId, url, model: request.model, documents: request.documents.length, place: part?.place },
      context: { attempts: 0, part },
      signal,
    }

    for (;;) {
      signal?.throwIfAborted()
      const timer = createTimer(signal)
      const given = rateLimiter.acquire(new Planned(plan, remainingMs()), timer.signalFor(rateLimiter))
      const lease = isPromise(given) ? await awaitLease(given, timer, remainingMs(), plan) : given
      if (!isFunction(property(lease, 'release'))) invalid('the result of acquire', 'a lease', lease)
      let outcome: LeaseOutcome = {}
      let delayMs: number | undefined
      try {
        sent.attempts += 1
        const response = await attempt(plan, timer, ...timeoutFor(plan, remainingMs()))
        outcome = new Ended(response.status, response.headers)
        return { ...response, headers: redact.headers(response.headers), attempts: plan.context.attempts }
      } catch (error) {
        signal?.throwIfAborted()
        if (!isRerankError(error)) throw error
        const { kind, status, requestId, retryAfterMs = 0, headers = {} } = error
        // A wait that ends the call must not stop all others.
        const asked = retryAfterMs > settings.maxRetryAfterMs ? 0 : retryAfterMs
        outcome = new Ended(status, headersOf(headers), asked || undefined)
        delayMs = retryDelayMs(error, {
          ...settings,
          remainingMs: remainingMs(),
          limiterSpaces: rateLimiter.spacesRetries === true,
        })
        if (delayMs === undefined) {
          traceLength(error, request.documents)
          throw error
        }
        notify(hooks.onRetry, { ...eventOf(plan), kind, status, requestId, delayMs })
      } finally {
        lease.release(outcome)
      }
      await wait(delayMs, signal)
    }
  }
}

/** The tighter of the two time limits, which gives its name to the error. */
function timeoutFor({ settings, context }: Plan, remainingMs: number): [ms: number, TimeLimit] {
  const { timeoutMs, deadlineMs } = settings
  // A wait may have taken longer than it was to.
  if (remainingMs <= 0) throw errorFromTimeout('deadlineMs', deadlineMs, context)
  return timeoutMs <= remainingMs ? [timeoutMs, 'timeoutMs'] : [remainingMs, 'deadlineMs']
}

function isPromise(given: Lease | Promise<Lease>): given is Promise<Lease> {
  return isFunction(property(given, 'then'))
}

async function awaitLease(
  given: Promise<Lease>,
  timer: Timer,
  remainingMs: number,
  { settings, context }: Plan,
): Promise<Lease> {
  try {
    return await timer.race(given, remainingMs, () => errorFromDeadline(settings.deadlineMs, context))
  } catch (reason) {
    // A lease that comes when nobody waits for it any more is given back, so that it is nobody's loss.
    given.then(
      (lease) => lease.release({}),
      () => undefined,
    )
    throw reason
  }
}
