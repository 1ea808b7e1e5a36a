import { estimateTokens } from '../index.ts'
import type { Pace, PacedRequest, PaceResult } from '../index.ts'
import { createLimits } from './limits.ts'
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
  /** Milliseconds until that while is over. */
  cooldownMs: number
}

/**
 * Makes a pace. Clients and calls that are given the same one have their limits together.
 *
 * - At most `concurrency` requests are under way. How many halves when the service refuses one (429), once however many
 *   of those under way it refuses, and rises by one each time that as many were admitted.
 * - An answer with `Retry-After` holds all of them back for that long.
 * - The rate that the service admits is learned from what it refuses. Requests leave a little more slowly than that,
 *   and try a higher rate from time to time; it is kept at three refusals in a hundred, where they cost no wait.
 * - `requestsPerMinute` and `tokensPerMinute` hold from the first request. Where they are not given, nothing is sent
 *   into a window that the `x-ratelimit-*` headers call exhausted.
 *
 * Requests leave in the order in which they came.
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

  /** Lets leave whoever may. A timer runs only while it is all that somebody waits for. */
  const serve = (): void => {
    stopTimer?.()
    stopTimer = undefined
    for (const waiter of queue) {
      if (!limits.hasRoom) return
      const now = clock.now()
      const openAt = limits.openAt(waiter.tokens, now)
      if (openAt > now) {
        if (openAt < Infinity) stopTimer = clock.after(openAt - now, serve)
        return
      }
      queue.delete(waiter)
      waiter.go(leave(waiter.tokens, now))
    }
  }

  const leave = (tokens: number, now: number): Leave => {
    const departure = limits.left(tokens, now)
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
        const go = (leave: Leave): void => {
          signal?.removeEventListener('abort', giveUp)
          resolve(leave)
        }
        const waiter = { tokens: limits.areInTokens ? tokensOf(request) : 0, go }
        const giveUp = (): void => {
          queue.delete(waiter)
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
          reject(signal?.reason)
          serve()
        }
        signal?.addEventListener('abort', giveUp, { once: true })
        queue.add(waiter)
        serve()
      })
    },
    get state() {
      const { inFlight, concurrency, refused, cooldowns, cooldownUntil } = limits.state
      const now = clock.now()
      const rate = limits.learnedRate(now)
      return {
        inFlight,
        waiting: queue.size,
        concurrency: Math.floor(concurrency),
        requestsPerMinute: rate && rate * 60_000,
        refused,
        cooldowns,
        cooldownMs: Math.max(0, cooldownUntil - now),
      }
    },
  }
}

type Leave = (result: PaceResult) => void

/** A request in the queue. */
interface Waiter {
  tokens: number
  go: (leave: Leave) => void
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
