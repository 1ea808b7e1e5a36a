import type { Lease, RateLimiter, RateLimitRequest } from '../../index.ts'
import { onAbort } from '../../shared/abort.ts'
import { CLOCK, type Clock } from '../../shared/clock.ts'
import { readOptions } from '../../shared/option-table.ts'
import { LIMITER, type RateLimiterOptions } from '../options.ts'
import { estimateRequestTokens } from '../request-tokens.ts'
import { spaced } from './learned-rate.ts'
import { Limits, NAMES, type RateLimiterState } from './limits.ts'

/** A rate limiter that keeps to a service's limits: those that it is given, and those that it learns. */
export interface AdaptiveRateLimiter extends RateLimiter {
  /** The present state, for a progress line and for metrics. */
  readonly state: RateLimiterState
  /** The most requests in flight at once. */
  readonly concurrency: number
}

/**
 * Makes a rate limiter. Clients and calls that are given the same one keep one limit together.
 *
 * - At most `concurrency` requests are in flight, and 10 before a model's first response. A `Retry-After` holds for all
 *   requests of its account, model and service tier.
 * - A limit that responses state (`x-ratelimit-*`, `RateLimit`) is kept to, in requests and in tokens: what remains of
 *   it is sent at once, and then as much as comes back to it. A limit of fixed windows is recognised as one.
 * - Where none is stated, the rate is learned from 429s. A higher one is tried from time to time, so that a few in a
 *   hundred are rate-limited, or up to one in six of five a second. 429s by chance, as many at any rate, do not lower it.
 * - `requestsPerMinute` and `tokensPerMinute` hold from the first request, evenly spaced, instead of what is stated.
 *
 * Requests for a model are sent in the order in which they came. One that would wait longer than its `maxRetryAfterMs`
 * rejects at once with a RateLimitError; a limit that takes longer than that of the request that told it is ignored.
 *
 * @throws TypeError for an invalid option
 * @example
 * const rateLimiter = createRateLimiter({ concurrency: 32 })
 * const client = createRerankClient({ rateLimiter })
 * setInterval(() => console.log(rateLimiter.state), 1000)
 */
export function createRateLimiter(options: RateLimiterOptions = {}): AdaptiveRateLimiter {
  return createRateLimiterBy(CLOCK, options)
}

/** So many accounts and models are remembered; of more, those that are idle for longest are forgotten: 1 kB each. */
const MOST_MODELS = 100

export function createRateLimiterBy(clock: Clock, options: RateLimiterOptions = {}): AdaptiveRateLimiter {
  const own = readOptions(options, LIMITER) as Record<keyof RateLimiterOptions, number>
  const eachMs = { requests: 60_000 / own.requestsPerMinute, tokens: 60_000 / own.tokensPerMinute }
  const heeded = NAMES.filter((name) => eachMs[name] === 0)
  const openAt = { requests: 0, tokens: 0 }
  const models = new Map<string, Limits>()
  let last = new Limits(heeded)
  const counts = { inFlight: 0, rateLimited: 0 }
  let stopTimer: (() => void) | undefined

  const limitsOf = ({ account, model, serviceTier }: RateLimitRequest): Limits => {
    const key = JSON.stringify([account, model, serviceTier])
    last = models.get(key) ?? new Limits(heeded)
    models.delete(key)
    models.set(key, last)
    const [[oldest, { queue, stated }] = [key, last]] = models
    if (models.size > MOST_MODELS && queue.size === 0 && stated.requests.inFlight === 0) models.delete(oldest)
    return last
  }
  /** Grants leases to those that may have one. A timer runs only while it is all that somebody waits for. */
  const serve = (): void => {
    stopTimer?.()
    const nextAt = Math.min(...[...models.values()].map(serveModel))
    stopTimer = nextAt < Infinity ? clock.after(nextAt - clock.now(), serve) : undefined
  }
  /** Grants the leases of one model, and gives the time at which time alone admits another. */
  const serveModel = (limits: Limits): number => {
    for (const waiter of limits.queue) {
      const now = clock.now()
      const ms = Math.ceil(limits.putOffMs(now))
      for (const late of ms > 0 ? limits.queue : [])
        if (ms > late.request.maxWaitMs) limits.leave(late).reject(late.request.tooLong(ms))
      if (!limits.queue.has(waiter)) continue
      if (counts.inFlight >= own.concurrency) return Infinity
      const nextAt = Math.max(limits.openAt(waiter.amounts, now), openAt.requests, openAt.tokens)
      if (nextAt > now) return nextAt
      for (const name of NAMES) openAt[name] = spaced(openAt[name], now, eachMs[name] * waiter.amounts[name])
      limits.leave(waiter).resolve(leaseOf(limits.sent(waiter, now)))
    }
    return Infinity
  }
  const leaseOf = (over: ReturnType<Limits['sent']>): Lease => {
    let isOver = false
    counts.inFlight += 1
    return {
      release(outcome) {
        if (isOver) return
        isOver = true
        counts.inFlight -= 1
        if (outcome.status === 429) counts.rateLimited += 1
        over(outcome, clock.now())
        serve()
      },
    }
  }

  return {
    concurrency: own.concurrency,
    // It waits out a 429 itself, whether that names a wait or not.
    spacesRetries: true,
    acquire(request, signal) {
      signal.throwIfAborted()
      const limits = limitsOf(request)
      const isInTokens = eachMs.tokens > 0 || limits.cooldownEnd === 0 || limits.stated.tokens.limit > 0
      const tokens = isInTokens ? estimateRequestTokens(request.query, request.documents) : 0
      return new Promise<Lease>((resolve, reject) => {
        const stopListening = onAbort(signal, () => {
          limits.leave(waiter).reject(signal.reason)
          serve()
        })
        const waiter = { request, amounts: { requests: 1, tokens }, resolve, reject, stopListening }
        limits.queue.add(waiter)
        serve()
      })
    },
    get state() {
      const waiting = [...models.values()].reduce((sum, { queue }) => sum + queue.size, 0)
      return { ...counts, waiting, ...last.read(clock.now()) }
    },
  }
}
