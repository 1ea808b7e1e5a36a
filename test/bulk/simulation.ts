import { createRateLimiterBy } from '../../src/bulk/rate-limiter/rate-limiter.ts'
import { readRateLimit, refillMs } from '../../src/api/rate-limit-headers.ts'
import { headersOf } from '../../src/api/response.ts'
import { readRetryAfterMs } from '../../src/api/retry-after.ts'
import { retryDelayMs } from '../../src/http/retry.ts'
import { RateLimitError } from '../../src/index.ts'
import type { LeaseOutcome } from '../../src/index.ts'
import { acquireFrom, REQUEST } from './limited.ts'
import type { Service } from './services.ts'
import { createVirtualClock } from './virtual-time.ts'

export interface Simulation {
  jobs: number
  /** Milliseconds that a request takes, more or less. @default 20 */
  latency?: number
  /** Milliseconds at first, in which each request takes as long, as connections are made. @default 0 */
  connecting?: number
  /** Milliseconds for which everything stands still, on average, some 700 apart, as on a busy machine. @default 0 */
  stallMs?: number
  /** Difference between the longest way and the shortest, as a share of their mean. @default 0.5 */
  spread?: number
  /** The milliseconds, from the start, at which a job comes; they are counted from 0. @default all at once */
  comesAt?: (job: number) => number
  /** The most jobs at once. @default 16, as `rankMany` */
  concurrency?: number
  /** Milliseconds after which no further job begins. @default Infinity */
  untilMs?: number
  /** Calls with retries and nothing else, in place of the rate limiter. @default false */
  plain?: boolean
  /** The documents of each request. @default one of a letter */
  documents?: readonly string[]
  /** Another one makes other latencies and other chances. @default 1 */
  seed?: number
}

export interface Report {
  /** What was admitted, as a share of what could have been. */
  share: number
  /** The share of requests that were rate-limited. */
  rateLimited: number
  /** Jobs that were not admitted within their retries. */
  lost: number
  /** From the first request to the end of the last job. */
  seconds: number
  /** Requests a second that were admitted in the last half of the time. */
  lastHalf: number
  /** The milliseconds, from the start, at which requests were admitted. */
  admittedAt: readonly number[]
}

const PATIENCE = { maxRetries: 10, maxRetryAfterMs: 15 * 60_000, remainingMs: Infinity }

/** Sends jobs to a service through a rate limiter, in virtual time. The same arguments give the same report. */
export async function simulate(
  makeService: (now: () => number, random: () => number) => Service,
  {
    jobs,
    latency = 20,
    connecting = 0,
    stallMs = 0,
    spread = 0.5,
    comesAt = () => 0,
    concurrency = 16,
    untilMs = Infinity,
    plain = false,
    documents = REQUEST.documents,
    seed = 1,
  }: Simulation,
): Promise<Report> {
  const clock = createVirtualClock()
  const random = createRandom(seed)
  const request = { ...REQUEST, documents }
  const rateLimiter = createRateLimiterBy(clock, { concurrency })
  const started = clock.now()
  const service = makeService(() => clock.now() - started, random)
  const admittedAt: number[] = []
  let [sent, lost, waiting] = [0, 0, jobs]

  const stalls = stallsOf(stallMs, createRandom(seed + 7))
  const travel = (): Promise<void> => {
    const isConnecting = clock.now() - started < connecting
    const ms = ((isConnecting ? connecting : latency) / 2) * (1 - spread / 2 + random() * spread)
    const at = clock.now() - started + ms
    const stall = stalls.find(({ from, to }) => from <= at && at < to)
    return clock.sleep(stall ? ms + stall.to - at : ms)
  }
  const call = async (signal: AbortSignal): Promise<void> => {
    for (let attempts = 1; ; attempts++) {
      const lease = plain ? undefined : await acquireFrom(rateLimiter, request, signal)
      sent += 1
      await travel()
      const { status, headers: named } = service.take()
      if (status === 200) admittedAt.push(clock.now() - started)
      await travel()
      const { retryAfterMs, rateLimit } = readHeaders(status, named)
      const outcome: LeaseOutcome = { status, retryAfterMs, rateLimit }
      lease?.release(outcome)
      if (status === 200) return
      const error = new RateLimitError('', { status, attempts, retryAfterMs, rateLimit })
      const delayMs = retryDelayMs(error, { ...PATIENCE, limiterSpaces: !plain, random })
      if (delayMs === undefined) {
        lost += 1
        return
      }
      await clock.sleep(delayMs)
    }
  }
  const work = async (): Promise<void> => {
    const { signal } = new AbortController()
    for (; waiting > 0 && clock.now() - started < untilMs;) {
      const ms = comesAt(jobs - waiting)
      waiting -= 1
      await clock.sleep(Math.max(0, ms - (clock.now() - started)))
      await call(signal)
    }
  }
  const all = Promise.all(Array.from({ length: concurrency }, work))
  await clock.pass()
  await all
  const ended = Math.max(...admittedAt, 1)
  return {
    share: admittedAt.length / service.admissible(),
    rateLimited: 1 - admittedAt.length / sent,
    lost,
    seconds: ended / 1000,
    lastHalf: (admittedAt.filter((at) => at > ended / 2).length / ended) * 2000,
    admittedAt,
  }
}

/** What the headers of a response say, if there are any. */
function readHeaders(
  status: number,
  named: Readonly<Record<string, string>>,
): Pick<LeaseOutcome, 'retryAfterMs' | 'rateLimit'> {
  if (Object.keys(named).length === 0) return {}
  const headers = headersOf(named)
  const rateLimit = readRateLimit(headers)
  const refill = status === 429 ? refillMs(rateLimit) : undefined
  return { retryAfterMs: readRetryAfterMs(headers, 0) ?? refill, rateLimit }
}

/** Numbers from 0 to 1 that look like chance. */
function createRandom(seed: number): () => number {
  let state = (seed * 1_000_003) % 2147483647
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}

/** Times at which everything stands still, for so long on average. */
function stallsOf(ms: number, random: () => number): readonly { from: number; to: number }[] {
  let to = 0
  return Array.from({ length: ms > 0 ? 300 : 0 }, () => {
    const from = to - 700 * Math.log(random())
    to = from + 2 * ms * random()
    return { from, to }
  })
}
