import { expect, vi } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import type { Fetch, FetchInit, RateLimiter, RerankClient } from '../../src/index.ts'
import { answerTo, KEY, REQUEST } from '../helpers/rerank.ts'

/** What comes of an attempt, and after how many milliseconds; one that hangs ends with its signal alone. */
export interface Step {
  ms: number
  what: 'success' | 'cut off' | 'wrong' | 'broken' | 'hangs' | 'hangs in its body' | 400 | 401 | 429 | 503
  /** A wait that the server names with an error. */
  retryAfterMs: number | undefined
  /** Milliseconds until the rate limiter gives the lease; at 0 it gives it at once. */
  leaseMs: number
}

/** A call, and how its service and its rate limiter behave. */
export interface Call {
  steps: Step[]
  maxRetries: number
  timeoutMs: number
  deadlineMs: number
  /** Which of the shared signals it has, if any. */
  caller: number | undefined
  /** Set for a ranking that keeps the order given where it fails. */
  fallsBack: boolean
}

/** The longest wait that a client accepts. */
export const MAX_RETRY_AFTER_MS = 4000

const BODIES: Partial<Record<Step['what'], string>> = {
  success: JSON.stringify(answerTo(REQUEST)),
  'cut off': '{"results":[',
  wrong: '{}',
}
/** A service, a rate limiter and time, that count what is not given back. */
export interface World {
  later: (ms: number, callback: () => void) => () => void
  left: () => { leases: number; exchanges: number }
  timers: () => number
  client: (call: Call) => RerankClient
}

/** Makes a world of its own. */
export function createWorld(): World {
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
