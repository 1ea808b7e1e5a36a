import { once } from 'node:events'
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MOST_AT_ONCE, MOST_BYTES, startServer } from '../../../src/cli/serve/server.ts'
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
    const { status, body } = await answerTo(ask(url, { method: 'POST' }).end(Buffer.alloc(MOST_BYTES)))
    expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining({ bytes: MOST_BYTES })])
  })

  test('that says so is refused for one more', async () => {
    const { url } = await start()
    const outgoing = ask(url, { method: 'POST', headers: { 'content-length': MOST_BYTES + 1 } })
    outgoing.flushHeaders()
    expect(await answerTo(outgoing)).toEqual({
      status: 413,
      body: `{"detail":"The request body is larger than ${MOST_BYTES} bytes."}`,
    })
  })

  test('that grows is refused for one more, and its rest is read for the answer to be heard', async () => {
    const { url } = await start()
    const outgoing = ask(url, { method: 'POST' })
    outgoing.write(Buffer.alloc(MOST_BYTES))
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
    const first = Array.from({ length: MOST_AT_ONCE }, () => answerTo(ask(url, {}).end()))
    await until(() => waiting.length === MOST_AT_ONCE)
    expect(await answerTo(ask(url, {}).end())).toEqual({
      status: 503,
      body: `{"detail":"More than ${MOST_AT_ONCE} requests are under way."}`,
    })
    for (const answer of waiting) answer()
    const statuses = (await Promise.all(first)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200]))
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
      message: expect.stringMatching(/192\.0\.2\.1:0: .*EADDRNOTAVAIL/) as unknown,
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
