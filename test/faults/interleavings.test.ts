import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createRerankClient, isRerankError } from '../../src/index.ts'
import type { Fetch, FetchInit, RateLimiter, RerankClient, RerankWithResponse } from '../../src/index.ts'
import { answerTo, KEY, REQUEST } from '../helpers/rerank.ts'

const CALLS_AT_ONCE = 25
const ROUNDS = 280

/** What comes of an attempt, and after how many milliseconds; one that hangs ends with its signal alone. */
interface Step {
  ms: number
  what: 'success' | 'cut off' | 'wrong' | 'broken' | 'hangs' | 'hangs in its body' | 400 | 429 | 503
  /** A wait that the server names with an error. */
  retryAfterMs: number | undefined
  /** Milliseconds until the rate limiter gives the lease; at 0 it gives it at once. */
  leaseMs: number
}

interface Call {
  steps: Step[]
  maxRetries: number
  timeoutMs: number
  deadlineMs: number
  /** Which of the shared signals it has, if any. */
  caller: number | undefined
}

interface End {
  /** `success`, `aborted`, or the kind of the error. */
  what: string
  at: number
  attempts?: number
  limit?: string | undefined
}

const MAX_RETRY_AFTER_MS = 4000

// No two things happen in the same millisecond: steps are multiples of ten, and what cuts them short ends in other digits,
// which up to four time-outs of a call do not add up to.
const times = (most: number, digit = 0): fc.Arbitrary<number> =>
  fc.nat(most / 10).map((tens) => tens * 10 + digit)
const step: fc.Arbitrary<Step> = fc.record({
  ms: times(800),
  what: fc.constantFrom<Step['what'][]>(
    'success',
    'cut off',
    'wrong',
    'broken',
    'hangs',
    'hangs in its body',
    400,
    429,
    503,
    503,
  ),
  retryAfterMs: fc.option(
    times(6000).map((ms) => ms + 10),
    { nil: undefined, freq: 3 },
  ),
  leaseMs: fc.oneof(fc.constant(0), times(1500)),
})
const call: fc.Arbitrary<Call> = fc.record({
  steps: fc.array(step, { minLength: 4, maxLength: 4 }),
  maxRetries: fc.nat(3),
  timeoutMs: times(1000, 13),
  deadlineMs: fc.oneof(fc.constant(Infinity), times(6000, 17)),
  caller: fc.option(fc.nat(2), { nil: undefined }),
})
const round = fc.record({
  calls: fc.array(call, { minLength: CALLS_AT_ONCE, maxLength: CALLS_AT_ONCE }),
  abortsAt: fc.tuple(times(200, 15), times(2000, 15), times(9000, 15)),
})

test(
  `${CALLS_AT_ONCE * ROUNDS} calls end as they should, whatever comes between, and leave nothing behind`,
  { timeout: 120_000 },
  async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    onTestFinished(() => void vi.useRealTimers())
    await fc.assert(
      fc.asyncProperty(round, async ({ calls, abortsAt }) => {
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
        const world = createWorld()
        const callers = abortsAt.map((at) => {
          const caller = new AbortController()
          world.later(at, () => caller.abort({ at }))
          return caller
        })
        const started = performance.now()
        const ends = calls.map(async (each): Promise<End> => {
          const signal = each.caller === undefined ? undefined : callers[each.caller]?.signal
          const end = await endOf(world.client(each).rerank.withResponse(REQUEST, { signal }), signal)
          return { ...end, at: performance.now() - started }
        })
        const timers = Promise.all(ends).then(() => world.timers())
        await vi.runAllTimersAsync()
        expect(await Promise.all(ends)).toEqual(
          calls.map((each) =>
            expectedEnd(each, each.caller === undefined ? Infinity : (abortsAt[each.caller] ?? NaN)),
          ),
        )
        expect(callers.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([])
        expect({ ...world.left(), timers: await timers }).toEqual({ leases: 0, exchanges: 0, timers: 0 })
      }),
      { numRuns: ROUNDS },
    )
  },
)

/** What a call should come to: the specification, a step at a time. */
function expectedEnd({ steps, maxRetries, timeoutMs, deadlineMs }: Call, abortAt: number): End {
  let now = 0
  for (const [place, { ms, what, retryAfterMs, leaseMs }] of steps.entries()) {
    const aborted = { what: 'aborted', at: abortAt }
    const leased = now + leaseMs
    if (abortAt < Math.min(leased, deadlineMs)) return aborted
    if (deadlineMs < leased) return { what: 'timeout', at: deadlineMs, attempts: place, limit: 'deadlineMs' }

    const attempts = place + 1
    const limit = timeoutMs <= deadlineMs - leased ? 'timeoutMs' : 'deadlineMs'
    const limitAt = leased + Math.min(timeoutMs, deadlineMs - leased)
    const doneAt = what === 'hangs' || what === 'hangs in its body' ? Infinity : leased + ms
    if (abortAt < Math.min(limitAt, doneAt)) return aborted
    now = Math.min(limitAt, doneAt)
    if (limitAt > doneAt && what === 'success') return { what, at: now, attempts }

    const isOutOfTime = limitAt < doneAt
    const kind = isOutOfTime ? 'timeout' : KINDS[what]
    const failed = { what: kind ?? '', at: now, attempts, limit: isOutOfTime ? limit : undefined }
    const isRetryable = isOutOfTime ? limit === 'timeoutMs' : what !== 'wrong' && what !== 400
    const named = !isOutOfTime && (what === 429 || what === 503) ? retryAfterMs : undefined
    const waitMs = named ?? 500 * 2 ** place
    if (!isRetryable || attempts > maxRetries || (named ?? 0) > MAX_RETRY_AFTER_MS) return failed
    if (waitMs >= deadlineMs - now) return failed
    if (abortAt < now + waitMs) return aborted
    now += waitMs
  }
  return expect.fail()
}

const BODIES: Partial<Record<Step['what'], string>> = {
  success: JSON.stringify(answerTo(REQUEST)),
  'cut off': '{"results":[',
  wrong: '{}',
}
const KINDS: Partial<Record<Step['what'], string>> = {
  'cut off': 'response',
  wrong: 'response',
  broken: 'connection',
  400: 'bad_request',
  429: 'rate_limit',
  503: 'server',
}

async function endOf(
  call: Promise<RerankWithResponse>,
  signal: AbortSignal | undefined,
): Promise<Omit<End, 'at'>> {
  try {
    const { response } = await call
    return { what: 'success', attempts: response.attempts }
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return { what: 'aborted' }
    if (!isRerankError(error)) throw error
    return {
      what: error.kind,
      attempts: error.attempts,
      limit: isRerankError(error, 'timeout') ? error.limit : undefined,
    }
  }
}

/** A service, a rate limiter and time, that count what is not given back. */
function createWorld() {
  let own = 0
  let leases = 0
  let exchanges = 0
  const later = (ms: number, callback: () => void): (() => void) => {
    let isOver = false
    const end = (): void => {
      own -= isOver ? 0 : 1
      isOver = true
    }
    own += 1
    const timer = setTimeout(() => {
      end()
      callback()
    }, ms)
    return () => {
      clearTimeout(timer)
      end()
    }
  }
  return {
    later,
    left: () => ({ leases, exchanges }),
    timers: () => vi.getTimerCount() - own,
    client({ steps, maxRetries, timeoutMs, deadlineMs }: Call): RerankClient {
      let sent = 0
      const rateLimiter: RateLimiter = {
        acquire({ attempt }) {
          leases += 1
          const lease = { release: () => void (leases -= 1) }
          const { leaseMs } = steps[attempt - 1] ?? expect.fail()
          // It pays no heed to the signal: a lease may come when nobody waits for it any more.
          return leaseMs === 0 ? lease : new Promise((resolve) => later(leaseMs, () => resolve(lease)))
        },
      }
      const fetch: Fetch = async (_, init) => {
        const { ms, what, retryAfterMs } = steps[sent++] ?? expect.fail()
        const exchange = <Result>(afterMs: number, make: () => Result): Promise<Result> =>
          pending(init, afterMs, make)
        if (what === 'hangs') return exchange(Infinity, () => expect.fail())
        if (what === 'broken')
          return exchange(ms, () => {
            throw new TypeError('fetch failed')
          })
        const status = typeof what === 'number' ? what : 200
        const headers = new Headers(
          retryAfterMs === undefined || status === 200 ? {} : { 'retry-after-ms': String(retryAfterMs) },
        )
        const text = BODIES[what] ?? ''
        const isSlow = what === 'hangs in its body'
        return exchange(isSlow ? 0 : ms, () => ({
          ok: status === 200,
          status,
          headers,
          text: () => (isSlow ? exchange(Infinity, () => '') : Promise.resolve(text)),
        }))
      }
      const pending = <Result>({ signal }: FetchInit, ms: number, make: () => Result): Promise<Result> =>
        new Promise((resolve, reject) => {
          exchanges += 1
          const forget =
            ms === Infinity
              ? () => undefined
              : later(ms, () => {
                  exchanges -= 1
                  signal.removeEventListener('abort', end)
                  resolve(new Promise<Result>((done) => done(make())))
                })
          const end = (): void => {
            exchanges -= 1
            forget()
            reject(new DOMException('aborted', 'AbortError'))
          }
          signal.addEventListener('abort', end, { once: true })
        })
      return createRerankClient({
        apiKey: KEY,
        baseUrl: 'https://rerank.test',
        maxRetryAfterMs: MAX_RETRY_AFTER_MS,
        maxRetries,
        timeoutMs,
        deadlineMs,
        rateLimiter,
        fetch,
      })
    },
  }
}
