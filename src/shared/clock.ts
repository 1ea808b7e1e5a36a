import { LONGEST_MS } from './abort.ts'

/** The time, in milliseconds. */
export interface Clock {
  now(): number
  /** Calls back after `ms` milliseconds, unless the function that it returns is called first. */
  after(ms: number, callback: () => void): () => void
}

/** The clock of the machine. */
export const CLOCK: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.ceil(ms), LONGEST_MS))
    return () => clearTimeout(timer)
  },
}
