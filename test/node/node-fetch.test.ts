import { getEventListeners, once } from 'node:events'
import { Agent } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import zlib from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import { createNodeFetch } from '../../src/node/index.ts'
import type { NodeFetch, NodeFetchOptions, NodeResponse } from '../../src/node/index.ts'
import { closedPort, drip, half, reply, reset, serveFaults, stall } from '../helpers/fault-server.ts'
import type { Fault } from '../helpers/fault-server.ts'
import { good, KEY, rejection, REQUEST, scripted } from '../helpers/rerank.ts'

const POST = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"ä":1}' } as const
const well = reply(200, 'fine')

/** A connection on which everything is said by hand: raw bytes both ways. */
async function serveRaw(respond: (socket: Socket, request: string) => unknown): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).setEncoding('latin1'))
    socket.on('data', (data) => respond(socket, String(data)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function bytesOf(response: NodeResponse): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of response.body ?? []) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** The body’s own iterator. */
function iteratorOf(response: NodeResponse): AsyncIterator<Uint8Array> {
  return response.body ?? expect.fail('there is no body')
}

describe('a request', () => {
  test('is sent with these bytes, and no others', async () => {
    let sent = ''
    const url = await serveRaw((socket, request) => {
      sent += request
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    })
    const headers = { Authorization: 'Bearer key', 'x-name': 'caf\u00e9' }
    await (await createNodeFetch()(`${url}/v1/rerank?a=b%20c#d`, { ...POST, headers })).text()
    const encodings = Reflect.has(zlib, 'createZstdDecompress') ? 'gzip, br, zstd' : 'gzip, br'
    expect(sent.split('\r\n')).toEqual([
      'POST /v1/rerank?a=b%20c HTTP/1.1',
      `host: ${url.slice('http://'.length)}`,
      `accept-encoding: ${encodings}`,
      'authorization: Bearer key',
      'x-name: caf\u00e9',
      'content-length: 8',
      'Connection: keep-alive',
      '',
      // Its UTF-8, read as Latin-1.
      '{"\u00c3\u00a4":1}',
    ])
  })

  test('of a large body arrives whole', async () => {
    const server = await serveFaults([well])
    const body = JSON.stringify({ text: '👍🏽'.repeat(500_000) })
    await createNodeFetch()(server.url, { ...POST, body })
    expect(server.received[0]?.body === body).toBe(true)
  })

  test.each([
    [{ connection: 'close' }, 'the header connection is set by the fetch itself: leave it out'],
    [
      { 'Transfer-Encoding': 'chunked' },
      'the header transfer-encoding is set by the fetch itself: leave it out',
    ],
    [{ 'content-length': '1' }, 'the header content-length is set by the fetch itself: leave it out'],
    [{ 'x-a': 'MARKER\r\nx-b: c' }, 'Invalid character in header content ["x-a"]'],
  ])('with the headers %j is not sent', async (headers, message) => {
    const server = await serveFaults([])
    const error = (await rejection(
      createNodeFetch()(server.url, { ...POST, headers: { ...headers } }),
    )) as Error
    expect(error).toBeInstanceOf(TypeError)
    expect(error.cause).toMatchObject({ message, code: expect.stringMatching(/^ERR_INVALID/) as string })
    expect(server.received).toEqual([])
  })

  test.each([
    ['nowhere', 'Invalid URL'],
    ['ftp://a.test', 'url must be http or https, got ftp:'],
    ['http://user:MARKER@a.test', 'url must hold no credentials (not shown): send them in a header'],
  ])('to %s is a TypeError', async (url, message) => {
    const error = await rejection(createNodeFetch()(url, POST))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toHaveProperty('message', message)
  })
})

test('a client over it makes no AbortController, which would outlive its call on Node 20', async () => {
  const { url } = await serveFaults([])
  const made = vi.spyOn(globalThis, 'AbortController')
  const clients = [createNodeFetch(), scripted(good)].map((each) =>
    createRerankClient({ apiKey: KEY, baseUrl: url, fetch: each }),
  )
  const counts: number[] = []
  for (const client of clients) {
    await client.rerank(REQUEST)
    counts.push(made.mock.calls.length)
  }
  expect(counts).toEqual([0, 1])
})

describe('a response', () => {
  test('has its status, its reason and its headers', async () => {
    const url = await serveRaw((socket) =>
      socket.write(
        'HTTP/1.1 429 Slow Down\r\nX-A: 1\r\nx-a: 2\r\nSet-Cookie: a=b\r\nset-cookie: c=d\r\ncontent-length: 2\r\n\r\nno',
      ),
    )
    const { status, ok, statusText, headers, text } = await createNodeFetch()(url, POST)
    expect({ status, ok, statusText }).toEqual({ status: 429, ok: false, statusText: 'Slow Down' })
    expect(Object.fromEntries(headers)).toEqual({
      'x-a': '1, 2',
      'set-cookie': 'a=b, c=d',
      'content-length': '2',
    })
    expect([headers.get('X-A'), headers.has('x-A')]).toEqual(['1, 2', true])
    expect([headers.get('constructor'), headers.has('x-b')]).toEqual([null, false])
    expect(await text()).toBe('no')
  })

  test.each([301, 302, 303, 307, 308])('of %i is a redirect that is not followed', async (status) => {
    const server = await serveFaults([reply(status, '', { location: '/elsewhere' })])
    const response = await createNodeFetch()(server.url, POST)
    expect([response.status, response.headers.get('location')]).toEqual([status, '/elsewhere'])
    expect(server.received).toHaveLength(1)
  })

  test.each([
    ['POST', 204],
    ['POST', 304],
    ['HEAD', 200],
  ])('to %s with %i has no body, and its connection is used again', async (method, status) => {
    const server = await serveFaults([reply(status), reply(status)])
    const fetch = createNodeFetch()
    for (const { body, text } of [await fetch(server.url, { method }), await fetch(server.url, { method })]) {
      expect([body, await text()]).toEqual([null, ''])
    }
    expect(new Set(server.received.map(({ socket }) => socket)).size).toBe(1)
  })

  test.each<[string, Fault]>([
    ['at once', reply(200, '\ufeff"ä👍"')],
    [
      'in drops',
      (response) => {
        for (const byte of Buffer.from('\ufeff"ä👍"')) response.write(Buffer.of(byte))
        response.end()
      },
    ],
  ])('that comes %s is read as UTF-8, without a byte order mark', async (_, fault) => {
    const server = await serveFaults([fault])
    expect(await (await createNodeFetch()(server.url, POST)).text()).toBe('"ä👍"')
  })

  test('is read piece by piece', async () => {
    const server = await serveFaults([drip])
    const body = JSON.stringify({ query: 'q', documents: ['a', 'b'] })
    expect(await bytesOf(await createNodeFetch()(server.url, { ...POST, body }))).toMatch(/^\{"id".*\}$/)
  })

  test('whose iterator is returned from while it waits lets go of its connection', async () => {
    const server = await serveFaults([half(() => undefined)])
    const body = JSON.stringify({ query: 'q', documents: ['a'] })
    const iterator = iteratorOf(await createNodeFetch()(server.url, { ...POST, body }))
    await iterator.next()
    const waiting = iterator.next()
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    await vi.waitFor(() => expect(server.received[0]?.socket.destroyed).toBe(true))
  })

  test.each(['text', 'body'])('that breaks off fails its %s', async (way) => {
    const server = await serveFaults([half((socket) => socket.destroy())])
    const body = JSON.stringify({ query: 'q', documents: ['a'] })
    const response = await createNodeFetch()(server.url, { ...POST, body })
    const error = await rejection(way === 'text' ? response.text() : bytesOf(response))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({
      message: 'terminated',
      cause: { message: 'other side closed', code: 'ECONNRESET' },
    })
  })

  test('that broke off before it was read fails then', async () => {
    const server = await serveFaults([half((socket) => socket.destroy())])
    const body = JSON.stringify({ query: 'q', documents: ['a'] })
    const response = await createNodeFetch()(server.url, { ...POST, body })
    await vi.waitFor(() => expect(server.received[0]?.socket.destroyed).toBe(true))
    await nextTurn()
    expect(await rejection(response.text())).toBeInstanceOf(TypeError)
  })
})

describe('a packed response', () => {
  const TEXT = 'ä'.repeat(100_000)
  const { zstdCompressSync } = zlib as { zstdCompressSync?: (text: string) => Buffer }
  const PACKED: [string, (text: string) => Buffer][] = [
    ['gzip', zlib.gzipSync],
    ['X-GZip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['br', zlib.brotliCompressSync],
    ['identity', (text) => Buffer.from(text)],
    ['gzip, br', (text) => zlib.brotliCompressSync(zlib.gzipSync(text))],
    ...(zstdCompressSync ? [['zstd', zstdCompressSync] as [string, (text: string) => Buffer]] : []),
  ]

  test.each(PACKED)('by %s is unpacked', async (encoding, pack) => {
    const fault = reply(200, pack(TEXT), { 'content-encoding': encoding })
    const server = await serveFaults([fault, fault])
    const fetch = createNodeFetch()
    expect(await (await fetch(server.url, POST)).text()).toBe(TEXT)
    expect(await bytesOf(await fetch(server.url, POST))).toBe(TEXT)
    expect(server.received[1]?.socket === server.received[0]?.socket).toBe(true)
  })

  test.each(['rot13', 'gzip, gzip, gzip, gzip', 'constructor'])('by %s stays as it is', async (encoding) => {
    const server = await serveFaults([reply(200, 'fine', { 'content-encoding': encoding })])
    expect(await (await createNodeFetch()(server.url, POST)).text()).toBe('fine')
  })

  test.each([
    ['is none', Buffer.from('no gzip')],
    ['breaks off', zlib.gzipSync(TEXT).subarray(0, 100)],
  ])('that %s fails', async (_, body) => {
    const server = await serveFaults([reply(200, body, { 'content-encoding': 'gzip' })])
    const error = await rejection((await createNodeFetch()(server.url, POST)).text())
    expect(error).toMatchObject({
      message: 'terminated',
      cause: { code: expect.stringMatching(/^Z_/) as string },
    })
  })

  test('is unpacked no faster than it is read', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(100_000_000))
    const server = await serveFaults([reply(200, bomb, { 'content-encoding': 'gzip' })])
    const iterator = iteratorOf(await createNodeFetch()(server.url, POST))
    const before = process.memoryUsage().arrayBuffers
    for (let chunk = 0; chunk < 20; chunk += 1) await iterator.next()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
    await iterator.return?.()
  })
})

describe('an abort ends', () => {
  const caller = new AbortController()
  const REASON = { reason: 'mine alone' }

  test('what is not begun, without a connection', async () => {
    const server = await serveFaults([])
    caller.abort(REASON)
    expect(await rejection(createNodeFetch()(server.url, { ...POST, signal: caller.signal }))).toBe(REASON)
    expect(server.received).toEqual([])
  })

  test('what waits for a connection, for headers or for the body, each by its reason', async () => {
    const { signal, abort } = abortable()
    const server = await serveFaults([half(() => undefined), stall])
    const fetch = createNodeFetch({ maxSockets: 2 })
    const body = JSON.stringify({ query: 'q', documents: ['a'] })
    const response = await fetch(server.url, { ...POST, body, signal })
    const arrival = server.arrival()
    const calls = [
      response.text(),
      fetch(server.url, { ...POST, signal }),
      fetch(server.url, { ...POST, signal }),
    ]
    await arrival
    abort()
    expect(await Promise.all(calls.map(rejection))).toEqual([REASON, REASON, REASON])
    expect(server.received).toHaveLength(2)
    for (const { socket } of server.received) await vi.waitFor(() => expect(socket.destroyed).toBe(true))
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await fetch.close()
  })

  test('the unpacking of a body that has come', async () => {
    const { signal, abort } = abortable()
    const packed = zlib.gzipSync(Buffer.alloc(10_000_000))
    const server = await serveFaults([reply(200, packed, { 'content-encoding': 'gzip' })])
    const iterator = iteratorOf(await createNodeFetch()(server.url, { ...POST, signal }))
    await iterator.next()
    abort()
    expect(await rejection(iterator.next() as Promise<unknown>)).toBe(REASON)
  })

  test('nothing that is done', async () => {
    const { signal, abort } = abortable()
    const server = await serveFaults([well, well])
    const fetch = createNodeFetch()
    await (await fetch(server.url, { ...POST, signal })).text()
    expect(getEventListeners(signal, 'abort')).toEqual([])
    abort()
    await (await fetch(server.url, POST)).text()
    expect(server.received[1]?.socket === server.received[0]?.socket).toBe(true)
  })

  function abortable(): { signal: AbortSignal; abort: () => void } {
    const controller = new AbortController()
    return { signal: controller.signal, abort: () => controller.abort(REASON) }
  }
})

describe('a connection that is kept', () => {
  /** Answers each request, then ends the connection without a word. */
  const thenGone = (times: number): Promise<string> => {
    let requests = 0
    return serveRaw((socket) => {
      requests += 1
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine')
      if (requests <= times) socket.end()
    })
  }

  test('and was given up by the other side is replaced at once, since nothing was sent on it', async () => {
    const url = await thenGone(4)
    const fetch = createNodeFetch()
    for (let call = 0; call < 5; call += 1) expect(await (await fetch(url, POST)).text()).toBe('fine')
  })

  test('and was given up while the process slept, as all others, is replaced too', async () => {
    const url = await thenGone(3)
    const fetch = createNodeFetch()
    const call = async (): Promise<string> => (await fetch(url, POST)).text()
    await Promise.all([call(), call(), call()])
    // No turn of the event loop in between.
    const asleep = new Int32Array(new SharedArrayBuffer(4))
    Atomics.wait(asleep, 0, 0, 20)
    expect(await Promise.all([call(), call(), call()])).toEqual(['fine', 'fine', 'fine'])
  })

  test('and says something unasked, is replaced by one that answers', async () => {
    let connections = 0
    const url = await serveRaw((socket) => {
      connections += 1
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine')
      if (connections === 1)
        socket.end('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    })
    const fetch = createNodeFetch()
    expect(await (await fetch(url, POST)).text()).toBe('fine')
    expect((await fetch(url, POST)).status).toBe(200)
  })

  test('and is reset once a request is sent on it fails, and is not sent twice', async () => {
    const server = await serveFaults([well, reset])
    const fetch = createNodeFetch()
    await (await fetch(server.url, POST)).text()
    expect(await rejection(fetch(server.url, POST))).toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(server.received).toHaveLength(2)
  })
})

describe('close', () => {
  test('ends idle connections, and makes no further ones', async () => {
    const server = await serveFaults([well])
    const fetch = createNodeFetch()
    await (await fetch(server.url, POST)).text()
    await fetch.close()
    const [request] = server.received
    await vi.waitFor(() => expect(request?.socket.destroyed).toBe(true))
    expect(await rejection(fetch(server.url, POST))).toMatchObject({
      message: 'fetch failed',
      cause: { message: 'this fetch is closed' },
    })
  })

  test('waits for requests in flight, and ends their connections', async () => {
    let finish = (): void => undefined
    const server = await serveFaults([(response) => (finish = () => response.end('fine'))])
    const fetch = createNodeFetch()
    const arrival = server.arrival()
    const call = fetch(server.url, POST)
    await arrival
    let isClosed = false
    const closed = fetch.close().then(() => (isClosed = true))
    await nextTurn()
    expect(isClosed).toBe(false)
    finish()
    expect(await (await call).text()).toBe('fine')
    await closed
    await vi.waitFor(() => expect(server.received[0]?.socket.destroyed).toBe(true))
  })

  test('resolves however often it is called', async () => {
    const fetch = createNodeFetch()
    await Promise.all([fetch.close(), fetch.close()])
  })
})

describe('the options', () => {
  test('maxSockets is how many requests are in flight at once', async () => {
    const server = await serveFaults(() => well)
    const fetch = createNodeFetch({ maxSockets: 3 })
    await Promise.all(Array.from({ length: 20 }, async () => (await fetch(server.url, POST)).text()))
    expect(server.received).toHaveLength(20)
    expect(new Set(server.received.map(({ socket }) => socket)).size).toBeLessThanOrEqual(3)
  })

  test('maxSockets is not used up by what fails', async () => {
    const url = await closedPort()
    const fetch = createNodeFetch({ maxSockets: 1 })
    for (let call = 0; call < 3; call += 1) {
      expect(await rejection(fetch(url, POST))).toMatchObject({ cause: { code: 'ECONNREFUSED' } })
      await rejection(fetch(url, { ...POST, headers: { connection: 'close' } }))
    }
  })

  test('lookup resolves names', async () => {
    const server = await serveFaults([well])
    const asked: string[] = []
    const fetch = createNodeFetch({
      lookup: (name, { all }, callback) => {
        asked.push(name)
        if (all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
        else callback(null, '127.0.0.1', 4)
      },
    })
    await (await fetch(server.url.replace('127.0.0.1', 'rerank.test'), POST)).text()
    expect(asked).toEqual(['rerank.test'])
  })

  test('agent makes the connections, and is left open', async () => {
    const agent = new Agent({ keepAlive: true })
    const server = await serveFaults([well, well])
    const fetch = createNodeFetch({ agent })
    await (await fetch(server.url, POST)).text()
    await fetch.close()
    expect(Object.keys(agent.freeSockets)).toHaveLength(1)
    agent.destroy()
  })

  test('an agent for http alone fails an https call', async () => {
    const error = await rejection(createNodeFetch({ agent: new Agent() })('https://127.0.0.1', POST))
    expect(error).toMatchObject({ cause: { code: 'ERR_INVALID_PROTOCOL' } })
  })

  test.each<[unknown, string]>([
    [null, 'options must be an object, got null'],
    [{ maxSockets: 0 }, 'maxSockets must be a whole number, 1 or more, got 0'],
    [{ maxSockets: 1.5 }, 'maxSockets must be a whole number, 1 or more, got 1.5'],
    [{ maxSockets: '2' }, 'maxSockets must be a whole number, 1 or more, got "2"'],
    [{ lookup: 'dns' }, 'lookup must be a function as dns.lookup, got "dns"'],
    [{ agent: {} }, 'agent must be an http.Agent, got an object'],
    [{ agent: null }, 'agent must be an http.Agent, got null'],
    [{ ca: 5 }, 'ca must be PEM text, as a string or a Buffer, or an array of such, got 5'],
    [{ ca: [] }, 'ca must be PEM text, as a string or a Buffer, or an array of such, got an array'],
    [{ proxy: false }, 'proxy must be true or a URL, got false'],
    [
      { proxy: 'a.test:3128' },
      'proxy must be an http or https URL, got another value (not shown: it may hold a password)',
    ],
    [
      { agent: new Agent(), maxSockets: 1 },
      'maxSockets has no effect on an agent of your own: leave out one of the two',
    ],
  ])('%j are a TypeError', (options, message) => {
    const make = (): NodeFetch => createNodeFetch(options as NodeFetchOptions)
    expect(make).toThrow(new TypeError(message))
  })
})
