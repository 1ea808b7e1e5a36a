/** The time of a rate limiter, in milliseconds. */
export interface Clock {
  now(): number
  /** Calls back after so many milliseconds, unless the function that it returns is called first. */
  after(ms: number, callback: () => void): () => void
}

/** Timers hold 31 bits of milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The clock of the machine. */
export const CLOCK: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.ceil(ms), LONGEST_TIMER_MS))
    return () => clearTimeout(timer)
  },
}
