const UNITS_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
/** A part of a duration, or the rest of the text if it is not one. */
const DURATION_PART = /([\d.]+)(d|h|ms|m|s)|.+/g

/** A wait of more than a year is a mistake, not a request. */
const LONGEST_WAIT_MS = 366 * 86_400_000

/** Milliseconds of a duration such as `1s`, `1m2s`, `250ms`, or `900` (seconds). `Headers` trim their values. */
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

/** The number in a text, without a sign. */
export function parseNumber(text: string): number | undefined {
  return /^\d+(?:\.\d+)?$/.test(text) ? finite(Number(text)) : undefined
}

/** A wait in whole milliseconds, or `undefined` if it is not positive or absurdly long. */
export function plausible(ms: number | undefined): number | undefined {
  return ms !== undefined && ms > 0 && ms <= LONGEST_WAIT_MS ? Math.ceil(ms) : undefined
}

export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
