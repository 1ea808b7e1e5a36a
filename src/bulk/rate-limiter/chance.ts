/** The share by chance is that of as many requests, to a twentieth; five more at first, as one alone is not a fifth. */
const MEMORY = 150
const BEFORE = 5
/** The least share that chance is blamed for: 429s below it cost less than to tell them from others (bench/limits.ts). */
const LEAST = 0.004
/** The excess over the share by chance that is borne, and its sum, in standard deviations: a false alarm in e^8 (Wald). */
const EXCESS = { each: 0.06, sum: 16 }

/**
 * The share of requests that are rate-limited by chance, as by a service that is short of capacity: no lower rate lessens
 * it. It is that of trials, whose requests are sent at a rate that no limit explains 429s of.
 */
export class Chance {
  share = 0
  /** The sum of outcomes beyond it since the rate was lowered. */
  excess = 0
  #samples = 0

  /** Tells whether any 429 is blamed on chance. */
  get isThere(): boolean {
    return this.share > LEAST
  }

  /** Counts the outcome of a request that is part of a trial. */
  tried(isRateLimited: boolean): void {
    this.#samples = Math.min(this.#samples + 1, MEMORY)
    this.share += (+isRateLimited - this.share) / (this.#samples + BEFORE)
  }

  /** Counts the outcome of another, and tells whether 429s are more than by chance. */
  isExceeded(isRateLimited: boolean): boolean {
    if (!this.isThere) return true
    this.excess = Math.max(0, this.excess + +isRateLimited - this.share - EXCESS.each)
    return this.excess > EXCESS.sum * Math.sqrt(this.share * (1 - this.share))
  }
}
