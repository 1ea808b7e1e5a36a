import { parseDurationMs, parseNumber, plausible } from './durations.ts'
import type { HeaderReader } from './response.ts'

/** The service's limits, as the headers of a response state them. */
export interface RateLimit {
  /** The limit in requests. */
  requests?: RateLimitWindow
  /** The limit in tokens. */
  tokens?: RateLimitWindow
  /** Set where the request was served beyond the limit (`x-ratelimit-over-limit: yes`): a warning. */
  overLimit?: true
}

/** One limit; a number that the server left out or misspelt is absent. */
export interface RateLimitWindow {
  /** The most that the limit admits at once. */
  limit?: number
  /** The number that remains. */
  remaining?: number
  /** Milliseconds until all of the limit remains again. */
  resetMs?: number
}

/** The least share of a limit that a request is taken to need: its tokens are unknown before they are counted. */
const REQUEST_SHARE = { requests: 0, tokens: 0.01 } as const

/**
 * The limits that the headers state, or `undefined` where they state none: `x-ratelimit-*`, or the fields `RateLimit`
 * and `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers, of which the first limit is read.
 */
export function readRateLimit(headers: HeaderReader): RateLimit | undefined {
  const read = (name: string): string => headers.get(name) ?? ''
  const fields = `;${read('ratelimit')};${read('ratelimit-policy')}`
  // Earlier drafts spell the parameters out.
  const field = (name: string): string => RegExp(`[;, ](?:${name})=(\\d+)`).exec(fields)?.[1] ?? ''
  const named = (kind: string): RateLimitWindow | undefined =>
    windowOf(['limit', 'remaining', 'reset'].map((what) => read(`x-ratelimit-${what}-${kind}`)))
  return stated({
    requests: named('requests') ?? windowOf(['limit|q', 'remaining|r', 'reset|t'].map(field)),
    tokens: named('tokens'),
    overLimit: read('x-ratelimit-over-limit') === 'yes' || undefined,
  })
}

/**
 * Tells whether the headers may say that nothing remains of a limit. Of most responses that is all there is to know, and
 * each header takes longer to read than the rest of a call's bookkeeping.
 */
export function mayBeExhausted(headers: HeaderReader): boolean {
  return (
    ['requests', 'tokens'].some(
      (name) => parseNumber(headers.get(`x-ratelimit-remaining-${name}`) ?? '') === 0,
    ) || headers.get('ratelimit') !== null
  )
}

/**
 * Milliseconds until the exhausted limits admit one more request, or `undefined` where none is exhausted. A limit
 * refills all the time, so that is not `reset`, by which it is full; one of unknown size is waited for in full.
 */
export function refillMs(limits: RateLimit | undefined): number | undefined {
  const refills = (['requests', 'tokens'] as const).map((name) => {
    const { limit = 1, remaining, resetMs = NaN } = limits?.[name] ?? {}
    const share = Math.min(1, Math.max(1 / limit, REQUEST_SHARE[name]))
    return remaining === 0 ? (plausible(resetMs * share) ?? 0) : 0
  })
  const ms = Math.max(...refills)
  return ms > 0 ? ms : undefined
}

function windowOf([limit = '', remaining = '', reset = '']: readonly string[]): RateLimitWindow | undefined {
  const resetMs = parseDurationMs(reset)
  return stated({
    limit: parseNumber(limit),
    remaining: parseNumber(remaining),
    resetMs: resetMs === 0 ? 0 : plausible(resetMs),
  })
}

/** The facts that are there, or `undefined` where none is. */
function stated<Value>(facts: Record<string, Value | undefined>): Record<string, Value> | undefined {
  const found = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return found.length > 0 ? (Object.fromEntries(found) as Record<string, Value>) : undefined
}
