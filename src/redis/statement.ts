import type { LeaseOutcome } from '../index.ts'

/** A limit from here on is a way to say that there is none: 1e10 was seen. */
const NOT_STATED = 1e9
/** The period that services state limits for; it is taken for exact where it fits what a response says. */
const MINUTE_MS = 60_000

/**
 * The limit in requests that a response states, as the script takes it. It has the limit, what remains, the milliseconds
 * in which all of it comes back, and the slot of the request. `undefined` where none is stated.
 */
export function statementOf({ rateLimit }: LeaseOutcome, number: number): string[] | undefined {
  const { limit = 0, remaining, resetMs = 0 } = rateLimit?.requests ?? {}
  if (limit <= 0 || limit >= NOT_STATED || remaining === undefined) return undefined
  const used = limit - remaining
  // `reset` comes in whole seconds, rounded up.
  const fits = used < 1 || Math.abs(resetMs - (used / limit) * MINUTE_MS) <= 1000 + MINUTE_MS / limit
  const periodMs = fits ? MINUTE_MS : Math.max(1, (resetMs * limit) / used)
  return [limit, remaining, periodMs, number].map(String)
}
