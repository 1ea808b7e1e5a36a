import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { serveLocalReranker, type LocalServer, type LocalServerOptions } from '../../src/local/index.ts'
import { MODEL, posting } from './endpoint.ts'

const VALID = { model: MODEL, query: 'q', documents: ['d'] }

const servers: LocalServer[] = []

async function serve(options?: LocalServerOptions): Promise<LocalServer> {
  const server = await serveLocalReranker(options)
  servers.push(server)
  return server
}

afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

describe('serveLocalReranker', () => {
  it('takes a free port of 127.0.0.1', async () => {
    const { url, port } = await serve()
    expect(url).toBe(`http://127.0.0.1:${port}`)
    expect(port).toBeGreaterThan(0)
  })

  it('takes the port that it is told', async () => {
    const { port, close } = await serve()
    await close()
    expect((await serve({ port })).port).toBe(port)
  })

  it('says what it needs where there is none of it', async () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
    await expect(serveLocalReranker()).rejects.toThrow('serveLocalReranker needs node:http')
  })

  it('says that a port is in use', async () => {
    const { port } = await serve()
    await expect(serveLocalReranker({ port })).rejects.toThrow(
      `Can't listen on 127.0.0.1:${port}: the port is in use`,
    )
  })

  it('says why it cannot listen', async () => {
    // An address of the documentation's own network, which is nobody's.
    await expect(serveLocalReranker({ host: '192.0.2.1' })).rejects.toMatchObject({
      message: expect.stringMatching(/^Can't listen on 192\.0\.2\.1:0: (?!the port is in use)/) as string,
      cause: { code: 'EADDRNOTAVAIL' },
    })
  })

  it('gives an address that can be called when it listens on all', async () => {
    const { url } = await serve({ host: '0.0.0.0' })
    expect(new URL(url).hostname).toBe('127.0.0.1')
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  it.runIf(hasIPv6())('gives an address of IPv6 in brackets', async () => {
    const { url, port } = await serve({ host: '::' })
    expect(url).toBe(`http://[::1]:${port}`)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  it('closes by await using as well', async () => {
    const server = await serve()
    await server[Symbol.asyncDispose]()
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  it('closes once, however often it is told', async () => {
    const { close } = await serve()
    await expect(Promise.all([close(), close()])).resolves.toEqual([undefined, undefined])
    await expect(close()).resolves.toBeUndefined()
  })

  it('ends connections that are kept alive', async () => {
    const server = await serve()
    const agent = new Agent({ keepAlive: true })
    const [response] = (await once(request(`${server.url}/health`, { agent }).end(), 'response')) as [
      IncomingMessage,
    ]
    const ended = once(response.socket, 'close')
    await text(response)
    await server.close()
    await ended
  })

  it('ends connections whose request is under way', async () => {
    const server = await serve()
    const headers = { ...POST_HEADERS, expect: '100-continue' }
    const outgoing = request(`${server.url}/v1/rerank`, { method: 'POST', headers })
    outgoing.flushHeaders()
    await once(outgoing, 'continue')
    const ended = once(outgoing, 'error')
    await server.close()
    await ended
  })

  it('goes on after a client that leaves in the middle of its body', async () => {
    const { url } = await serve()
    const outgoing = request(`${url}/v1/rerank`, { method: 'POST', headers: POST_HEADERS })
    outgoing.on('error', () => undefined)
    await new Promise((resolve) => outgoing.write('{', resolve))
    outgoing.destroy()
    expect((await fetch(`${url}/v1/rerank`, posting(VALID))).status).toBe(200)
  })

  it('answers 413 to a length that is announced, before the body begins', async () => {
    const { url } = await serve({ maxBodyBytes: 10 })
    const headers = { ...POST_HEADERS, 'content-length': 11 }
    const outgoing = request(`${url}/v1/rerank`, { method: 'POST', headers })
    outgoing.flushHeaders()
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    outgoing.destroy()
    expect(response.statusCode).toBe(413)
  })

  it('takes a body of many packets', async () => {
    const { url } = await serve()
    const documents = Array.from({ length: 1_000 }, (_, index) => `${index} ${'x '.repeat(1_000)}`)
    const response = await fetch(`${url}/v1/rerank`, posting({ ...VALID, documents }))
    expect(await response.json()).toHaveProperty('results.length', 1_000)
  })

  it('answers 413 before the body ends, and reads the rest', async () => {
    const { url } = await serve({ maxBodyBytes: 10 })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const outgoing = request(`${url}/v1/rerank`, { method: 'POST', headers: POST_HEADERS, agent })
    outgoing.write('x'.repeat(11))
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(413)
    await new Promise<void>((resolve) => outgoing.end('x'.repeat(1_000_000), resolve))
    await text(response)
    const [next] = (await once(request(`${url}/health`, { agent }).end(), 'response')) as [IncomingMessage]
    expect(next.statusCode).toBe(200)
    agent.destroy()
  })

  it.each([
    ['what is no HTTP', 'nonsense\r\n\r\n', '400 Bad Request'],
    [
      'a target that is no path',
      'OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
      '400 Bad Request',
    ],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n', '400 Bad Request'],
    [
      'a URL with credentials',
      'GET http://u:p@h/health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
      '400 Bad Request',
    ],
    [
      'a URL with a user alone',
      'GET http://u@h/health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
      '400 Bad Request',
    ],
    [
      'a URL of no web server',
      'GET file:///health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
      '400 Bad Request',
    ],
    [
      'a URL with a password alone',
      'GET http://:p@h/health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
      '400 Bad Request',
    ],
    [
      'a whole URL of https',
      'GET https://any.test/health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
      '200 OK',
    ],
    ['a whole URL', 'GET http://any.test/health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n', '200 OK'],
    [
      'a body of GET',
      'GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\nxx',
      '200 OK',
    ],
  ])('answers %s', async (_what, bytes, status) => {
    const { port } = await serve()
    const socket = connect(port, '127.0.0.1')
    socket.write(bytes)
    expect(await text(socket)).toContain(`HTTP/1.1 ${status}\r\n`)
  })

  it('says that it does not take a request', async () => {
    const { port } = await serve()
    const socket = connect(port, '127.0.0.1')
    socket.write('TRACE / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(await text(socket)).toContain('{"detail":"Bad Request"}')
  })

  it('answers many at once', async () => {
    const { url } = await serve()
    const statuses = Array.from(
      { length: 50 },
      async () => (await fetch(`${url}/v1/rerank`, posting(VALID))).status,
    )
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]))
  })
})

const POST_HEADERS = { authorization: 'Bearer any', 'content-type': 'application/json' }

function hasIPv6(): boolean {
  return Object.values(networkInterfaces())
    .flat()
    .some((at) => at?.address === '::1')
}
