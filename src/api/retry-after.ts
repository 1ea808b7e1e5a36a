import { finite, parseDurationMs, parseNumber, plausible } from './durations.ts'
import type { HeaderReader } from './response.ts'

/** A shorter `Retry-After` is ignored, because it would be over before a request arrives. */
const SHORTEST_MS = 10

/**
 * Milliseconds that the server asks to wait: `retry-after-ms`, or `Retry-After` in seconds, as a duration or as
 * an HTTP date (RFC 9110, 10.2.3), relative to the response's own `Date`. A wait that is zero, negative, unreadable or
 * absurdly long is ignored.
 *
 * @param now - Milliseconds since the epoch, for a response without a `Date`.
 */
export function readRetryAfterMs(headers: HeaderReader, now: number): number | undefined {
  const read = (name: string): string => headers.get(name) ?? ''
  const after = read('retry-after')
  const sentAt = parseHttpDate(read('date')) ?? now
  const ms = parseDurationMs(after) ?? (parseHttpDate(after) ?? NaN) - sentAt
  return plausible(parseNumber(read('retry-after-ms'))) ?? plausible(ms < SHORTEST_MS ? 0 : ms)
}

function parseHttpDate(text: string): number | undefined {
  // `Date.parse` accepts nearly anything, so the shape is checked first.
  return /^[A-Z][a-z]+, .* GMT$/.test(text) ? finite(Date.parse(text)) : undefined
}
