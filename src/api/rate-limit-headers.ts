import type { HeaderReader } from './response.ts'

/** The service's limits, as the `x-ratelimit-*` headers of an answer state them. */
export interface RateLimit {
  /** Requests in the current window. */
  requests?: RateLimitWindow
  /** Tokens in the current window. */
  tokens?: RateLimitWindow
}

/** One limit; a number that the server left out or misspelt is absent. */
export interface RateLimitWindow {
  /** How many the window allows. */
  limit?: number
  /** How many are left. */
  remaining?: number
  /** Milliseconds until the window starts afresh. */
  resetMs?: number
}

const UNITS_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const
const DURATION = /^(?:[\d.]+(?:d|h|ms?|s))+$/
const DURATION_PART = /([\d.]+)(d|h|ms|m|s)/g

/** A wait of more than a year is a mistake, not a request. */
const LONGEST_WAIT_MS = 366 * UNITS_MS.d

/** The limits that the headers state, or `undefined` where they state none. */
export function readRateLimit(headers: HeaderReader): RateLimit | undefined {
  const requests = readWindow(headers, 'requests')
  const tokens = readWindow(headers, 'tokens')
  if (!requests && !tokens) return undefined
  return { ...(requests && { requests }), ...(tokens && { tokens }) }
}

/**
 * Milliseconds that the server asks to wait: `retry-after-ms`, or `Retry-After` in seconds, as a duration or as
 * an HTTP date (RFC 9110, 10.2.3). What is negative, unreadable or absurdly long counts as not said.
 *
 * @param now - Milliseconds since the epoch.
 */
export function readRetryAfterMs(headers: HeaderReader, now: number): number | undefined {
  const ms = plausible(parseNumber(headers.get('retry-after-ms') ?? ''))
  const after = headers.get('retry-after') ?? ''
  return ms ?? plausible(parseDurationMs(after) ?? parseHttpDate(after, now))
}

/**
 * Milliseconds until the exhausted limits start afresh, or all of them where the headers don't say which is
 * exhausted. These headers come with every answer; only for a 429 do they tell when to come back.
 */
export function readResetMs(headers: HeaderReader): number | undefined {
  const windows = Object.values(readRateLimit(headers) ?? {}) as RateLimitWindow[]
  const exhausted = windows.filter(({ remaining }) => remaining === 0)
  const resets = (exhausted.length > 0 ? exhausted : windows).flatMap(({ resetMs }) => resetMs ?? [])
  return resets.length > 0 ? plausible(Math.max(...resets)) : undefined
}

/** Milliseconds of a duration such as `1s`, `1m2s`, `250ms` or, in plain seconds, `900`; `Headers` trim their values. */
export function parseDurationMs(text: string): number | undefined {
  const seconds = parseNumber(text)
  if (seconds !== undefined) return finite(seconds * UNITS_MS.s)
  if (text.length > 32 || !DURATION.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(DURATION_PART)) {
    total += (parseNumber(amount ?? '') ?? NaN) * UNITS_MS[unit as keyof typeof UNITS_MS]
  }
  return finite(total)
}

function readWindow(headers: HeaderReader, name: 'requests' | 'tokens'): RateLimitWindow | undefined {
  const read = (what: string): string => headers.get(`x-ratelimit-${what}-${name}`) ?? ''
  const window = Object.entries({
    limit: parseNumber(read('limit')),
    remaining: parseNumber(read('remaining')),
    resetMs: plausible(parseDurationMs(read('reset'))),
  }).filter(([, value]) => value !== undefined && value >= 0)
  return window.length > 0 ? Object.fromEntries(window) : undefined
}

function parseNumber(text: string): number | undefined {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? finite(Number(text)) : undefined
}

function parseHttpDate(text: string, now: number): number | undefined {
  // `Date.parse` reads nearly anything as a date, so the shape is asked for first.
  return /^[A-Z][a-z]+, .* GMT$/.test(text) ? Date.parse(text) - now : undefined
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}

function plausible(ms: number | undefined): number | undefined {
  return ms !== undefined && ms >= 0 && ms <= LONGEST_WAIT_MS ? Math.ceil(ms) : undefined
}
