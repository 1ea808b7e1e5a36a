import { parseDurationMs, parseNumber, plausible } from './durations.ts'
import type { HeaderReader } from './response.ts'

/** The service's limits, as the headers of a response state them. */
export interface RateLimit {
  /** The limit in requests. */
  requests?: RateLimitWindow
  /** The limit in tokens. */
  tokens?: RateLimitWindow
  /** True if the service served the request although it exceeded the limit (`x-ratelimit-over-limit: yes`). */
  overLimit?: true
}

/** One limit. A number that the server omitted, or that cannot be read, is absent. */
export interface RateLimitWindow {
  /** The most requests or tokens at once. */
  limit?: number
  /** The requests or tokens that remain. */
  remaining?: number
  /** Milliseconds until the whole limit remains again. */
  resetMs?: number
}

/** The share of a limit that a request is assumed to need at least: its number of tokens is not known. */
const REQUEST_SHARE = { requests: 0, tokens: 0.01 } as const

/**
 * Reads the limits in the headers `x-ratelimit-*`, or the first limit in `RateLimit` and `RateLimit-Policy`
 * (draft-ietf-httpapi-ratelimit-headers). Returns `undefined` if there are no limits.
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
 * True if a limit may be exhausted, according to the headers. For most responses, this is enough to know. Reading one
 * header takes longer than everything else that the client does after a call.
 */
export function mayBeExhausted(headers: HeaderReader): boolean {
  const isNone = (of: string): boolean => parseNumber(headers.get(`x-ratelimit-remaining-${of}`) ?? '') === 0
  return isNone('requests') || isNone('tokens') || headers.get('ratelimit') !== null
}

/**
 * Milliseconds until the exhausted limits admit one more request, or `undefined` if no limit is exhausted. A limit
 * refills continuously, so this is a part of `reset`, the time until it is full. If its size is unknown, it is all of it.
 */
export function refillMs(limits: RateLimit | undefined): number | undefined {
  const refills = (['requests', 'tokens'] as const).map((name) => {
    const { limit = 1, remaining, resetMs = NaN } = limits?.[name] ?? {}
    const share = Math.min(1, Math.max(1 / limit, REQUEST_SHARE[name]))
    return remaining === 0 ? (plausible(resetMs * share) ?? 0) : 0
  })
  return Math.max(...refills) || undefined
}

function windowOf([limit = '', remaining = '', reset = '']: readonly string[]): RateLimitWindow | undefined {
  const resetMs = parseDurationMs(reset)
  return stated({
    limit: parseNumber(limit),
    remaining: parseNumber(remaining),
    resetMs: resetMs === 0 ? 0 : plausible(resetMs),
  })
}

/** The facts that are not `undefined`, or `undefined` if there are none. */
function stated<Value>(facts: Record<string, Value | undefined>): Record<string, Value> | undefined {
  const found = Object.entries(facts).filter(([, value]) => value !== undefined)
  return found.length > 0 ? (Object.fromEntries(found) as Record<string, Value>) : undefined
}
