import { LONGEST_MS } from '../../shared/abort.ts'

/** The time of a rate limiter, in milliseconds. */
export interface Clock {
  now(): number
  /** Calls back after so many milliseconds, unless the function that it returns is called first. */
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

/** A timer is late by a few milliseconds, of which so much is made up for: more than a busy Node 20 is late by. */
const SLACK_MS = 25

/** The time at which the next may be sent, after one that takes so long, is sent now and might have been at `openAt`. */
export function spaced(openAt: number, now: number, ms: number): number {
  return (now - openAt > SLACK_MS ? now : openAt) + ms
}
