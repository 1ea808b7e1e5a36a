import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createRerankClient } from '../../../src/index.ts'
import type { ClientOptions, RerankError, RerankRequest, RerankResponse } from '../../../src/index.ts'
import { drip, flood, gzip, reply, serveFaults, well } from '../../helpers/fault-server.ts'
import type { Fault } from '../../helpers/fault-server.ts'
import { passesOnHeaders, type Over } from '../../helpers/fetches.ts'
import { answerTo, failure, KEY, REQUEST } from '../../helpers/rerank.ts'

const MB = 1_000_000

/** Faults of bodies, that of an answer and that of an error. */
export function bodies(over: Over): void {
  async function call(
    fault: Fault,
    options: ClientOptions = {},
    request: RerankRequest = REQUEST,
  ): Promise<RerankResponse> {
    const server = await serveFaults([fault])
    return createRerankClient({
      apiKey: KEY,
      baseUrl: server.url,
      maxRetries: 0,
      ...over,
      ...options,
    }).rerank(request)
  }
  const errorOf = (fault: Fault, options?: ClientOptions): Promise<RerankError> =>
    failure(call(fault, options))

  describe('an answer is read', () => {
    test.each<[string, Fault]>([
      ['whole', well],
      ['in drops', drip],
      ['packed', gzip],
    ])('that comes %s', async (_, fault) => {
      const request = { query: 'q', documents: ['ä', '👍🏽', 'x'.repeat(200)] }
      expect((await call(fault, {}, request)).results).toEqual(answerTo(request).results)
    })

    test('with 1,000 documents of any characters, there and back', async () => {
      const odd = [
        '👩‍👩‍👧‍👦',
        '\ud800',
        '\udc00x',
        '\0',
        '\u2028\u2029',
        '"\\/',
        '\ufeff',
        'é',
        'e\u0301',
        '\r\n\t',
        '',
      ]
      const documents = Array.from(
        { length: 1000 },
        (_, index) => `${index} ${odd[index % odd.length] ?? ''}`,
      )
      const server = await serveFaults([])
      const client = createRerankClient({ apiKey: KEY, baseUrl: server.url, ...over })
      const { results } = await client.rerank({ query: '\ud800 👍', documents })
      expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({ query: '\ud800 👍', documents })
      expect(results.toReversed().map(({ document }) => document.text)).toEqual(documents)
    })
  })

  describe('an answer is refused', () => {
    test.each<[string, Fault]>([
      [
        'a page',
        reply(200, '<!doctype html><html><title>Sign in</title></html>', { 'content-type': 'text/html' }),
      ],
      ['no JSON', reply(200, 'fine')],
      ['JSON with NaN, whole as it is', reply(200, '{"results":[{"index":0,"relevance_score":NaN}]}')],
      ['another shape', reply(200, '{"data":[]}')],
    ])('that is %s', async (_, fault) => {
      expect(await errorOf(fault)).toMatchObject({ kind: 'response', status: 200, attempts: 1 })
    })

    test.each<[string, Fault]>([
      ['a 200 with an empty body', reply(200)],
      ['a 200 with an empty body in chunks', (response) => response.writeHead(200).end()],
      ['JSON that breaks off', reply(200, '{"results":[{"index":0')],
      ['JSON that breaks off in a string', reply(200, '{"id":"a\\"')],
      ['a list that breaks off', reply(200, '[{"index":0},')],
    ])('and may be asked for again when it is %s', async (_, fault) => {
      expect(await errorOf(fault)).toMatchObject({ kind: 'response', truncated: true })
    })

    test('that is a 204, without another try', async () => {
      const error = await errorOf((response) => response.writeHead(204).end())
      expect(error).toMatchObject({ kind: 'response', status: 204, attempts: 1 })
      expect(error).not.toHaveProperty('truncated')
    })

    test('whose packing is broken', async () => {
      const error = await errorOf(reply(200, 'not gzip', { 'content-encoding': 'gzip' }))
      expect(error).toMatchObject({ kind: 'connection' })
    })

    test('beyond maxResponseBytes, without reading on', async () => {
      const fault = flood(200, 200 * MB)
      const error = await errorOf(fault, { maxResponseBytes: MB })
      expect(error.message).toBe(
        'POST /v1/rerank returned 200, but its body is larger than 1000000 bytes. Raise maxResponseBytes.',
      )
      expect(error).toMatchObject({ kind: 'response', status: 200 })
      expect(fault.sent).toBeLessThan(50 * MB)
    })

    test('beyond maxResponseBytes once unpacked', async () => {
      const packed = Buffer.concat(Array<Buffer>(200).fill(gzipSync(Buffer.alloc(MB))))
      const before = process.memoryUsage().arrayBuffers
      const error = await errorOf(reply(200, packed, { 'content-encoding': 'gzip' }), {
        maxResponseBytes: MB,
      })
      expect(error.message).toContain('its body is larger than 1000000 bytes')
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * MB)
    })
  })

  describe('an error', () => {
    test.each([
      ['in JSON', '{"detail":"overloaded"}', 'overloaded'],
      ['in text', 'overloaded', 'overloaded'],
      ['in a page', '<html><head><title>502 Bad Gateway</title>', 'an HTML page titled "502 Bad Gateway"'],
      ['in nothing', '', 'an empty body'],
    ])('%s is told', async (_, body, words) => {
      expect((await errorOf(reply(502, body))).message).toBe(
        `POST /v1/rerank returned 502: ${words}. Try again later.`,
      )
    })

    test('of 200 MB is cut at 64 KiB, without reading on', async () => {
      const fault = flood(500, 200 * MB)
      const before = process.memoryUsage()
      const error = await errorOf(fault)
      expect(error).toMatchObject({ kind: 'server', status: 500, body: 'x'.repeat(64 * 1024) })
      expect(error.message.length).toBeLessThan(500)
      expect(fault.sent).toBeLessThan(50 * MB)
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      expect(heapUsed - before.heapUsed + arrayBuffers - before.arrayBuffers).toBeLessThan(50 * MB)
    })

    test('that breaks off, or never ends, has its status and what came all the same', async () => {
      const broken: Fault = (response, { socket }) => {
        response
          .writeHead(401, { 'content-length': 1000 })
          .write('{"detail":', () => socket.resetAndDestroy())
      }
      const stalled: Fault = (response) =>
        response.writeHead(401, { 'x-request-id': 'req-1' }).write('{"detail":')
      expect(await errorOf(broken)).toMatchObject({ kind: 'authentication', status: 401, attempts: 1 })
      const error = await errorOf(stalled, { timeoutMs: 3000, ...passesOnHeaders(over, 2000) })
      expect(error).toMatchObject({ kind: 'authentication', requestId: 'req-1', body: '{"detail":' })
    })
  })
}
