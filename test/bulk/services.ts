import { fillBucket } from './token-bucket.ts'
import type { Bucket } from './token-bucket.ts'

/** A service with a limit, as its clients see it. */
export interface Service {
  take(): ServiceResponse
  /** The number of requests that it could have admitted, by the last time that somebody asked. */
  admissible(): number
}

export interface ServiceResponse {
  status: 200 | 429
  headers: Record<string, string>
}

/** Makes a service by a clock that starts at 0, and by numbers from 0 to 1. */
export type MakeService = (now: () => number, random: () => number) => Service

/** What a service says when it rate-limits: nothing, whole seconds rounded up, or the millisecond. */
export type Wording = 'nothing' | 'seconds' | 'milliseconds'

const WORDED: Record<Wording, (ms: number) => Record<string, string>> = {
  nothing: () => ({}),
  seconds: (ms) => ({ 'retry-after': `${Math.ceil(ms / 1000)}` }),
  milliseconds: (ms) => ({ 'retry-after-ms': `${Math.ceil(ms)}` }),
}

/** A bucket of which nothing is stated; `chance` of the requests are rate-limited whatever it holds. */
export function unstated(
  bucket: Bucket & {
    wording?: Wording
    level?: number
    chance?: (ms: number) => number
    change?: (ms: number) => number
  },
): MakeService {
  const { wording = 'nothing', chance = () => 0, change, level } = bucket
  return (now, random) => {
    const tokens = fillBucket(bucket, now, {
      from: 0,
      ...(change && { change }),
      ...(level !== undefined && { level }),
    })
    return {
      take() {
        const waitMs = random() < chance(now()) ? 1 : tokens.take()
        return { status: waitMs > 0 ? 429 : 200, headers: waitMs > 0 ? WORDED[wording](waitMs) : {} }
      },
      admissible: () => tokens.admissible,
    }
  }
}

/** A stated bucket: so many in a period, which refills all the time. */
export interface Stated {
  limit: number
  periodMs: number
  /** What it holds at first. @default all of it */
  level?: number
  /** The limit in tokens, and how many a request costs. */
  tokens?: { limit: number; each: number }
}

/** The headers that recordings of the service show. */
export function nebius({ limit, periodMs, level = limit, tokens }: Stated): MakeService {
  return stated({ limit, periodMs, level, ...(tokens && { tokens }) }, ({ remaining, remainingTokens }) => ({
    'x-ratelimit-limit-requests': `${limit}`,
    'x-ratelimit-remaining-requests': `${Math.floor(remaining)}`,
    'x-ratelimit-reset-requests': `${Math.ceil(((limit - remaining) / limit) * (periodMs / 1000))}s`,
    'x-ratelimit-limit-tokens': `${tokens?.limit ?? 400_000}`,
    'x-ratelimit-remaining-tokens': `${Math.floor(remainingTokens)}`,
    'x-ratelimit-reset-tokens': `${Math.ceil((1 - remainingTokens / (tokens?.limit ?? 400_000)) * (periodMs / 1000))}s`,
    'x-ratelimit-over-limit': 'no',
  }))
}

/** The same with durations as OpenAI writes them: `6m0s`, `120ms`. */
export function openai({ limit, periodMs, level = limit }: Stated): MakeService {
  return stated({ limit, periodMs, level }, ({ remaining }) => ({
    'x-ratelimit-limit-requests': `${limit}`,
    'x-ratelimit-remaining-requests': `${Math.floor(remaining)}`,
    'x-ratelimit-reset-requests': goDuration(((limit - remaining) / limit) * periodMs),
  }))
}

/** A bucket so big that its numbers mean that there is none. */
export function absurd(): MakeService {
  return stated({ limit: 1e10, periodMs: 60_000, level: 1e10 }, ({ remaining }) => ({
    'x-ratelimit-limit-requests': '10000000000',
    'x-ratelimit-remaining-requests': `${Math.floor(remaining)}`,
    'x-ratelimit-reset-requests': '1s',
  }))
}

/**
 * The same of a limit that scales with use, as the service documents it: after each quarter of an hour, to 1.2 times where at
 * least four fifths were used, and by 1.5 back towards the first where at most half was; to 20 times at most.
 */
export function growing({ limit: first, periodMs }: Stated): MakeService {
  return (now) => {
    let [limit, level, at, quarter, used, admissible] = [first, first, 0, 0, 0, first]
    const pass = (until: number): void => {
      const came = ((until - at) / periodMs) * limit
      ;[at, level, admissible] = [until, Math.min(limit, level + came), admissible + came]
    }
    const scale = (): void => {
      const share = used / (limit * (QUARTER_MS / periodMs))
      limit =
        share >= 0.8 ? Math.min(20 * first, limit * 1.2) : share <= 0.5 ? Math.max(first, limit / 1.5) : limit
      used = 0
    }
    return {
      take() {
        for (; Math.floor(now() / QUARTER_MS) > quarter; quarter++) {
          pass((quarter + 1) * QUARTER_MS)
          scale()
        }
        pass(now())
        const status = level >= 1 ? 200 : 429
        if (status === 200) [level, used] = [level - 1, used + 1]
        const whole = Math.floor(limit)
        return {
          status,
          headers: {
            'x-ratelimit-limit-requests': `${whole}`,
            'x-ratelimit-remaining-requests': `${Math.floor(level)}`,
            'x-ratelimit-reset-requests': `${Math.ceil(((limit - level) / limit) * (periodMs / 1000))}s`,
            'x-ratelimit-dynamic-scale-requests': (limit / first).toFixed(2),
          },
        }
      },
      admissible: () => admissible,
    }
  }
}

const QUARTER_MS = 15 * 60_000

/** A window that starts anew every period, in the fields of the service, or in those of the IETF. */
export function fixedWindow({
  limit,
  periodMs,
  level = limit,
  fields,
}: Stated & { fields: 'x-ratelimit' | 'ietf' }): MakeService {
  return (now) => {
    let [window, remaining, before] = [0, level, 0]
    const roll = (): void => {
      const current = Math.floor(now() / periodMs)
      if (current === window) return
      before += window === 0 ? level : limit
      before += (current - window - 1) * limit
      ;[window, remaining] = [current, limit]
    }
    return {
      take() {
        roll()
        const status = remaining > 0 ? 200 : 429
        if (status === 200) remaining -= 1
        const seconds = Math.ceil(((window + 1) * periodMs - now()) / 1000)
        const headers: Record<string, string> =
          fields === 'ietf'
            ? {
                'ratelimit-policy': `"default";q=${limit};w=${periodMs / 1000}`,
                ratelimit: `"default";r=${remaining};t=${seconds}`,
              }
            : {
                'x-ratelimit-limit-requests': `${limit}`,
                'x-ratelimit-remaining-requests': `${remaining}`,
                'x-ratelimit-reset-requests': `${seconds}s`,
              }
        return { status, headers }
      },
      // Of the last window, no more than was asked for.
      admissible: () => before + (window === 0 ? level : limit) - remaining,
    }
  }
}

function stated(
  { limit, periodMs, level, tokens = { limit: 400_000, each: 0 } }: Stated & { level: number },
  headersOf: (state: { remaining: number; remainingTokens: number }) => Record<string, string>,
): MakeService {
  return (now) => {
    const bucketOf = (capacity: number, level: number) =>
      fillBucket({ perSecond: (capacity / periodMs) * 1000, capacity }, now, { from: 0, level })
    const requests = bucketOf(limit, level)
    const ofTokens = bucketOf(tokens.limit, tokens.limit)
    return {
      take() {
        const isAdmitted = ofTokens.take(tokens.each) === 0 && requests.take() === 0
        const headers = headersOf({ remaining: requests.level, remainingTokens: ofTokens.level })
        return { status: isAdmitted ? 200 : 429, headers }
      },
      admissible: () => Math.min(requests.admissible, ofTokens.admissible / tokens.each),
    }
  }
}

function goDuration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`
  const minutes = Math.floor(ms / 60_000)
  return `${minutes > 0 ? `${minutes}m` : ''}${((ms % 60_000) / 1000).toFixed(3).replace(/\.?0+$/, '')}s`
}
