import type { OptionTable } from '../shared/option-table.ts'
import { WHOLE } from '../shared/validate.ts'
import type { Rule } from '../shared/validate.ts'

/** Options of `createRateLimiter`. */
export interface RateLimiterOptions {
  /** The most requests in flight at once. @default 16 */
  concurrency?: number | undefined
  /** The most requests that are sent in a minute, evenly spaced. @default Infinity: learned from the service */
  requestsPerMinute?: number | undefined
  /**
   * The most tokens that are sent in a minute, evenly spaced: an estimate of 4 characters of ASCII, or 1 other, each,
   * the query counted once for each document. The counts of the service do not correct it.
   * @default Infinity: what the service states
   */
  tokensPerMinute?: number | undefined
}

const ABOVE_ZERO: Rule = [(value) => typeof value === 'number' && value > 0, 'a number above 0']

/** The options of a rate limiter, by name. */
export const LIMITER: OptionTable<RateLimiterOptions> = {
  concurrency: { default: 16, rule: WHOLE },
  requestsPerMinute: { default: Infinity, rule: ABOVE_ZERO },
  tokensPerMinute: { default: Infinity, rule: ABOVE_ZERO },
}
