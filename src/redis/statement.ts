import type { LeaseOutcome } from '../index.ts'

/** The slot of a request, and the sum of tokens with it. */
export interface Place {
  readonly number: number
  readonly tokenSum: number
}

/** A limit from here on is a way to say that there is none: 1e10 was seen. */
const NOT_STATED = 1e9
/** The period that services state limits for; it is taken for exact where it fits what a response says. */
const MINUTE_MS = 60_000

/** The statement of a response that states no limit. */
export const NOTHING: readonly number[] = Array<number>(8).fill(0)

/**
 * The limits in requests and in tokens that a response states, as the script takes them. Of each there are the limit, what
 * remains, the milliseconds in which all of it comes back, and the sum at the request. Zeros stand for one that is not stated.
 */
export function statementOf({ rateLimit }: LeaseOutcome, { number, tokenSum }: Place): readonly number[] {
  return [...stated(rateLimit?.requests, number), ...stated(rateLimit?.tokens, tokenSum)]
}

function stated(
  { limit = 0, remaining, resetMs = 0 }: { limit?: number; remaining?: number; resetMs?: number } = {},
  sum: number,
): readonly number[] {
  if (limit <= 0 || limit >= NOT_STATED || remaining === undefined) return NOTHING.slice(4)
  const used = limit - remaining
  // `reset` comes in whole seconds, rounded up.
  const fits = used < 1 || Math.abs(resetMs - (used / limit) * MINUTE_MS) <= 1000 + MINUTE_MS / limit
  return [limit, remaining, fits ? MINUTE_MS : Math.max(1, (resetMs * limit) / used), sum]
}
