/** Spaces what is sent: each takes its time, and the next waits for it. Times are milliseconds. */
export interface Lane {
  /** The time at which the next may be sent. */
  readonly openAt: number
  /** One is sent, and takes so long. */
  take(now: number, ms: number): void
  /** Nothing is sent until then; what would have been in the last `creditMs` of that may be sent at once. */
  close(until: number, creditMs?: number): void
}

/** A timer is late by a few milliseconds; so much of it is made up for. */
const SLACK_MS = 25

/** An open lane. */
export function createLane(): Lane {
  let openAt = 0
  let slackMs = SLACK_MS
  return {
    get openAt() {
      return openAt
    },
    take(now, ms) {
      const lateMs = now - openAt
      if (lateMs <= SLACK_MS) slackMs = SLACK_MS
      openAt = (lateMs > slackMs ? now : openAt) + ms
    },
    close(until, creditMs = 0) {
      openAt = Math.max(openAt, until) - creditMs
      slackMs = SLACK_MS + 2 * creditMs
    },
  }
}
