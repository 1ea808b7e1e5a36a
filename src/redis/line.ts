import { estimateRequestTokens } from '../bulk/index.ts'
import type { RateLimiterOptions } from '../bulk/index.ts'
import type { Lease, RateLimitRequest, RateLimitWindow } from '../index.ts'
import { ACQUIRE, RATE_LIMITED } from './scripts.ts'

/** Those of a process that wait for one model, and the slots that it was given for them. */
export interface Line {
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
  /** Runs a script. Resolves with `undefined` if Redis is unreachable. */
  run: (script: string, args: readonly unknown[]) => Promise<number[] | undefined>
  /** The time ahead for which slots are asked for. */
  aheadMs: number
  concurrency: number
  /** The state of all lines. */
  state: LinesState
}

/** The state of all lines together. */
export interface LinesState {
  inFlight: number
  waiting: number
  /** The rate in Redis for the model of the last request. */
  requestsPerMinute: number | undefined
  /** The end of the wait that the service asked for. */
  coolUntil: number
}

/** A slot that was missed by more is not made up for: many at once would be a burst. */
const STALE_MS = 50
/** The longest time until a request that waits asks again, since much may change meanwhile. */
const LONGEST_MS = 1000
const MOST_SLOTS = 64

/** The slot of a request, and the sum of tokens with it. */
interface Place {
  number: number
  tokenSum: number
}

interface Waiter {
  request: RateLimitRequest
  signal: AbortSignal
  tokens: number
  settle: (lease?: Lease | Promise<never>) => void
}

/** An empty line. */
export function createLine({
  run,
  aheadMs,
  concurrency,
  state,
  requestsPerMinute = 0,
  tokensPerMinute = 0,
}: LineOptions): Line {
  const told = [requestsPerMinute / 60_000, tokensPerMinute / 60_000]
  const queue = new Set<Waiter>()
  let slots: (Place & { at: number })[] = []
  let statement: readonly (RateLimitWindow & { sum: number })[] = []
  let admitted = 0
  let isAsking = false
  let askAt = 0
  /** The time at which the next may be sent, where all have to wait. */
  let openAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const acquire = (request: RateLimitRequest, signal: AbortSignal): Promise<Lease | undefined> =>
    new Promise<Lease | undefined>((resolve) => {
      const waiter: Waiter = {
        request,
        signal,
        tokens: told[1] || statement[1]?.limit ? estimateRequestTokens(request.query, request.documents) : 0,
        settle(lease) {
          queue.delete(waiter)
          if (![...queue].some((other) => other.signal === signal)) signal.removeEventListener('abort', leave)
          state.waiting -= 1
          resolve(lease)
        },
      }
      // A signal takes it once, however many share it: from the eleventh listener on, Node warns of a leak.
      signal.addEventListener('abort', leave)
      queue.add(waiter)
      state.waiting += 1
      dropLate()
      serve()
    })
  /** Sends those away whose callers have aborted. */
  const leave = (): void => {
    for (const { signal, settle } of queue)
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
      if (signal.aborted) settle(Promise.reject(signal.reason))
    serve()
  }
  const serve = (): void => {
    clearTimeout(timer)
    const now = performance.now()
    slots = slots.filter(({ at }) => at >= now - STALE_MS)
    for (const waiter of queue) {
      // Without room, the next request that ends serves those that wait.
      if (state.inFlight >= concurrency) return
      const [slot] = slots
      if (!slot || slot.at > now + 1) break
      slots.shift()
      state.inFlight += 1
      waiter.settle(leaseOf(slot, waiter.tokens))
    }
    if (queue.size === 0) return
    let nextAt = slots[0]?.at ?? Infinity
    if (queue.size > slots.length && !isAsking) {
      if (askAt > now) nextAt = Math.min(nextAt, askAt)
      else void ask()
    }
    if (nextAt < Infinity) timer = setTimeout(serve, nextAt - now)
  }
  const ask = async (): Promise<void> => {
    isAsking = true
    const tokens = [...queue].slice(slots.length, slots.length + MOST_SLOTS).map((waiter) => waiter.tokens)
    const args = [...told, aheadMs, admitted, statement, tokens]
    admitted = 0
    const result = await run(ACQUIRE, args)
    isAsking = false
    if (!result) return
    const [perMs = 0, first = 0, sum = 0, cooldownMs = 0, ...waits] = result
    const now = performance.now()
    state.requestsPerMinute = perMs * 60_000
    state.coolUntil = now + cooldownMs
    let tokenSum = sum
    for (const [at, wait] of waits.entries()) {
      if (wait <= aheadMs || at > 0) {
        slots.push({ at: now + wait, number: first + at, tokenSum: (tokenSum += tokens[at] ?? 0) })
      } else {
        openAt = now + wait
        // Not all processes at once.
        askAt = Math.min(openAt - aheadMs * Math.random(), now + LONGEST_MS)
        dropLate()
      }
    }
    serve()
  }
  const dismiss = (): void => {
    slots = []
    for (const { settle } of queue) settle()
  }
  /** Sends those away who would wait for too long. */
  const dropLate = (): void => {
    const ms = Math.ceil(openAt - performance.now())
    for (const { request, settle } of queue)
      if (ms > request.maxWaitMs) settle(Promise.reject(request.tooLong(ms)))
  }
  const leaseOf = (place: Place, tokens: number): Lease => ({
    release(outcome) {
      const { status = 0, retryAfterMs = 0, rateLimit } = outcome
      const { requests, tokens: ofTokens } = rateLimit ?? {}
      if (rateLimit)
        statement = [
          { ...requests, sum: place.number },
          { ...ofTokens, sum: place.tokenSum },
        ]
      if (status >= 200 && status < 400) admitted += 1
      if (status !== 429 && retryAfterMs === 0) return
      // An exhausted stated limit does not affect the learned rate.
      const isForRate =
        status === 429 &&
        requests?.remaining !== 0 &&
        (ofTokens?.remaining ?? Infinity) >= Math.max(1, tokens)
      void run(RATE_LIMITED, [...told, isForRate ? place.number : 0, retryAfterMs])
    },
  })
  return { acquire, serve, ask, dismiss }
}
