import { createRateLimiterBy } from '../../src/bulk/rate-limiter/rate-limiter.ts'
import type { AdaptiveRateLimiter, RateLimiterOptions } from '../../src/bulk/index.ts'
import { RateLimitError } from '../../src/index.ts'
import type { Lease, LeaseOutcome, RateLimitRequest } from '../../src/index.ts'
import { createVirtualClock, type VirtualClock } from './virtual-time.ts'

/** A request for a lease, as a client makes it; it waits for as long as it takes. */
export const REQUEST: RateLimitRequest = {
  query: 'q',
  documents: ['d'],
  model: 'm',
  serviceTier: undefined,
  account: 1,
  attempt: 1,
  maxWaitMs: Infinity,
  tooLong: (retryAfterMs) => new RateLimitError(`wait ${retryAfterMs} ms`, { attempts: 0, retryAfterMs }),
}
export const FOR_20_S: RateLimitRequest = { ...REQUEST, maxWaitMs: 20_000 }

/** A request that was sent. */
interface Sent {
  /** Its place among those that asked. */
  name: number
  at: number
  end: (outcome?: LeaseOutcome) => void
}

export interface Limited {
  clock: VirtualClock
  rateLimiter: AdaptiveRateLimiter
  sent: Sent[]
  acquire: (count?: number, request?: RateLimitRequest, signal?: AbortSignal) => void
  now: () => number
}

/** A rate limiter in virtual time, and the requests that it let be sent. */
export function limited(options: RateLimiterOptions = {}): Limited {
  const clock = createVirtualClock()
  const rateLimiter = createRateLimiterBy(clock, options)
  const sent: Sent[] = []
  const started = clock.now()
  let names = 0
  const acquire = (count = 1, request = REQUEST, signal?: AbortSignal): void => {
    for (; count > 0; count--) {
      const name = names++
      acquireFrom(rateLimiter, request, signal).then(
        (lease) =>
          sent.push({
            name,
            at: clock.now() - started,
            end: (outcome = { status: 200 }) => lease.release(outcome),
          }),
        () => undefined,
      )
    }
  }
  return { clock, rateLimiter, sent, acquire, now: () => clock.now() - started }
}

/** The same after one request was admitted: a 429 before any other response says nothing of the rate. */
export async function admitting(options: RateLimiterOptions = {}): Promise<Limited> {
  const all = limited(options)
  all.acquire()
  await all.clock.pass(0)
  all.sent.pop()?.end()
  return all
}

/** A lease, whether it is given at once or not. */
export async function acquireFrom(
  rateLimiter: AdaptiveRateLimiter,
  request = REQUEST,
  signal = new AbortController().signal,
): Promise<Lease> {
  return rateLimiter.acquire(request, signal)
}
