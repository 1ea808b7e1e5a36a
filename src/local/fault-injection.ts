import { Refusal } from './refusal.ts'

/** Errors and waits on demand. */
export interface FaultSettings {
  latencyMs: number
  failRate: number
  rateLimit: number | undefined
}

const WINDOW_MS = 60_000

/** Makes what is to happen before a request is served: it waits, it throws a {@link Refusal}, or gives headers. */
export function createFaults({
  latencyMs,
  failRate,
  rateLimit,
}: FaultSettings): (signal: AbortSignal | undefined) => Promise<Record<string, string>> {
  let ends = -Infinity
  let used = 0
  return async (signal) => {
    const now = performance.now()
    if (now >= ends) {
      ends = now + WINDOW_MS
      used = 0
    }
    used += 1
    if (latencyMs > 0) await pause(latencyMs, signal)
    const seconds = `${Math.ceil((ends - now) / 1000)}`
    const headers: Record<string, string> =
      rateLimit === undefined
        ? {}
        : {
            'x-ratelimit-limit-requests': `${rateLimit}`,
            'x-ratelimit-remaining-requests': `${Math.max(rateLimit - used, 0)}`,
            'x-ratelimit-reset-requests': `${seconds}s`,
          }
    if (rateLimit !== undefined && used > rateLimit) {
      const words = `Rate limit reached: ${rateLimit} requests a minute.`
      throw new Refusal(429, words, { ...headers, 'retry-after': seconds })
    }
    if (Math.random() < failRate) throw new Refusal(503, 'Failed on demand.', headers)
    return headers
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
