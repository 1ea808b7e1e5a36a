import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createRerankClient } from '../../../src/index.ts'
import { busy, half, reply, reset, serveFaults, well } from '../../helpers/fault-server.ts'
import type { Fault } from '../../helpers/fault-server.ts'
import type { Over } from '../../helpers/fetches.ts'
import { heapUsed } from '../../helpers/heap.ts'
import { clientOf, KEY, REQUEST, scripted, skipWaits } from '../../helpers/rerank.ts'

const MB = 1_000_000

/** Many calls, one after the other and at once. */
export function manyCalls(over: Over): void {
  describe('on one shared signal', () => {
    test('200 calls over a socket leave no listener and a flat heap', async () => {
      const { signal } = new AbortController()
      const server = await serveFaults(() => well)
      const client = createRerankClient({ apiKey: KEY, baseUrl: server.url, ...over })
      const calls = (): Promise<unknown> =>
        Promise.all(Array.from({ length: 100 }, () => client.rerank(REQUEST, { signal })))
      await calls()
      const before = await heapUsed()
      await calls()
      expect(getEventListeners(signal, 'abort')).toEqual([])
      expect((await heapUsed()) - before).toBeLessThan(4 * MB)
    })

    test('100 calls at once are no cause for a warning', async () => {
      const warnings: Error[] = []
      const warn = (warning: Error): unknown => warnings.push(warning)
      process.on('warning', warn)
      const { signal } = new AbortController()
      const client = clientOf(scripted())
      await Promise.all(Array.from({ length: 100 }, () => client.rerank(REQUEST, { signal })))
      await new Promise(setImmediate)
      process.off('warning', warn)
      expect(warnings).toEqual([])
    })
  })

  test('100 calls at once, of which a fifth fails at random, lose and mix up nothing', async () => {
    const faults: readonly Fault[] = [
      reset,
      busy,
      half((socket) => socket.destroy()),
      reply(200, '{"results":['),
    ]
    const server = await serveFaults(() => faults[Math.floor(Math.random() * faults.length * 5)] ?? well)
    // Time is skipped for all calls whenever one waits, so their limits are out of reach.
    const client = createRerankClient({
      apiKey: KEY,
      baseUrl: server.url,
      maxRetries: 20,
      timeoutMs: 2 ** 31 - 1,
      hooks: skipWaits(),
      ...over,
    })
    const documentsOf = (call: number): string[] =>
      Array.from({ length: (call % 7) + 1 }, (_, i) => `${call}-${i}`)
    const answered = await Promise.all(
      Array.from({ length: 100 }, (_, call) =>
        client.rerank({ query: `${call}`, documents: documentsOf(call) }),
      ),
    )
    const texts = answered.map(({ results }) => results.toReversed().map(({ document }) => document.text))
    expect(texts).toEqual(Array.from({ length: 100 }, (_, call) => documentsOf(call)))
    expect(server.received.length).toBeGreaterThan(100)
  })
}
