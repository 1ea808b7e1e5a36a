import { once } from 'node:events'
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { text } from 'node:stream/consumers'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { LIMITS } from '../../../src/cli/serve/limits.ts'
import { startServer } from '../../../src/cli/serve/server.ts'
import type { Handler, ServerOptions } from '../../../src/cli/serve/server.ts'
import { rejection, stopTimers } from '../../helpers/rerank.ts'
import { letGo } from '../../helpers/serving.ts'

const echo: Handler = async (incoming) =>
  Response.json({
    method: incoming.method,
    url: incoming.url,
    own: incoming.headers.get('x-own'),
    bytes: (await incoming.arrayBuffer()).byteLength,
  })

/** A server on a free port, and what it logs. */
async function start(handler: Handler = echo, options: Partial<ServerOptions> = {}) {
  const logged: string[] = []
  const log = (line: string): void => void logged.push(line)
  const server = await startServer(handler, {
    port: 0,
    host: '127.0.0.1',
    gate: () => undefined,
    log,
    ...options,
  })
  onTestFinished(() => {
    server.abort()
    return server.close()
  })
  return { ...server, logged }
}

/** Begins a request as fetch would not make it. */
function ask(url: string, options: RequestOptions): ClientRequest {
  return letGo(request(url, { agent: false, ...options }))
}

async function answerTo(outgoing: ClientRequest): Promise<{ status: number | undefined; body: string }> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: response.statusCode, body: await text(response) }
}

/** Resolves when something is so, which other events bring about. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

describe('a request', () => {
  test('comes to the handler whole', async () => {
    const { url } = await start()
    const outgoing = ask(`${url}/path?query`, { method: 'PUT', headers: { 'x-own': ['a', 'b'] } })
    outgoing.write('a')
    const { status, body } = await answerTo(outgoing.end('b'))
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual({
      method: 'PUT',
      url: 'http://localhost/path?query',
      own: 'a, b',
      bytes: 2,
    })
  })

  test.each(['GET', 'HEAD'])('by %s has no body', async (method) => {
    const { url } = await start()
    const headers = { 'content-length': 1 }
    expect(await answerTo(ask(url, { method, headers }).end('a'))).toMatchObject({ status: 200 })
  })

  test.each([
    ['for another server', { path: 'http://other.test/' }],
    ['for all of it', { path: '*', method: 'OPTIONS' }],
    ['that is to come back', { method: 'TRACE' }],
  ])('%s is a bad one', async (_, options) => {
    const { url } = await start()
    expect(await answerTo(ask(url, options).end())).toEqual({
      status: 400,
      body: '{"detail":"Bad Request"}',
    })
  })

  test('that the gate refuses is not read', async () => {
    const { url } = await start(echo, { gate: ({ host }) => `No ${host}.` })
    const outgoing = ask(url, { method: 'POST', headers: { host: 'evil.test', 'content-length': 9 } })
    outgoing.flushHeaders()
    expect(await answerTo(outgoing)).toEqual({ status: 403, body: '{"detail":"No evil.test."}' })
  })

  test('that its handler fails is told no more than that', async () => {
    const { url } = await start(() => Promise.reject(new Error('secret')))
    expect(await answerTo(ask(url, {}).end())).toEqual({
      status: 500,
      body: '{"detail":"Internal Server Error"}',
    })
  })

  test('whose caller leaves is given up, and logged so', async () => {
    const signals: AbortSignal[] = []
    const { url, logged } = await start(async ({ signal }) => {
      signals.push(signal)
      await once(signal, 'abort')
      return Response.json({})
    })
    const outgoing = ask(url, {}).end()
    await until(() => signals.length > 0)
    expect(signals[0]?.aborted).toBe(false)
    outgoing.destroy()
    await until(() => logged.length > 0)
    expect(signals[0]?.aborted).toBe(true)
    expect(logged).toEqual([expect.stringMatching(/^GET \/ left \d+ ms$/)])
  })
})

describe('a body', () => {
  test('may have the most bytes', async () => {
    const { url } = await start()
    const { status, body } = await answerTo(ask(url, { method: 'POST' }).end(Buffer.alloc(LIMITS.bodyBytes)))
    expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining({ bytes: LIMITS.bodyBytes })])
  })

  test('that says so is refused for one more', async () => {
    const { url } = await start()
    const outgoing = ask(url, { method: 'POST', headers: { 'content-length': LIMITS.bodyBytes + 1 } })
    outgoing.flushHeaders()
    expect(await answerTo(outgoing)).toEqual({
      status: 413,
      body: `{"detail":"The request body is larger than ${LIMITS.bodyBytes} bytes."}`,
    })
  })

  test('that grows is refused for one more, and its rest is read for the answer to be heard', async () => {
    const { url } = await start()
    const outgoing = ask(url, { method: 'POST' })
    outgoing.write(Buffer.alloc(LIMITS.bodyBytes))
    outgoing.write('x')
    for (let more = 0; more < 8; more += 1) outgoing.write(Buffer.alloc(1024 * 1024))
    const written = once(outgoing.end(), 'finish')
    expect((await answerTo(outgoing)).status).toBe(413)
    await written
  })
})

describe('requests at once', () => {
  test('are answered up to the most, and one more is not', async () => {
    const waiting: (() => void)[] = []
    const { url } = await start(async () => {
      await new Promise<void>((resolve) => waiting.push(resolve))
      return Response.json({})
    })
    const first = Array.from({ length: LIMITS.requests }, () => answerTo(ask(url, {}).end()))
    await until(() => waiting.length === LIMITS.requests)
    expect(await answerTo(ask(url, {}).end())).toEqual({
      status: 503,
      body: `{"detail":"More than ${LIMITS.requests} requests are in flight."}`,
    })
    for (const answer of waiting) answer()
    const statuses = (await Promise.all(first)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200]))
  })
})

/** Sends bytes by a connection of their own; resolves with what has come when it closes. */
async function exchange(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(bytes)
  return text(socket)
}

const GET = 'GET / HTTP/1.1\r\nhost: h\r\n\r\n'

/** A gauge, read by its own endpoint. */
async function gauge(url: string, name: string): Promise<number> {
  const { body } = await answerTo(ask(url, { path: '/metrics' }).end())
  return Number(new RegExp(`^nebius_rerank_${name} (.+)$`, 'm').exec(body)?.[1])
}

describe('one connection', () => {
  test('that pipelines requests and breaks leaves nothing counted', async () => {
    const { url, logged } = await start(() => new Promise<Response>(() => undefined))
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write(GET.repeat(200))
    await until(() => logged.length > 0 || socket.bytesWritten > 0)
    await vi.waitFor(async () => expect(await gauge(url, 'requests_in_flight')).toBeGreaterThan(0))
    socket.resetAndDestroy()
    await vi.waitFor(async () => expect(await gauge(url, 'requests_in_flight')).toBe(0))
    expect(logged.filter((line) => line.startsWith('GET / left'))).not.toEqual([])
  })

  test('is answered up to its most, then 503, and closed', async () => {
    const { url } = await start(echo, { limits: { requestsPerConnection: 3 } })
    const received = await exchange(url, GET.repeat(12))
    expect(received.match(/(?<=HTTP\/1.1 )\d+/g)).toEqual(['200', '200', '200', '503'])
    expect(received).toContain('More than 3 requests are in flight on this connection.')
  })

  test('is closed at once when it pipelines without end', async () => {
    const { url } = await start(() => new Promise<Response>(() => undefined))
    const outcome = await exchange(url, GET.repeat(1_000)).catch((error: unknown) => String(error))
    expect(outcome).toMatch(/^(?:|Error: .*ECONNRESET)$/)
    expect(await gauge(url, 'requests_in_flight')).toBe(0)
  })

  test('may send as many as it likes one after the other', async () => {
    const { url } = await start(echo, { limits: { requestsPerConnection: 1 } })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    for (let n = 0; n < 5; n += 1) {
      socket.write(GET)
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      expect(chunk.toString()).toMatch(/^HTTP\/1.1 200/)
    }
  })

  test('is closed when the head of its request takes too long', async () => {
    const { url } = await start(echo, { limits: { headMs: 30 } })
    expect(await exchange(url, 'GET / HTTP/1.1\r\nhost')).toMatch(/^HTTP\/1.1 408/)
  })

  test('is closed when it sends nothing at all', async () => {
    const { url } = await start(echo, { limits: { headMs: 30 } })
    expect(await exchange(url, '')).toMatch(/^HTTP\/1.1 408/)
  })

  test('is closed when the body of its request takes too long', async () => {
    const { url, logged } = await start(echo, { limits: { headMs: 30, requestMs: 60 } })
    await exchange(url, 'POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\nx')
    await until(() => logged.length > 0)
    expect(logged[0]).toMatch(/^POST \/ left/)
  })

  test('is closed when a body that nobody reads takes too long', async () => {
    const { url } = await start(async () => Response.json({}), { limits: { headMs: 30, requestMs: 60 } })
    const head = 'POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\nx'
    expect(await exchange(url, head)).toMatch(/^HTTP\/1.1 200/)
  })

  test('is closed when it does not read its response', async () => {
    const big = 'x'.repeat(16 * 1024 * 1024)
    const { url, logged } = await start(async () => new Response(big), { limits: { responseMs: 30 } })
    const socket = connect(Number(new URL(url).port), '127.0.0.1').pause()
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => undefined).write(GET)
    await until(() => logged.length > 0)
    expect(logged[0]).toMatch(/^GET \/ left/)
    expect(await gauge(url, 'bytes_in_flight')).toBe(0)
  })
})

describe('bodies in flight', () => {
  test('are refused beyond their sum, and counted down at the end', async () => {
    const { url } = await start(echo, { limits: { bytesInFlight: 1_000_000 } })
    const first = ask(url, { method: 'POST' })
    first.write(Buffer.alloc(900_000))
    await vi.waitFor(async () => expect(await gauge(url, 'bytes_in_flight')).toBe(900_000))
    const { status, body } = await answerTo(ask(url, { method: 'POST' }).end(Buffer.alloc(200_000)))
    expect([status, body]).toEqual([503, expect.stringContaining('larger than 1000000 bytes')])
    expect(await answerTo(first.end())).toMatchObject({ status: 200 })
    await vi.waitFor(async () => expect(await gauge(url, 'bytes_in_flight')).toBe(0))
  })

  test('are not read before the handler asks for them', async () => {
    const { url } = await start(async () => Response.json({}, { status: 401 }))
    const outgoing = ask(url, { method: 'POST', headers: { expect: '100-continue', 'content-length': 9 } })
    outgoing.on('continue', () => expect.fail('asked for the body')).flushHeaders()
    expect((await answerTo(outgoing)).status).toBe(401)
  })
})

describe('a busy server', () => {
  test('still tells how it is', async () => {
    const { url } = await start(() => new Promise<Response>(() => undefined), { limits: { requests: 1 } })
    ask(url, {}).end()
    await vi.waitFor(async () => expect(await gauge(url, 'requests_in_flight')).toBe(1))
    expect(await answerTo(ask(url, {}).end())).toMatchObject({ status: 503 })
    expect(await answerTo(ask(url, { path: '/health' }).end())).toEqual({
      status: 200,
      body: '{"status":"ok"}',
    })
  })

  test('takes no more connections than its most', async () => {
    const { url } = await start(echo, { limits: { connections: 1 } })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    await once(socket, 'connect')
    const outcome = await exchange(url, GET).catch((error: unknown) => String(error))
    expect(outcome).toMatch(/^(?:|Error: .*ECONNRESET)$/)
  })
})

describe('the log', () => {
  test.each([
    ['/path?query#fragment', 'GET /path 200'],
    [`/${'a'.repeat(100)}`, `GET /${'a'.repeat(79)} 200`],
  ])('of %s has no query, and is not long', async (path, line) => {
    const { url, logged } = await start()
    const started = performance.now()
    await answerTo(ask(url, { path }).end())
    await until(() => logged.length > 0)
    const [, said, ms] = /^(.*) (\d+) ms$/.exec(logged[0] ?? '') ?? []
    expect(said).toBe(line)
    expect(Number(ms)).toBeLessThanOrEqual(performance.now() - started + 1)
  })
})

describe('a server', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
  ])('on %s is reached by %s', async (host, name) => {
    const { url } = await start(echo, { host })
    expect(url).toMatch(new RegExp(`^http://${name}:\\d+$`))
  })

  test.each([
    ['::1', '[::1]'],
    ['::', '[::1]'],
  ])('on %s is reached by %s, where the machine has it', async (host, name) => {
    const { url } = await start(echo, { host }).catch((error: unknown) => ({ url: error }))
    if (url instanceof Error) expect(url).toMatchObject({ cause: { code: 'EADDRNOTAVAIL' } })
    else expect(url).toMatch(new RegExp(`^http://${name.replace(/[[\]]/g, '\\$&')}:\\d+$`))
  })

  test('that can not listen says why', async () => {
    const port = Number(new URL((await start()).url).port)
    expect(await rejection(start(echo, { port }))).toMatchObject({
      message: `Can't listen on 127.0.0.1:${port}: the port is in use`,
      cause: { code: 'EADDRINUSE' },
    })
    const reason = await rejection(start(echo, { host: '192.0.2.1' }))
    expect(reason).toMatchObject({
      message: expect.stringMatching(/192\.0\.2\.1:0: it is not an address of this machine$/) as unknown,
    })
  })

  test('that ends waits ten seconds for what is under way, and no longer', async () => {
    const timers = stopTimers()
    let isAsked = false
    const { url, close, logged } = await start(async () => {
      isAsked = true
      return new Promise<Response>(() => undefined)
    })
    ask(url, {}).end()
    await until(() => isAsked)
    const closed = close()
    timers.pass(9_999)
    expect(await rejection(answerTo(ask(url, {}).end()))).toHaveProperty('code', 'ECONNREFUSED')
    expect(logged).toEqual([])
    timers.pass(1)
    await closed
    await until(() => logged.length > 0)
    expect(logged[0]).toMatch(/^GET \/ left /)
  })

  test('keeps connections until it ends', async () => {
    const { url } = await start()
    const outgoing = ask(url, { headers: { connection: 'keep-alive' } }).end()
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    expect(response.headers.connection).toBe('keep-alive')
    response.resume()
  })
})
