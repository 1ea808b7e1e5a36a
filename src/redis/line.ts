import type { RateLimiterOptions } from '../bulk/index.ts'
import { estimateTokens } from '../index.ts'
import type { Lease, LeaseOutcome, RateLimitRequest } from '../index.ts'
import { ACQUIRE, RATE_LIMITED } from './scripts.ts'
import { statementOf } from './statement.ts'

/** Those of a process that wait for one model, and the slots that it was given for them. */
export interface Line {
  readonly waiting: number
  /** Requests a millisecond, as Redis last told. */
  readonly perMs: number | undefined
  readonly cooldownMs: number
  /** A lease, or nothing where Redis is away. */
  acquire(request: RateLimitRequest, signal: AbortSignal): Promise<Lease | undefined>
  /** Lets be sent what has its slot, and asks for more where others wait. */
  serve(): void
  /** Sends all away who wait, with nothing. */
  dismiss(): void
  /** Rejects where Redis is away. */
  ping(): Promise<unknown>
}

/** The parts of its rate limiter that a line needs. */
export interface LineOptions extends RateLimiterOptions {
  run: (script: string, args: string[]) => Promise<unknown>
  isBackground: boolean
  hasRoom: () => boolean
  /** One more is in flight. */
  onGrant: () => void
  /** Redis is away. */
  leave: (reason: unknown) => void
}

/** The time ahead for which slots are given: those in the background come after others. */
const AHEAD_MS = 200
const BACKGROUND_MS = 25
/** A slot that was missed by more is not made up for: many at once would be a burst. */
const STALE_MS = 50
/** The longest time until a request that waits asks again, since much may change meanwhile. */
const LONGEST_MS = 1000
const MOST_SLOTS = 64

interface Waiter {
  request: RateLimitRequest
  settle: (lease: Lease | undefined) => void
  drop: (reason: unknown) => void
}

/** An empty line. */
export function createLine(options: LineOptions): Line {
  const { run, isBackground, hasRoom, onGrant, leave, requestsPerMinute = 0, tokensPerMinute = 0 } = options
  const told = String(requestsPerMinute / 60_000)
  const toldTokens = String(tokensPerMinute / 60_000)
  const aheadMs = isBackground ? BACKGROUND_MS : AHEAD_MS
  const queue = new Set<Waiter>()
  let slots: { at: number; number: number }[] = []
  let statement = ['0', '0', '0', '0']
  let admitted = 0
  let isAsking = false
  let perMs: number | undefined
  let openAt = 0
  let askAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const serve = (): void => {
    clearTimeout(timer)
    const now = performance.now()
    slots = slots.filter(({ at }) => at >= now - STALE_MS)
    for (const waiter of queue) {
      const [slot] = slots
      if (!slot || slot.at > now + 1 || !hasRoom()) break
      slots.shift()
      onGrant()
      waiter.settle(leaseOf(slot.number))
    }
    // Without room, the next request that ends serves those that wait.
    if (queue.size === 0 || !hasRoom()) return
    const isShort = queue.size > slots.length && !isAsking
    if (isShort && askAt <= now) void ask()
    const nextAt = Math.min(slots[0]?.at ?? Infinity, isShort && askAt > now ? askAt : Infinity)
    if (nextAt < Infinity) timer = setTimeout(serve, nextAt - now)
  }
  const ask = async (): Promise<void> => {
    isAsking = true
    try {
      const waiting = [...queue].slice(slots.length, slots.length + MOST_SLOTS)
      const ms = await acquire(waiting.map(({ request }) => (tokensPerMinute > 0 ? tokensOf(request) : 0)))
      for (const { request, drop } of queue) if (ms > request.maxWaitMs) drop(request.tooLong(Math.ceil(ms)))
      // Not all processes at once.
      if (ms > 0) askAt = performance.now() + Math.min(ms - aheadMs * Math.random(), LONGEST_MS)
    } catch (reason) {
      leave(reason)
    }
    isAsking = false
    serve()
  }
  /** Takes slots, and gives the milliseconds after which to ask again where there are none. */
  const acquire = async (tokens: readonly number[]): Promise<number> => {
    const args = [told, toldTokens, String(aheadMs), String(admitted), ...statement, ...tokens.map(String)]
    admitted = 0
    const [rate, first, ...waits] = (await run(ACQUIRE, args)) as [string, number | string, ...string[]]
    const now = performance.now()
    perMs = Number(rate)
    if (Number(first) === 0) {
      openAt = now + Number(waits[0])
      return Number(waits[0])
    }
    waits.forEach((wait, at) => slots.push({ at: now + Number(wait), number: Number(first) + at }))
    return 0
  }
  const leaseOf = (number: number): Lease => ({
    release(outcome) {
      const { status = 0, retryAfterMs = 0 } = outcome
      if (status >= 200 && status < 400) admitted += 1
      statement = statementOf(outcome, number) ?? statement
      if (status !== 429 && retryAfterMs === 0) return
      run(RATE_LIMITED, [told, String(number), String(retryAfterMs), isExplained(outcome) ? '1' : '0']).catch(
        leave,
      )
    },
  })

  return {
    serve,
    get waiting() {
      return queue.size
    },
    get perMs() {
      return perMs
    },
    get cooldownMs() {
      return Math.max(0, openAt - performance.now())
    },
    acquire: (request, signal) =>
      new Promise((resolve, reject) => {
        const forget = (): void => {
          signal.removeEventListener('abort', giveUp)
          queue.delete(waiter)
        }
        const waiter: Waiter = {
          request,
          settle(lease) {
            forget()
            resolve(lease)
          },
          drop(reason) {
            forget()
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own, or an error
            reject(reason)
          },
        }
        const giveUp = (): void => {
          waiter.drop(signal.reason)
          serve()
        }
        const waitMs = openAt - performance.now()
        if (waitMs > request.maxWaitMs) {
          reject(request.tooLong(Math.ceil(waitMs)))
          return
        }
        signal.addEventListener('abort', giveUp, { once: true })
        queue.add(waiter)
        serve()
      }),
    dismiss() {
      slots = []
      for (const { settle } of queue) settle(undefined)
    },
    ping: () => acquire([]),
  }
}

/** Tells whether a stated limit that is exhausted explains a 429; other statuses say nothing of the rate, either. */
function isExplained({ status, rateLimit }: LeaseOutcome): boolean {
  return status !== 429 || rateLimit?.requests?.remaining === 0 || rateLimit?.tokens?.remaining === 0
}

function tokensOf({ query, documents }: RateLimitRequest): number {
  return documents.reduce((sum, text) => sum + estimateTokens(text), estimateTokens(query) * documents.length)
}
