import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRerankClient, spec } from '../../../src/index.ts'
import { serveLocalReranker } from '../../../src/local/index.ts'
import type { Command } from '../../helpers/command.ts'
import { loadCommand } from '../../helpers/loaded-command.ts'
import { failure, KEY } from '../../helpers/rerank.ts'
import { begin, endedByOne, endedByTwo, letGo, serve } from '../../helpers/serving.ts'

const MARKED = { query: 'marked query', documents: ['marked document'] }
const BODY = JSON.stringify({ ...MARKED, model: 'Qwen/Qwen3-Reranker-8B' })

const HEADERS = { authorization: 'Bearer any', 'content-type': 'application/json' }

let command: Command
beforeAll(async () => {
  command = await loadCommand()
})
afterAll(() => command.remove())

const clientOf = (baseUrl: string, apiKey = 'any') => createRerankClient({ baseUrl, apiKey, maxRetries: 0 })

describe('the endpoint', () => {
  test('ranks on loopback, and says where it is', async () => {
    const { url, said } = await serve(command)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(said()).toBe(`Ranking by words on this machine: ${url}/v1/rerank\nTo try it: ${url}/\n`)
    expect((await clientOf(url).rerank(MARKED)).results).toHaveLength(1)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  test('takes the key that it is told alone', async () => {
    const { url } = await serve(command, ['--api-key', 'right'])
    await clientOf(url, 'right').rerank(MARKED)
    expect(await failure(clientOf(url, 'wrong').rerank(MARKED))).toHaveProperty('status', 401)
  })

  test('logs a line a request, without documents, keys or queries', async () => {
    const { url, said, untilSaid } = await serve(command)
    await createRerankClient({ baseUrl: url, apiKey: KEY, projectId: 'marked-project' }).rerank(MARKED)
    await untilSaid(/^\d\d:\d\d:\d\d POST \/v1\/rerank 200 \d+ ms\n/m)
    expect(said()).not.toMatch(/marked/)
    expect(said()).not.toContain(KEY)
  })

  test('answers 413 to a body beyond 32 MiB', async () => {
    const { url } = await serve(command)
    const headers = { ...HEADERS, 'content-length': 33 * 1024 * 1024 }
    const outgoing = request(`${url}/v1/rerank`, { method: 'POST', headers })
    letGo(outgoing).flushHeaders()
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(413)
    expect(await text(response)).toContain('larger than')
  })

  test('answers 413 to a body that grows beyond it, and goes on', async () => {
    const { url } = await serve(command)
    const outgoing = request(`${url}/v1/rerank`, {
      method: 'POST',
      headers: HEADERS,
    })
    // In two parts: of one, its length would be told before.
    letGo(outgoing).write('x')
    outgoing.end('x'.repeat(33 * 1024 * 1024))
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(413)
    expect(await text(response)).toContain('larger than')
    outgoing.destroy()
    expect((await clientOf(url).rerank(MARKED)).results).toHaveLength(1)
  })

  test('answers 503 to one request too many, and 200 to the next', async () => {
    const { url } = await serve(command)
    const [first] = await Promise.all(Array.from({ length: 128 }, () => begin(url)))
    expect(await failure(clientOf(url).rerank(MARKED))).toMatchObject({ status: 503, retryAfterMs: 1000 })
    const [response] = (await once(first?.end(BODY) ?? expect.fail(), 'response')) as [IncomingMessage]
    await text(response)
    expect((await clientOf(url).rerank(MARKED)).results).toHaveLength(1)
  })

  test.each([
    ['a wrong key', { authorization: 'Bearer wrong' }],
    ['no key', {}],
  ])('answers 401 to %s before the body, and asks for none of it', async (_, headers) => {
    const { url } = await serve(command, ['--api-key', 'right'])
    const outgoing = request(`${url}/v1/rerank`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', expect: '100-continue' },
    })
    letGo(outgoing)
      .on('continue', () => expect.fail('asked for the body'))
      .flushHeaders()
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(401)
  })

  test('tells its counters to Prometheus', async () => {
    const { url, untilSaid } = await serve(command)
    await clientOf(url).rerank(MARKED)
    await untilSaid('POST /v1/rerank 200')
    const response = await fetch(`${url}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4')
    const metrics = await response.text()
    expect(metrics).toContain('requests_total{method="POST",path="/v1/rerank",status="200"} 1\n')
    expect(metrics).toContain('\nnebius_rerank_requests_in_flight 0\n')
    expect(metrics).toContain('\nnebius_rerank_bytes_in_flight 0\n')
  })

  test('warns when others can reach it', async () => {
    const { said } = await serve(command, ['--host', '0.0.0.0'])
    expect(said()).toMatch(/\nWarning: others on the network can reach 0\.0\.0\.0\.\n/)
  })
})

describe('faults on demand', () => {
  test('--latency delays each answer', async () => {
    const { url } = await serve(command, ['--latency', '150'])
    const started = performance.now()
    await clientOf(url).rerank(MARKED)
    expect(performance.now() - started).toBeGreaterThanOrEqual(149)
  })

  test('--latency keeps an answer back, and no other', async () => {
    const { url, untilSaid } = await serve(command, ['--latency', '60000'])
    const outgoing = await begin(url)
    outgoing.end(BODY)
    for (let more = 0; more < 5; more += 1) expect((await fetch(`${url}/health`)).status).toBe(200)
    outgoing.destroy()
    await untilSaid('POST /v1/rerank left')
  })

  test('are for what is ranked alone', async () => {
    const { url } = await serve(command, ['--fail-rate', '1'])
    expect((await fetch(`${url}/v1/rerank`)).status).toBe(405)
    expect((await fetch(`${url}/v1/other`, { method: 'POST' })).status).toBe(404)
  })

  test('--fail-rate 1 fails all, 0 none', async () => {
    const failing = await serve(command, ['--fail-rate', '1'])
    expect(await failure(clientOf(failing.url).rerank(MARKED))).toMatchObject({ kind: 'server', status: 503 })
    const sound = await serve(command, ['--fail-rate', '0'])
    await clientOf(sound.url).rerank(MARKED)
  })

  test('--rate-limit refuses the rest of a minute, and its headers tell', async () => {
    const { url } = await serve(command, ['--rate-limit', '2'])
    const { response } = await clientOf(url).rerank.withResponse(MARKED)
    expect(response.rateLimit?.requests).toMatchObject({ limit: 2, remaining: 1 })
    await clientOf(url).rerank(MARKED)
    const error = await failure(clientOf(url).rerank(MARKED))
    expect(error).toMatchObject({ kind: 'rate_limit', rateLimit: { requests: { limit: 2, remaining: 0 } } })
    expect(error.retryAfterMs).toBeGreaterThan(50_000)
    expect(error.retryAfterMs).toBeLessThanOrEqual(60_000)
  })
})

describe('the page', () => {
  test('lets nothing run that is not a file of this server', async () => {
    const { url } = await serve(command)
    const response = await fetch(url)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    const html = await response.text()
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:\/\//)
  })

  test.each([
    [[], false],
    [['--api-key', 'k'], true],
  ])('is told what its server is with %j', async (args, needsKey) => {
    const { url } = await serve(command, args)
    expect(await (await fetch(`${url}/page/settings.json`)).json()).toEqual({
      live: false,
      needsKey,
      model: 'Qwen/Qwen3-Reranker-8B',
      spec: spec.version,
    })
  })

  test('has all the files that it names', async () => {
    const { url } = await serve(command)
    const html = await (await fetch(url)).text()
    const names = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, name]) => name)
    expect(names.length).toBeGreaterThanOrEqual(3)
    // Its script is there once it is built.
    const served = names.filter((name) => name !== '/page/main.js')
    for (const name of served) expect((await fetch(url + (name ?? ''))).status).toBe(200)
  })

  test.each(['/page/', '/page/../index.js', '/page/tsconfig.json', '/page/%2e%2e/index.js', '/constructor'])(
    'has no %s',
    async (path) => {
      const { url } = await serve(command)
      expect((await fetch(url + path)).status).toBe(404)
    },
  )
})

describe('a signal', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it when what is under way is answered',
    async (signal) => {
      expect(await endedByOne(await serve(command), signal, BODY)).toEqual([200, 0, null])
    },
  )

  test('lets nobody keep a connection for more', async () => {
    const { url, running, untilSaid } = await serve(command)
    const outgoing = await begin(url)
    running.kill()
    await untilSaid('SIGTERM')
    const [response] = (await once(outgoing.end(BODY), 'response')) as [IncomingMessage]
    expect(response.headers.connection).toBe('close')
  })

  test('sent twice ends it at once', async () => {
    expect(await endedByTwo(await serve(command))).toEqual([0, null])
  })
})

describe('a wrong call exits with 2 and says in one line', () => {
  test.each([
    ['a port that is none', ['--port', '70000'], /--port must be a whole number from 0 to 65535/],
    ['a part of a port', ['--port', '1.5'], /--port must be a whole number/],
    ['a host without a name', ['--host', ''], /--host needs an address or a host name/],
    [
      'a delay of less than none',
      ['--latency', '-1'],
      /--latency must be a whole number from 0 to 3600000, got "-1"/,
    ],
    [
      'a delay of more than an hour',
      ['--latency=3600001'],
      /--latency must be a whole number from 0 to 3600000/,
    ],
    ['a share beyond 1', ['--fail-rate', '1.1'], /--fail-rate must be a number from 0 to 1/],
    ['a limit of none', ['--rate-limit', '0'], /--rate-limit must be a whole number, 1 or more/],
    ['live without a key', ['--live'], /--live needs the key/],
    ['a base URL without live', ['--base-url', 'https://x.test'], /--base-url goes with --live/],
    ['an allowed host without live', ['--allow-host', 'x'], /--allow-host goes with --live/],
    ['a key that is none', ['--api-key', 'a b'], /--api-key needs printable ASCII/],
    ['words', ['query'], /serve takes options only/],
  ] as const)('for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await command.run(['serve', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^nebius-rerank: [^\n]+\n$/)
    expect(stderr).toMatch(message)
  })

  test('and with 1 for a port that is in use', async () => {
    const taken = await serveLocalReranker()
    const { code, stderr } = await command.run(['serve', '--port', `${taken.port}`])
    await taken.close()
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `nebius-rerank: Can't listen on 127.0.0.1:${taken.port}: the port is in use\n`,
    })
  })
})
