import { setImmediate as nextTick } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createRerankClient } from '../../../src/index.ts'
import type { ClientOptions, RerankClient } from '../../../src/index.ts'
import { busy, closedPort, half, reply, reset, serveFaults, well } from '../../helpers/fault-server.ts'
import type { Fault } from '../../helpers/fault-server.ts'
import type { Over } from '../../helpers/fetches.ts'
import { answerTo, failure, KEY, REQUEST, skipWaits } from '../../helpers/rerank.ts'

/** Faults of connections. */
export function connections(over: Over): void {
  const clientAt = (baseUrl: string, options: ClientOptions = {}): RerankClient =>
    createRerankClient({ apiKey: KEY, baseUrl, ...over, ...options })

  describe('a connection that fails', () => {
    test('because nobody listens, says so', async () => {
      const client = clientAt(await closedPort(), { maxRetries: 0 })
      const error = await failure(client.rerank(REQUEST))
      expect(error).toMatchObject({ kind: 'connection', code: 'ECONNREFUSED', attempts: 1 })
      expect(error.message).toMatch(
        /^POST \/v1\/rerank failed: .*: connect ECONNREFUSED 127\.0\.0\.1:\d+\. Check baseUrl/,
      )
      expect(error.cause).toBeInstanceOf(Error)
    })

    test.each<[string, Fault]>([
      ['is reset before the headers', reset],
      ['is reset in the body', half((socket) => socket.resetAndDestroy())],
      ['ends in the body, short of its content-length', half((socket) => socket.end())],
    ])('because it %s, says so', async (_, fault) => {
      const server = await serveFaults([fault])
      const error = await failure(clientAt(server.url, { maxRetries: 0 }).rerank(REQUEST))
      expect(error).toMatchObject({ kind: 'connection', attempts: 1 })
      expect(error).toHaveProperty('code', expect.stringMatching(/^(?:ECONNRESET|UND_ERR_SOCKET)$/))
    })

    test.each<[string, Fault]>([
      ['was reset before the headers', reset],
      ['was reset in the body', half((socket) => socket.resetAndDestroy())],
      ['ended in the body', half((socket) => socket.end())],
    ])('is tried again when it %s, with the same bytes', async (_, fault) => {
      const server = await serveFaults([fault, fault])
      const client = clientAt(server.url, { hooks: skipWaits(), maxRetries: 2 })
      expect((await client.rerank(REQUEST)).results).toEqual(answerTo(REQUEST).results)
      expect(server.received).toHaveLength(3)
      expect(new Set(server.received.map(({ body }) => body)).size).toBe(1)
    })
  })

  describe('a connection that was kept alive', () => {
    test('is used again', async () => {
      const server = await serveFaults([])
      const client = clientAt(server.url)
      for (let call = 0; call < 3; call += 1) {
        await client.rerank(REQUEST)
        // fetch takes its connection back a moment after the body's end.
        await nextTick()
      }
      expect(new Set(server.received.map(({ socket }) => socket)).size).toBe(1)
    })

    test('and is reset at its second use fails no call', async () => {
      const server = await serveFaults([well, reset])
      const client = clientAt(server.url, { hooks: skipWaits(), maxRetries: 1 })
      await client.rerank(REQUEST)
      await nextTick()
      expect((await client.rerank(REQUEST)).results).toEqual(answerTo(REQUEST).results)
      expect(server.received).toHaveLength(3)
      expect(server.received[1]?.socket === server.received[0]?.socket).toBe(true)
    })

    test('and was closed in the meantime fails no call', async () => {
      const wellAndGone: Fault = async (response, request) => {
        response.once('finish', () => request.socket.destroy())
        await well(response, request)
      }
      const server = await serveFaults([wellAndGone, wellAndGone, wellAndGone])
      const client = clientAt(server.url, { hooks: skipWaits(), maxRetries: 1 })
      for (let call = 0; call < 3; call += 1) {
        expect((await client.rerank(REQUEST)).results).toEqual(answerTo(REQUEST).results)
      }
    })
  })

  describe('over a real socket', () => {
    test('the retries of a 503 send the same bytes and headers', async () => {
      const server = await serveFaults([busy, busy])
      await clientAt(server.url, { projectId: 'p', hooks: skipWaits() }).rerank(REQUEST)
      const sent = server.received.map(({ method, target, headers, body }) => ({
        method,
        target,
        headers,
        body,
      }))
      expect(sent).toHaveLength(3)
      expect(sent[1]).toEqual(sent[0])
      expect(sent[2]).toEqual(sent[0])
      expect(sent[0]).toMatchObject({ method: 'POST', target: '/v1/rerank?ai_project_id=p' })
    })

    test.each([301, 302, 303, 307, 308])('a %i is not followed', async (status) => {
      const elsewhere = await serveFaults([])
      const server = await serveFaults(() => reply(status, '', { location: `${elsewhere.url}/v1/rerank` }))
      expect(await failure(clientAt(server.url).rerank(REQUEST))).toMatchObject({
        kind: 'response',
        status,
        message: expect.stringContaining(`a redirect to ${elsewhere.url}.`) as string,
      })
      expect(elsewhere.received).toEqual([])
      // Once more than it was tried: Node's fetch doesn't say where the redirect leads that it refuses.
      expect(server.received).toHaveLength(over.fetch ? 1 : 2)
    })

    test.skipIf(over.fetch)('a redirect that is gone when it is looked at counts for nothing', async () => {
      const server = await serveFaults([reply(307, '', { location: '/elsewhere' })])
      const { data, response } = await clientAt(server.url).rerank.withResponse(REQUEST)
      expect([data.results.length, response.attempts]).toEqual([REQUEST.documents.length, 1])
      expect(server.received.map(({ target }) => target)).toEqual(['/v1/rerank', '/v1/rerank'])
    })
  })
}
