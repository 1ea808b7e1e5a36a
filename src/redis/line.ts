import type { RateLimiterOptions } from '../bulk/index.ts'
import { estimateTokens } from '../index.ts'
import type { Lease, LeaseOutcome, RateLimitRequest } from '../index.ts'
import { ACQUIRE, RATE_LIMITED } from './scripts.ts'
import { NOTHING, statementOf } from './statement.ts'
import type { Place } from './statement.ts'

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
  run: (script: string, args: readonly number[]) => Promise<unknown>
  isBackground: boolean
  hasRoom: () => boolean
  /** One more is in flight. */
  onGrant: () => void
  /** Redis is away. */
  leave: (reason: unknown) => void
}

/** The time ahead for which slots are given: those in the background come after others. */
const AHEAD_MS = 200
const BACKGROUND_MS = 75
/** A slot that was missed by more is not made up for: many at once would be a burst. */
const STALE_MS = 50
/** The longest time until a request that waits asks again, since much may change meanwhile. */
const LONGEST_MS = 1000
const MOST_SLOTS = 64

interface Waiter {
  request: RateLimitRequest
  tokens: number
  settle: (lease: Lease | undefined) => void
  drop: (reason: unknown) => void
}

/** An empty line. */
export function createLine(options: LineOptions): Line {
  const { run, isBackground, hasRoom, onGrant, leave, requestsPerMinute = 0, tokensPerMinute = 0 } = options
  const told = [requestsPerMinute / 60_000, tokensPerMinute / 60_000]
  const aheadMs = isBackground ? BACKGROUND_MS : AHEAD_MS
  const queue = new Set<Waiter>()
  let slots: (Place & { at: number })[] = []
  let statement = NOTHING
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
      waiter.settle(leaseOf(slot, waiter.tokens))
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
      await acquire(waiting.map(({ tokens }) => tokens))
    } catch (reason) {
      leave(reason)
    }
    isAsking = false
    serve()
  }
  /** Takes slots, or notes when to ask again where there are none. */
  const acquire = async (tokens: readonly number[]): Promise<void> => {
    const args = [...told, aheadMs, admitted, ...statement, ...tokens]
    admitted = 0
    const result = String(await run(ACQUIRE, args))
    const [rate = 0, first = 0, sum = 0, ...waits] = result.split(' ').map(Number)
    const now = performance.now()
    perMs = rate
    let tokenSum = sum
    waits.forEach((wait, at) => {
      tokenSum += tokens[at] ?? 0
      if (first > 0) slots.push({ at: now + wait, number: first + at, tokenSum })
      else if (wait > 0) {
        openAt = now + wait
        // Not all processes at once.
        askAt = now + Math.min(wait - aheadMs * Math.random(), LONGEST_MS)
        dropLate()
      }
    })
  }
  /** Sends those away who would wait for too long. */
  const dropLate = (): void => {
    const ms = openAt - performance.now()
    for (const { request, drop } of queue) if (ms > request.maxWaitMs) drop(request.tooLong(Math.ceil(ms)))
  }
  const leaseOf = (place: Place, tokens: number): Lease => ({
    release(outcome) {
      const { status = 0, retryAfterMs = 0 } = outcome
      if (status >= 200 && status < 400) admitted += 1
      if (outcome.rateLimit) statement = statementOf(outcome, place)
      if (status !== 429 && retryAfterMs === 0) return
      const isExplained = status !== 429 || isExhausted(outcome, tokens)
      run(RATE_LIMITED, [...told, place.number, retryAfterMs, +isExplained]).catch(leave)
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
          tokens: told[1] || statement[4] ? tokensOf(request) : 0,
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
        signal.addEventListener('abort', giveUp)
        queue.add(waiter)
        dropLate()
        serve()
      }),
    dismiss() {
      slots = []
      for (const { settle } of queue) settle(undefined)
    },
    ping: () => acquire([]),
  }
}

/** Tells whether a stated limit explains a 429. */
function isExhausted({ rateLimit: { requests, tokens } = {} }: LeaseOutcome, needed: number): boolean {
  return requests?.remaining === 0 || (tokens?.remaining ?? Infinity) < Math.max(1, needed)
}

function tokensOf({ query, documents }: RateLimitRequest): number {
  return documents.reduce((sum, text) => sum + estimateTokens(text), estimateTokens(query) * documents.length)
}
