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

const UNITS_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
/** A part of a duration; what is not one is left over. */
const DURATION_PART = /([\d.]+)(d|h|ms|m|s)|.+/g

/** A wait of more than a year is a mistake, not a request. */
const LONGEST_WAIT_MS = 366 * 86_400_000

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
 * Milliseconds that the server asks to wait: `retry-after-ms`, or `Retry-After` in seconds, as a duration or as
 * an HTTP date (RFC 9110, 10.2.3), counted from the response's own `Date`. What is zero, negative, unreadable or
 * absurdly long counts as not said.
 *
 * @param now - Milliseconds since the epoch, for a response without a `Date`.
 */
export function readRetryAfterMs(headers: HeaderReader, now: number): number | undefined {
  const read = (name: string): string => headers.get(name) ?? ''
  const after = read('retry-after')
  const sentAt = parseHttpDate(read('date')) ?? now
  return (
    plausible(parseNumber(read('retry-after-ms'))) ??
    plausible(parseDurationMs(after) ?? (parseHttpDate(after) ?? NaN) - sentAt)
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

/** Milliseconds of a duration such as `1s`, `1m2s`, `250ms` or, in plain seconds, `900`; `Headers` trim their values. */
export function parseDurationMs(text: string): number | undefined {
  const seconds = parseNumber(text)
  if (seconds !== undefined) return finite(seconds * 1000)
  if (text.length > 32 || text === '') return undefined
  let total = 0
  for (const [, amount = '', unit = ''] of text.matchAll(DURATION_PART)) {
    total += (parseNumber(amount) ?? NaN) * (UNITS_MS[unit] ?? NaN)
  }
  return finite(total)
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

function parseNumber(text: string): number | undefined {
  return /^\d+(?:\.\d+)?$/.test(text) ? finite(Number(text)) : undefined
}

function parseHttpDate(text: string): number | undefined {
  // `Date.parse` reads nearly anything as a date, so the shape is asked for first.
  return /^[A-Z][a-z]+, .* GMT$/.test(text) ? finite(Date.parse(text)) : undefined
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}

function plausible(ms: number | undefined): number | undefined {
  return ms !== undefined && ms > 0 && ms <= LONGEST_WAIT_MS ? Math.ceil(ms) : undefined
}
