/** The rate of late, that each that comes moves a little: an average of some fifty. */
export interface RecentRate {
  add(now: number): void
  /** The number that came in a millisecond. */
  readonly perMs: number
}

const MEMORY = 50

/** A rate of nothing. */
export function createRecentRate(): RecentRate {
  let last = NaN
  let gapMs = 0
  let count = 0
  return {
    add(now) {
      if (count > 0) gapMs += (now - last - gapMs) / Math.min(count, MEMORY)
      last = now
      count += 1
    },
    get perMs() {
      return gapMs > 0 ? 1 / gapMs : 0
    },
  }
}
