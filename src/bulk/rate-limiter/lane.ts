/** Spaces what leaves: each takes its time, and the next waits for it. Times are milliseconds. */
export interface Lane {
  /** When the next may leave. */
  readonly openAt: number
  /** One leaves, and takes so long. */
  left(now: number, ms: number): void
  /** Nothing leaves for so long. */
  close(until: number): void
}

/** A timer is late by a few milliseconds; so much of it is made up for. */
const SLACK_MS = 25

/** An open lane. */
export function createLane(): Lane {
  let openAt = 0
  return {
    get openAt() {
      return openAt
    },
    left: (now, ms) => (openAt = (now - openAt > SLACK_MS ? now : openAt) + ms),
    close: (until) => (openAt = Math.max(openAt, until)),
  }
}
