import { estimateTokens, RateLimitError } from '../../index.ts'
import type { Pace, PacedRequest, PaceResult } from '../../index.ts'
import { createLimits } from './limits.ts'
import type { Demand } from './limits.ts'
import { checkPace } from './options.ts'
import type { PaceOptions } from './options.ts'

// Our own, since queues such as p-queue, p-limit, p-throttle and Bottleneck hold to numbers that they are told. None
// learns the rate from what a service refuses, holds back all for what one answer says, or spaces by tokens.

/** A pace that keeps to a service's limits: those that it is told, and those that it learns. */
export interface SharedPace extends Pace {
  /** How things stand. */
  readonly state: PaceState
  /** The most requests that are under way at once. */
  readonly concurrency: number
  enter(request: PacedRequest, signal?: AbortSignal): Promise<(result: PaceResult) => void>
}

/** How things stand with a {@link SharedPace}. */
export interface PaceState {
  /** Requests under way. */
  inFlight: number
  /** Requests that wait to leave. */
  waiting: number
  /** How many requests may be under way at once, at present. */
  concurrency: number
  /** The rate learned from refusals, in requests a minute; `undefined` before the first. */
  requestsPerMinute: number | undefined
  /** Attempts that were answered 429. */
  refused: number
  /** How often the service refused and asked to be left alone for a while. */
  cooldowns: number
  /** Milliseconds for which the service puts off what waits: it asked for that, or calls a window exhausted. */
  cooldownMs: number
}

/**
 * Makes a pace. Clients and calls that are given the same one have their limits together.
 *
 * - At most `concurrency` requests are under way. How many halves when the service refuses one (429), once however many
 *   of those under way it refuses, and rises by one each time that as many were admitted.
 * - An answer with `Retry-After` holds all of them back for that long.
 * - The rate that the service admits is learned from what it refuses. Requests leave a little more slowly than that,
 *   and try a higher rate from time to time; it is kept at three refusals in a hundred, where they cost no wait. What
 *   is refused by chance, as many at any rate, leaves it to how many are under way.
 * - `requestsPerMinute` and `tokensPerMinute` hold from the first request. Where they are not given, nothing is sent
 *   into a window that the `x-ratelimit-*` headers call exhausted.
 *
 * Requests leave in the order in which they came. One that the service puts off for longer than its `maxRetryAfterMs`
 * rejects at once with a RateLimitError; a window that takes longer than that of the request that was told of it is
 * not heeded.
 *
 * @throws TypeError for an option of the wrong type or range.
 */
export function createPace(options: PaceOptions = {}): SharedPace {
  return createPaceBy(CLOCK, options)
}

/** Where a pace has its time from. */
export interface Clock {
  /** Milliseconds. */
  now(): number
  /** Calls back after so many milliseconds, unless the function that it returns is called first. */
  after(ms: number, callback: () => void): () => void
}

/** {@link createPace} by another clock. */
export function createPaceBy(clock: Clock, options: PaceOptions = {}): SharedPace {
  checkPace(options)
  const limits = createLimits(options)
  const queue = new Set<Waiter>()
  let stopTimer: (() => void) | undefined
  /** When the longest wait ends that was looked at. */
  let putOffUntil = 0

  /** Lets leave whoever may. A timer runs only while it is all that somebody waits for. */
  const serve = (): void => {
    stopTimer?.()
    stopTimer = undefined
    for (const waiter of queue) {
      dropImpatient()
      if (!queue.has(waiter)) continue
      if (!limits.hasRoom) return
      const now = clock.now()
      const openAt = limits.openAt(waiter.demand.tokens, now)
      if (openAt > now) {
        if (openAt < Infinity) stopTimer = clock.after(openAt - now, serve)
        return
      }
      queue.delete(waiter)
      waiter.go(leave(waiter.demand, now))
    }
  }

  /** How long the service puts off the next to leave, and with it all. */
  const putOffMs = (): number => {
    const now = clock.now()
    const [next] = queue
    return Math.max(0, limits.putOffUntil(next?.demand.tokens ?? 0, now) - now)
  }

  const dropIfPutOff = ({ demand, drop }: Waiter, ms: number): void => {
    if (ms > demand.patienceMs) drop(putOff(Math.ceil(ms)))
  }

  /** Looks at all who wait only when it takes longer than it did. */
  const dropImpatient = (): void => {
    const ms = putOffMs()
    const until = clock.now() + ms
    if (ms === 0 || until <= putOffUntil) return
    putOffUntil = until
    for (const waiter of queue) dropIfPutOff(waiter, ms)
  }

  const leave = (demand: Demand, now: number): Leave => {
    const departure = limits.left(demand, now)
    let isOver = false
    return (result) => {
      if (isOver) return
      isOver = true
      limits.over(departure, result, clock.now())
      serve()
    }
  }

  return {
    concurrency: limits.state.concurrency,
    async enter(request, signal) {
      signal?.throwIfAborted()
      return new Promise<Leave>((resolve, reject) => {
        const forget = (): void => signal?.removeEventListener('abort', giveUp)
        const waiter: Waiter = {
          demand: {
            tokens: limits.areInTokens ? tokensOf(request) : 0,
            patienceMs: request.maxRetryAfterMs ?? Infinity,
          },
          go(leave) {
            forget()
            resolve(leave)
          },
          drop(reason) {
            forget()
            queue.delete(waiter)
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own, or an error
            reject(reason)
          },
        }
        const giveUp = (): void => {
          waiter.drop(signal?.reason)
          serve()
        }
        signal?.addEventListener('abort', giveUp, { once: true })
        queue.add(waiter)
        dropIfPutOff(waiter, putOffMs())
        serve()
      })
    },
    get state() {
      const { inFlight, concurrency, refused, cooldowns } = limits.state
      const rate = limits.learnedRate(clock.now())
      return {
        inFlight,
        waiting: queue.size,
        concurrency: Math.floor(concurrency),
        requestsPerMinute: rate && rate * 60_000,
        refused,
        cooldowns,
        cooldownMs: putOffMs(),
      }
    },
  }
}

type Leave = (result: PaceResult) => void

/** A request in the queue. */
interface Waiter {
  demand: Demand
  go: (leave: Leave) => void
  drop: (reason: unknown) => void
}

function putOff(retryAfterMs: number): RateLimitError {
  return new RateLimitError(`the service puts requests off for another ${retryAfterMs} ms`, {
    attempts: 0,
    retryAfterMs,
    rateLimit: undefined,
  })
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

const CLOCK: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.ceil(ms), LONGEST_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

function tokensOf({ query, documents }: PacedRequest): number {
  return documents.reduce((sum, text) => sum + estimateTokens(text), estimateTokens(query) * documents.length)
}
