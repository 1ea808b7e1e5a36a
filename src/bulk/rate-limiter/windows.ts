import type { RateLimit, RateLimitWindow } from '../../index.ts'

/** How much left so far. */
export type Sent = Readonly<Record<keyof RateLimit, number>>

/** What a service's windows have left, by what its answers state. Times are milliseconds. */
export interface Windows {
  /** Whether any was stated in tokens. */
  readonly areInTokens: boolean
  /** When a request may leave, as far as is known; Infinity where an answer to those in flight will tell. */
  openAt(cost: Sent, now: number, inFlight: number): number
  /**
   * An answer states the limits. A window that takes longer than its call would wait is not heeded: what is absurd must
   * not stop a run.
   *
   * @param counted - What had left when its request did, which the service has counted.
   */
  stated(limits: RateLimit, counted: Sent, now: number, patienceMs: number): void
}

interface Window {
  /** How much may have left by the time it starts afresh. */
  until: number
  /** How much it holds when it starts afresh. */
  limit: number
  resetAt: number
}

const NAMES = ['requests', 'tokens'] as const

/** Follows the windows for which the caller has set no limit. `sent` goes up as requests leave. */
export function createWindows(sent: Sent, heeds: (name: keyof RateLimit) => boolean): Windows {
  const windows: Partial<Record<keyof RateLimit, Window>> = {}
  let latest = 0

  const openAt = (name: keyof RateLimit, amount: number, now: number, inFlight: number): number => {
    const window = windows[name]
    if (!window || !heeds(name)) return now
    if (now >= window.resetAt) {
      window.until = sent[name] + window.limit
      window.resetAt = Infinity
    }
    if (sent[name] + amount <= window.until) return now
    if (window.resetAt < Infinity) return window.resetAt
    // What is more than any window holds goes alone.
    return inFlight > 0 ? Infinity : now
  }

  return {
    get areInTokens() {
      return windows.tokens !== undefined
    },
    openAt: (cost, now, inFlight) =>
      Math.max(
        openAt('requests', cost.requests, now, inFlight),
        openAt('tokens', cost.tokens, now, inFlight),
      ),
    stated(limits, counted, now, patienceMs) {
      // Answers overtake each other; that to the latest request has the latest word.
      if (counted.requests < latest) return
      latest = counted.requests
      for (const name of NAMES) {
        const window = windowOf(limits[name], counted[name], now)
        if (window && window.resetAt <= now + patienceMs) windows[name] = window
      }
    },
  }
}

function windowOf(stated: RateLimitWindow | undefined, counted: number, now: number): Window | undefined {
  if (stated?.remaining === undefined || stated.resetMs === undefined) return undefined
  const { remaining, resetMs, limit = Infinity } = stated
  return { until: counted + remaining, limit, resetAt: now + resetMs }
}
