import { beforeAll, describe, expect, test, vi } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import type { RerankClient } from '../../src/index.ts'
import { createNodeFetch } from '../../src/node/index.ts'
import type { NodeFetchOptions } from '../../src/node/index.ts'
import { environmentProxy } from '../../src/node/proxy.ts'
import { closedPort, serveFaults } from '../helpers/fault-server.ts'
import { serveProxy } from '../helpers/proxy-server.ts'
import { answerTo, failure, KEY, rejection, REQUEST } from '../helpers/rerank.ts'
import { issue, makeAuthority, serveTls } from '../helpers/tls-server.ts'
import type { Certificate } from '../helpers/tls-server.ts'
import { viewsOf } from '../helpers/views.ts'

const PASSWORD = 'MARKER-p@ss:word'

let ca: Certificate
let own: Certificate
beforeAll(async () => {
  ca = await makeAuthority()
  own = await issue(ca, ['rerank.test', '127.0.0.1'])
})

/** A client of a host that only the proxy can find. */
function clientThrough(
  proxy: NodeFetchOptions['proxy'],
  port: number,
  options: NodeFetchOptions = {},
): RerankClient {
  const fetch = createNodeFetch({ proxy, ca: ca.cert, ...options })
  return createRerankClient({ apiKey: KEY, baseUrl: `https://rerank.test:${port}`, maxRetries: 0, fetch })
}

describe('through a proxy', () => {
  test('https takes a tunnel, which is used again', async () => {
    const [proxy, { port }] = await Promise.all([serveProxy(), serveTls(own)])
    const client = clientThrough(new URL(proxy.url), port)
    expect((await client.rerank(REQUEST)).results).toEqual(answerTo(REQUEST).results)
    await client.rerank(REQUEST)
    expect(proxy.asked).toEqual([`CONNECT rerank.test:${port}`])
    expect(proxy.credentials).toEqual([undefined])
  })

  test('a certificate of ours goes to the service', async () => {
    const { cert, key } = await issue(ca, ['caller.test'])
    const { port, callers } = await serveTls({
      ...own,
      ca: ca.cert,
      requestCert: true,
      rejectUnauthorized: true,
    })
    await clientThrough((await serveProxy()).url, port, { cert, key }).rerank(REQUEST)
    expect(callers).toEqual(['caller.test'])
  })

  test('that speaks TLS itself, https takes a tunnel as well', async () => {
    const [proxy, { port }] = await Promise.all([serveProxy({ tls: own }), serveTls(own)])
    expect((await clientThrough(proxy.url, port).rerank(REQUEST)).results).toHaveLength(2)
    expect(proxy.asked).toEqual([`CONNECT rerank.test:${port}`])
  })

  test.each([undefined, 'tls'])('http is forwarded whole %s', async (kind) => {
    const proxy = await serveProxy(kind ? { tls: own } : {})
    const server = await serveFaults([])
    const baseUrl = server.url.replace('127.0.0.1', 'rerank.test')
    const fetch = createNodeFetch({ proxy: proxy.url, ca: ca.cert })
    const client = createRerankClient({ apiKey: KEY, baseUrl, allowInsecureHttp: true, maxRetries: 0, fetch })
    expect((await client.rerank(REQUEST)).results).toHaveLength(2)
    expect(proxy.asked).toEqual([`POST ${baseUrl}/v1/rerank`])
    expect(server.received[0]?.headers.host).toBe(baseUrl.replace('http://', ''))
  })

  test('maxSockets holds for tunnels too', async () => {
    const [proxy, { port, callers }] = await Promise.all([serveProxy(), serveTls(own)])
    const client = clientThrough(proxy.url, port, { maxSockets: 2 })
    await Promise.all(Array.from({ length: 6 }, () => client.rerank(REQUEST)))
    expect(callers).toHaveLength(6)
    expect(proxy.asked).toHaveLength(2)
  })

  test('credentials of its URL are sent to it alone', async () => {
    const [proxy, { port }] = await Promise.all([serveProxy(), serveTls(own)])
    const url = new URL(proxy.url)
    Object.assign(url, { username: 'us er', password: PASSWORD })
    await clientThrough(url, port).rerank(REQUEST)
    expect(proxy.credentials).toEqual([`Basic ${Buffer.from(`us er:${PASSWORD}`).toString('base64')}`])
  })

  test('an abort while the tunnel is made ends the call and the connection', async () => {
    const proxy = await serveProxy({ status: 'silence' })
    const caller = new AbortController()
    const call = clientThrough(proxy.url, 1).rerank(REQUEST, { signal: caller.signal })
    await vi.waitFor(() => expect(proxy.asked).toHaveLength(1))
    caller.abort(new Error('enough'))
    expect(await rejection(call)).toBe(caller.signal.reason)
    await vi.waitFor(() => expect(proxy.open()).toBe(0))
  })
})

describe('a proxy that fails', () => {
  const withPassword = (url: string): string => url.replace('//', `//user:${encodeURIComponent(PASSWORD)}@`)

  test.each([
    [407, 'the proxy responded to CONNECT with 407 (it asks for a user name and password, or for others)'],
    [502, 'the proxy responded to CONNECT with 502'],
  ])('by a %i, is told of without its credentials', async (status, words) => {
    const proxy = await serveProxy({ status })
    const error = await failure(clientThrough(withPassword(proxy.url), 1).rerank(REQUEST))
    expect(error).toMatchObject({ kind: 'connection', code: 'ERR_PROXY_TUNNEL' })
    expect(error.message).toContain(words)
    expect(viewsOf(error).filter((view) => /MARKER|TUFSS0VS/.test(view))).toEqual([])
    await vi.waitFor(() => expect(proxy.open()).toBe(0))
  })

  test('because nobody listens, is told of without its credentials', async () => {
    const error = await failure(clientThrough(withPassword(await closedPort()), 1).rerank(REQUEST))
    expect(error).toMatchObject({ kind: 'connection', code: 'ECONNREFUSED' })
    expect(viewsOf(error).filter((view) => /MARKER|TUFSS0VS/.test(view))).toEqual([])
  })

  test('whose service does not listen, ends the call', async () => {
    const proxy = await serveProxy()
    const { port } = new URL(await closedPort())
    expect(await failure(clientThrough(proxy.url, Number(port)).rerank(REQUEST))).toMatchObject({
      kind: 'connection',
      code: 'ECONNRESET',
    })
  })
})

describe('the proxy of the environment', () => {
  test('is asked where proxy is true', async () => {
    const [proxy, { port }] = await Promise.all([serveProxy(), serveTls(own)])
    vi.stubEnv('HTTPS_PROXY', proxy.url)
    await clientThrough(true, port).rerank(REQUEST)
    expect(proxy.asked).toEqual([`CONNECT rerank.test:${port}`])
  })

  const proxyOf = (env: Record<string, string>, url: string): string | undefined =>
    environmentProxy(env)(new URL(url))?.href

  test.each([
    [{ HTTPS_PROXY: 'http://a.test:1' }, 'https://x.test', 'http://a.test:1/'],
    [{ https_proxy: 'http://a.test:1', HTTPS_PROXY: 'http://b.test' }, 'https://x.test', 'http://a.test:1/'],
    [{ https_proxy: '', HTTPS_PROXY: 'http://b.test' }, 'https://x.test', undefined],
    [{ HTTPS_PROXY: 'a.test:3128' }, 'https://x.test', 'http://a.test:3128/'],
    [{ HTTPS_PROXY: 'http://a.test' }, 'http://x.test', undefined],
    [{ HTTP_PROXY: 'http://a.test' }, 'http://x.test', 'http://a.test/'],
    [{ HTTP_PROXY: 'http://a.test' }, 'https://x.test', undefined],
    [{ HTTP_PROXY: 'http://a.test', HTTPS_PROXY: ' ' }, 'http://127.0.0.1:8787', undefined],
    [{ HTTP_PROXY: 'http://a.test' }, 'http://localhost', undefined],
    [{ HTTP_PROXY: 'http://a.test' }, 'http://[::1]:80', undefined],
    [{}, 'https://x.test', undefined],
  ])('by %j, of %s, is %s', (env, url, proxy) => {
    expect(proxyOf(env as Record<string, string>, url)).toBe(proxy)
  })

  test.each([
    ['*', 'https://x.test'],
    ['x.test', 'https://x.test'],
    ['.x.test', 'https://a.x.test'],
    ['*.x.test', 'https://a.x.test'],
    ['x.test', 'https://a.x.test'],
    ['X.TEST', 'https://x.test'],
    ['a.test, x.test', 'https://x.test'],
    ['a.test x.test', 'https://x.test'],
    ['x.test:443', 'https://x.test'],
    ['x.test:8443', 'https://x.test:8443'],
    ['10.0.0.0/8', 'https://10.1.2.3'],
    ['10.1.2.3', 'https://10.1.2.3'],
    ['fd00::/8', 'https://[fd12::1]'],
    ['fd12::1', 'https://[fd12::1]'],
    ['[fd12::1]:443', 'https://[fd12::1]'],
  ])('is left out by NO_PROXY=%s for %s', (list, url) => {
    expect(proxyOf({ HTTPS_PROXY: 'http://a.test', NO_PROXY: list }, url)).toBeUndefined()
    expect(proxyOf({ HTTPS_PROXY: 'http://a.test', no_proxy: list }, url)).toBeUndefined()
  })

  test.each([
    ['y.test', 'https://x.test'],
    ['x.test', 'https://ax.test'],
    ['x.test:8443', 'https://x.test'],
    ['10.0.0.0/8', 'https://11.1.2.3'],
    ['10.0.0.0/99', 'https://10.1.2.3'],
    ['10.0.0.0/8', 'https://x.test'],
    [',', 'https://x.test'],
    ['[', 'https://x.test'],
    ['x.test.evil', 'https://x.test'],
  ])('is not left out by NO_PROXY=%s for %s', (list, url) => {
    expect(proxyOf({ HTTPS_PROXY: 'http://a.test', NO_PROXY: list }, url)).toBe('http://a.test/')
  })

  test.each(['socks5://user:MARKER@a.test', 'http://', 'http://user:MARKER@a b'])(
    'is refused as %s, unseen',
    (value) => {
      const expected =
        'HTTPS_PROXY must be an http or https URL, got another value (not shown: it may hold a password)'
      expect(() => environmentProxy({ HTTPS_PROXY: value })).toThrow(new TypeError(expected))
    },
  )
})
