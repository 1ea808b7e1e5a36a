import { setTimeout as wait } from 'node:timers/promises'
import { failure } from './failure.ts'
import type { Handler } from './server.ts'

/** Fault injection: errors on demand. */
export interface FaultOptions {
  /** Milliseconds to wait before each response. */
  latencyMs: number
  /** The share of requests to fail, from 0 to 1. */
  failRate: number
  /** Requests allowed in a minute. */
  rateLimit: number | undefined
}

const WINDOW_MS = 60_000

/** Puts fault injection before a handler. */
export function createFaults({
  latencyMs,
  failRate,
  rateLimit,
}: FaultOptions): (request: Request, next: Handler) => Promise<Response> {
  const admit = rateLimit === undefined ? () => ({ admitted: true, headers: {} }) : createWindow(rateLimit)
  return async (request, next) => {
    const { admitted, headers } = admit()
    if (!admitted) return failure(429, `Rate limit reached: ${rateLimit ?? 0} requests a minute.`, headers)
    const response = Math.random() < failRate ? failure(503, 'Failed on demand.') : await next(request)
    // After the body has been read: while it waits to be sent, its time runs.
    if (latencyMs > 0) await wait(latencyMs, undefined, { signal: request.signal })
    return withHeaders(response, headers)
  }
}

/** A fixed window, from the first request in it, with the service's headers. */
function createWindow(limit: number): () => { admitted: boolean; headers: Record<string, string> } {
  let ends = -Infinity
  let used = 0
  return () => {
    const now = performance.now()
    if (now >= ends) {
      ends = now + WINDOW_MS
      used = 0
    }
    used += 1
    const admitted = used <= limit
    const seconds = Math.ceil((ends - now) / 1000)
    return {
      admitted,
      headers: {
        'x-ratelimit-limit-requests': `${limit}`,
        'x-ratelimit-remaining-requests': `${Math.max(limit - used, 0)}`,
        'x-ratelimit-reset-requests': `${seconds}s`,
        ...(!admitted && { 'retry-after': `${seconds}` }),
      },
    }
  }
}

function withHeaders(response: Response, more: Record<string, string>): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(more)) headers.set(name, value)
  return new Response(response.body, { status: response.status, headers })
}
