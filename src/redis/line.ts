import { tokensOf } from '../bulk/index.ts'
import type { RateLimiterOptions } from '../bulk/index.ts'
import type { Lease, RateLimit, RateLimitRequest, RateLimitWindow } from '../index.ts'
import { onAbort } from '../shared/abort.ts'
import { ACQUIRE, RATE_LIMITED } from './scripts.ts'

/** Those of a process that wait for one model, and the slots that it was given for them. */
export interface Line {
  /** Requests a millisecond, as Redis last told. */
  readonly perMs: number | undefined
  /** The time at which the next may be sent, where all have to wait. */
  readonly openAt: number
  /** A lease, or nothing where Redis is away. */
  acquire(request: RateLimitRequest, signal: AbortSignal): Promise<Lease | undefined>
  /** Lets be sent what has its slot, and asks for more where others wait. */
  serve(): void
  /** Asks Redis for slots. */
  ask(): Promise<void>
  /** Sends all away who wait, with nothing. */
  dismiss(): void
}

/** The parts of its rate limiter that a line needs. */
export interface LineOptions extends RateLimiterOptions {
  /** Runs a script; gives nothing where Redis is away. */
  run: (script: string, args: readonly number[]) => Promise<unknown>
  isBackground: boolean
  concurrency: number
  /** The requests of all lines. */
  state: { inFlight: number; waiting: number }
}

/** The time ahead for which slots are given: those in the background come after others. */
const AHEAD_MS = 200
const BACKGROUND_MS = 75
/** A slot that was missed by more is not made up for: many at once would be a burst. */
const STALE_MS = 50
/** The longest time until a request that waits asks again, since much may change meanwhile. */
const LONGEST_MS = 1000
const MOST_SLOTS = 64

/** The number that remains of a limit that is not stated. */
const NOT_STATED = 1e9

/** The slot of a request, and the sum of tokens with it. */
interface Place {
  number: number
  tokenSum: number
}

interface Waiter {
  request: RateLimitRequest
  tokens: number
  settle: (lease?: Lease) => void
  drop: (reason: unknown) => void
}

/** An empty line. */
export function createLine({
  run,
  isBackground,
  concurrency,
  state,
  requestsPerMinute = 0,
  tokensPerMinute = 0,
}: LineOptions): Line {
  const told = [requestsPerMinute / 60_000, tokensPerMinute / 60_000]
  const aheadMs = isBackground ? BACKGROUND_MS : AHEAD_MS
  const queue = new Set<Waiter>()
  let slots: (Place & { at: number })[] = []
  let statement = statementOf({}, { number: 0, tokenSum: 0 })
  let admitted = 0
  let isAsking = false
  let askAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const line = {
    perMs: undefined as number | undefined,
    openAt: 0,
    acquire: (request: RateLimitRequest, signal: AbortSignal) =>
      new Promise<Lease | undefined>((resolve, reject) => {
        const leaving =
          <Value>(settle: (value: Value) => void) =>
          (value: Value): void => {
            forget()
            queue.delete(waiter)
            state.waiting -= 1
            settle(value)
          }
        const waiter: Waiter = {
          request,
          tokens: told[1] || statement[4] ? tokensOf(request.query, request.documents) : 0,
          settle: leaving(resolve),
          drop: leaving(reject),
        }
        const forget = onAbort(signal, () => {
          waiter.drop(signal.reason)
          line.serve()
        })
        queue.add(waiter)
        state.waiting += 1
        dropLate()
        line.serve()
      }),
    serve() {
      clearTimeout(timer)
      const now = performance.now()
      slots = slots.filter(({ at }) => at >= now - STALE_MS)
      for (const waiter of queue) {
        const [slot] = slots
        if (!slot || slot.at > now + 1 || state.inFlight >= concurrency) break
        slots.shift()
        state.inFlight += 1
        waiter.settle(leaseOf(slot, waiter.tokens))
      }
      // Without room, the next request that ends serves those that wait.
      if (queue.size === 0 || state.inFlight >= concurrency) return
      let nextAt = slots[0]?.at ?? Infinity
      if (queue.size > slots.length && !isAsking) {
        if (askAt > now) nextAt = Math.min(nextAt, askAt)
        else void line.ask()
      }
      if (nextAt < Infinity) timer = setTimeout(() => line.serve(), nextAt - now)
    },
    async ask() {
      isAsking = true
      const tokens = [...queue].slice(slots.length, slots.length + MOST_SLOTS).map((waiter) => waiter.tokens)
      const args = [...told, aheadMs, admitted, ...statement, ...tokens]
      admitted = 0
      const result = await run(ACQUIRE, args)
      isAsking = false
      if (typeof result !== 'string') return
      const [perMs, first = 0, sum = 0, ...waits] = result.split(' ').map(Number)
      const now = performance.now()
      line.perMs = perMs
      let tokenSum = sum
      if (first > 0) {
        for (const [at, wait] of waits.entries())
          slots.push({ at: now + wait, number: first + at, tokenSum: (tokenSum += tokens[at] ?? 0) })
      } else if (waits[0]) {
        line.openAt = now + waits[0]
        // Not all processes at once.
        askAt = Math.min(line.openAt - aheadMs * Math.random(), now + LONGEST_MS)
        dropLate()
      }
      line.serve()
    },
    dismiss() {
      slots = []
      for (const { settle } of queue) settle()
    },
  }
  /** Sends those away who would wait for too long. */
  const dropLate = (): void => {
    const ms = Math.ceil(line.openAt - performance.now())
    for (const { request, drop } of queue) if (ms > request.maxWaitMs) drop(request.tooLong(ms))
  }
  const leaseOf = (place: Place, tokens: number): Lease => ({
    release(outcome) {
      const { status = 0, retryAfterMs = 0, rateLimit } = outcome
      const stated = statementOf(rateLimit ?? {}, place)
      if (rateLimit) statement = stated
      if (status >= 200 && status < 400) admitted += 1
      if (status !== 429 && retryAfterMs === 0) return
      // A stated limit that is exhausted says nothing of the rate.
      const isForRate = status === 429 && stated[1] > 0 && stated[5] >= Math.max(1, tokens)
      void run(RATE_LIMITED, [...told, isForRate ? place.number : 0, retryAfterMs])
    },
  })
  return line
}

type Stated = readonly [limit: number, remaining: number, resetMs: number, sum: number]

/** The limits in requests and in tokens that a response states, as the script takes them: 0 for a limit that it does not. */
function statementOf(
  { requests, tokens }: RateLimit,
  { number, tokenSum }: Place,
): readonly [...Stated, ...Stated] {
  return [...stated(requests, number), ...stated(tokens, tokenSum)]
}

function stated(
  { limit = 0, remaining = NOT_STATED, resetMs = 0 }: RateLimitWindow = {},
  sum: number,
): Stated {
  return [limit, remaining, resetMs, sum]
}
