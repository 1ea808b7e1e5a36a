import type { Outcome, Plan } from './attempt.ts'
import { isRerankError } from '../errors/classes.ts'
import type { RerankError } from '../errors/classes.ts'
import { errorFromCooldown, errorFromPace } from '../errors/create.ts'
import type { FailureContext } from '../errors/create.ts'
import { LimitReached, withinLimits } from './timeout.ts'
import type { Pace, PaceResult } from '../limiter/rate-limiter.ts'
import { readRateLimit } from '../api/rate-limit-headers.ts'

type Leave = (result: PaceResult) => void

/**
 * Makes an attempt as soon as the pace lets it leave, and tells the pace what became of it; nothing, where `send` finds
 * that it is not to leave after all.
 * @throws What the attempt throws, or the pace, or the caller's `signal.reason`; RerankTimeoutError at the deadline
 */
export async function paced<Data>(
  pace: Pace,
  plan: Plan<Data>,
  remainingMs: number,
  context: FailureContext,
  send: () => Promise<Outcome<Data> | undefined>,
): Promise<Outcome<Data> | undefined> {
  const leave = await enter(pace, plan, remainingMs, context)
  let result: PaceResult = {}
  try {
    const outcome = await send()
    if (outcome) {
      const { status, headers } = outcome.response
      result = { status, rateLimit: readRateLimit(headers) }
    }
    return outcome
  } catch (error) {
    if (isRerankError(error)) result = resultOf(error, plan.settings.maxRetryAfterMs)
    throw error
  } finally {
    leave(result)
  }
}

async function enter<Data>(
  pace: Pace,
  { payload: { body }, settings, signal: caller }: Plan<Data>,
  ms: number,
  context: FailureContext,
): Promise<Leave> {
  let given: Leave | undefined
  try {
    return await withinLimits(caller, { ms, limit: 'deadlineMs' }, async (signal) => {
      const { query, documents } = body
      const { maxRetryAfterMs } = settings
      const leave = await pace.enter({ query, documents, maxRetryAfterMs }, signal)
      // Nobody waits for it any more: it is given back, so that it is nobody's loss.
      if (signal.aborted) leave({})
      else given = leave
      return leave
    })
  } catch (reason) {
    given?.({})
    if (reason instanceof LimitReached) throw errorFromPace(settings.deadlineMs, context)
    if (isRerankError(reason, 'rate_limit') && reason.status === undefined) {
      throw errorFromCooldown(reason.retryAfterMs ?? 0, context)
    }
    throw reason
  }
}

function resultOf({ status, retryAfterMs, headers }: RerankError, maxRetryAfterMs: number): PaceResult {
  return {
    status,
    // A wait that ends the call must not stop all others.
    retryAfterMs: (retryAfterMs ?? 0) > maxRetryAfterMs ? undefined : retryAfterMs,
    rateLimit: headers && readRateLimit(headers),
  }
}
