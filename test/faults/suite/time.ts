import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createRerankClient } from '../../../src/index.ts'
import type { ClientOptions, Fetch, RerankClient } from '../../../src/index.ts'
import { busy, half, reply, serveFaults, serveSilence, stall } from '../../helpers/fault-server.ts'
import type { Fault, FaultServer } from '../../helpers/fault-server.ts'
import { passesOnHeaders, type Over } from '../../helpers/fetches.ts'
import { failure, KEY, rejection, REQUEST, skipWaits } from '../../helpers/rerank.ts'

const SHORT_MS = 40
/** Passes once the headers have come. */
const BODY_MS = 1000
const stallInBody = half(() => undefined)
const dripForEver: Fault = (response) => {
  response.writeHead(200)
  const drops = setInterval(() => response.write(' '), 5)
  response.once('close', () => clearInterval(drops))
}
/** Time limits, waits that a server asks for, and aborts. */
export function timeLimits(over: Over): void {
  const clientAt = (baseUrl: string, options: ClientOptions = {}): RerankClient =>
    createRerankClient({ apiKey: KEY, baseUrl, maxRetries: 0, ...over, ...options })

  describe.each(['timeoutMs', 'deadlineMs'] as const)('%s', (limit) => {
    const timedOut = {
      kind: 'timeout',
      limit,
      message: `POST /v1/rerank had no response within ${SHORT_MS} ms. Raise ${limit}, or send less at once.`,
    }
    const cutShort = {
      ...timedOut,
      status: 200,
      message: `POST /v1/rerank had no complete response within ${BODY_MS} ms. Raise ${limit}, or send less at once.`,
    }

    test('ends headers that never come, and lets go of the connection', async () => {
      const server = await serveFaults([stall])
      const client = clientAt(server.url, { [limit]: SHORT_MS })
      expect(await failure(client.rerank(REQUEST))).toMatchObject(timedOut)
      await closed(server)
    })

    test.each([
      ['stalls', stallInBody],
      ['drips for ever', dripForEver],
    ])('ends a body that %s, and lets go of the connection', async (_, fault) => {
      const server = await serveFaults([fault])
      const client = clientAt(server.url, { [limit]: BODY_MS, ...passesOnHeaders(over, BODY_MS) })
      expect(await failure(client.rerank(REQUEST))).toMatchObject(cutShort)
      await closed(server)
    })

    test('ends a connection that is never made', async () => {
      const client = clientAt(await serveSilence('https'), { [limit]: SHORT_MS })
      expect(await failure(client.rerank(REQUEST))).toMatchObject(timedOut)
    })
  })

  describe('Retry-After', () => {
    test.each([
      ['in seconds', { 'retry-after': '0' }],
      ['in milliseconds', { 'retry-after-ms': '1' }],
      ['as a duration', { 'retry-after': '1ms' }],
      [
        'in the reset of an exhausted limit',
        { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '0s' },
      ],
    ])('%s is kept', async (_, headers) => {
      const server = await serveFaults([reply(429, '', headers)])
      await clientAt(server.url, { maxRetries: 1, hooks: skipWaits() }).rerank(REQUEST)
      expect(server.received).toHaveLength(2)
    })

    test.each([
      ['in seconds', '259200'],
      ['as a duration', '3d'],
      ['as a date', new Date(Date.now() + 3 * 86_400_000).toUTCString()],
    ])('of three days, %s, rejects at once', async (_, retryAfter) => {
      const server = await serveFaults([reply(429, '', { 'retry-after': retryAfter })])
      const error = await failure(clientAt(server.url, { maxRetries: 5 }).rerank(REQUEST))
      expect(error).toMatchObject({ kind: 'rate_limit', attempts: 1 })
      expect(error.retryAfterMs).toBeGreaterThan(250_000_000)
      expect(error.retryAfterMs).toBeLessThanOrEqual(259_200_000)
      expect(server.received).toHaveLength(1)
    })

    test('beyond the deadline rejects at once', async () => {
      const server = await serveFaults([reply(429, '', { 'retry-after': '20' })])
      const error = await failure(clientAt(server.url, { maxRetries: 5, deadlineMs: 10_000 }).rerank(REQUEST))
      expect(error).toMatchObject({ kind: 'rate_limit', retryAfterMs: 20_000, attempts: 1 })
    })
  })

  describe('an abort ends the call at once', () => {
    const caller = (): AbortController => new AbortController()

    test('while it connects', async () => {
      const { signal, abort } = bound(caller())
      const call = clientAt(await serveSilence('https')).rerank(REQUEST, { signal })
      setImmediate(abort)
      expect(await rejection(call)).toBe(signal.reason)
    })

    test('while it waits for headers', async () => {
      const { signal, abort } = bound(caller())
      const server = await serveFaults([stall])
      const arrival = server.arrival()
      const call = clientAt(server.url, { maxRetries: 5 }).rerank(REQUEST, { signal })
      await arrival
      abort()
      expect(await rejection(call)).toBe(signal.reason)
      expect(server.received).toHaveLength(1)
    })

    test('in the body', async () => {
      const { signal, abort } = bound(caller())
      const server = await serveFaults([stallInBody])
      const fetch: Fetch = async (url, init) => {
        const response = await (over.fetch ?? globalThis.fetch)(url, init)
        setImmediate(abort)
        return response
      }
      const call = clientAt(server.url, { maxRetries: 5, fetch }).rerank(REQUEST, { signal })
      expect(await rejection(call)).toBe(signal.reason)
      expect(server.received).toHaveLength(1)
    })

    test('in back-off', async () => {
      const { signal, abort } = bound(caller())
      const server = await serveFaults([reply(503, '', { 'retry-after': '30' })])
      const hooks = { onRetry: () => setImmediate(abort) }
      const call = clientAt(server.url, { maxRetries: 5, hooks }).rerank(REQUEST, { signal })
      expect(await rejection(call)).toBe(signal.reason)
      expect(server.received).toHaveLength(1)
    })

    test('between attempts', async () => {
      const { signal, abort } = bound(caller())
      const server = await serveFaults([busy, busy])
      const hooks = { onResponse: abort }
      const call = clientAt(server.url, { maxRetries: 5, hooks }).rerank(REQUEST, { signal })
      expect(await rejection(call)).toBe(signal.reason)
      expect(server.received).toHaveLength(1)
    })

    /** A signal, and its abort with a reason that nobody else could make. */
    function bound(controller: AbortController): { signal: AbortSignal; abort: () => void } {
      return { signal: controller.signal, abort: () => controller.abort({ reason: 'mine alone' }) }
    }
  })
}

/** Resolves once the connection of a server's first request is gone. */
async function closed({ received: [request] }: FaultServer): Promise<void> {
  if (request && !request.socket.destroyed) await once(request.socket, 'close')
}
