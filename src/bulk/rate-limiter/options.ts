import { refuse } from '../refuse.ts'

/** Options of `createPace`. */
export interface PaceOptions {
  /** The most requests that are under way at once. @default 16 */
  concurrency?: number | undefined
  /** The most requests that leave in a minute, evenly spaced. @default what the service admits, learned from it */
  requestsPerMinute?: number | undefined
  /**
   * The most tokens that leave in a minute, evenly spaced: an estimate of 4 characters of ASCII, or 1 other, each,
   * the query counted once for each document. It is not corrected by what the service counts.
   * @default what the service admits
   */
  tokensPerMinute?: number | undefined
}

/** How many requests may be under way at once where the caller does not say. */
export const DEFAULT_CONCURRENCY = 16

/** The limits of a pace. */
export const LIMITS = ['concurrency', 'requestsPerMinute', 'tokensPerMinute'] as const

type Rule = readonly [isValid: (value: unknown) => boolean, expected: string]

const RULES = {
  concurrency: [(value) => Number.isSafeInteger(value) && isPositive(value), 'a whole number, 1 or more'],
  requestsPerMinute: [isPositive, 'a number above 0'],
  tokensPerMinute: [isPositive, 'a number above 0'],
} as const satisfies Record<keyof PaceOptions, Rule>

/** Checks the options of a pace. @throws TypeError */
export function checkPace(options: unknown): void {
  if (typeof options !== 'object' || options === null) refuse('options', 'an object', options)
  for (const [name, [isValid, expected]] of Object.entries(RULES)) {
    const value: unknown = Reflect.get(options, name)
    if (value !== undefined && !isValid(value)) refuse(name, expected, value)
  }
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0
}
