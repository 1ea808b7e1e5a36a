/** Errors and waits on demand. */
export interface FaultSettings {
  latencyMs: number
  /** The share of requests to fail, from 0 to 1. */
  failRate: number
  /** Requests allowed in a minute. */
  rateLimit?: number | undefined
}

/** The fate of a request: the headers with the limits, and the response if it is rejected. */
export interface Lot {
  headers: Record<string, string>
  refusal?: { status: number; detail: string }
}

/** Fault injection: decides about each request, and waits before each response. */
export interface FaultInjection {
  draw(): Lot
  /** Resolves after the latency, or when the signal aborts. */
  wait(signal: AbortSignal | undefined): Promise<void>
}

const WINDOW_MS = 60_000

/** Makes the fault injection of an endpoint. Its rate limit is a fixed window, from the first request in it. */
export function createFaultInjection({ latencyMs, failRate, rateLimit }: FaultSettings): FaultInjection {
  let ends = -Infinity
  let used = 0

  function limits(limit: number): Lot {
    const now = performance.now()
    if (now >= ends) {
      ends = now + WINDOW_MS
      used = 0
    }
    used += 1
    const seconds = `${Math.ceil((ends - now) / 1000)}`
    const headers = {
      'x-ratelimit-limit-requests': `${limit}`,
      'x-ratelimit-remaining-requests': `${Math.max(limit - used, 0)}`,
      'x-ratelimit-reset-requests': `${seconds}s`,
    }
    if (used <= limit) return { headers }
    const detail = `Rate limit reached: ${limit} requests a minute.`
    return { headers: { ...headers, 'retry-after': seconds }, refusal: { status: 429, detail } }
  }

  return {
    draw() {
      const lot = rateLimit === undefined ? { headers: {} } : limits(rateLimit)
      if (lot.refusal || Math.random() >= failRate) return lot
      return { ...lot, refusal: { status: 503, detail: 'Failed on demand.' } }
    },
    wait: async (signal) => {
      if (latencyMs > 0) await pause(latencyMs, signal)
    },
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
  })
}
