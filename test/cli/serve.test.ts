import { once } from 'node:events'
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { ChildProcess } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import { serveLocalReranker } from '../../src/local/index.ts'
import { installCommand } from '../helpers/command.ts'
import type { InstalledCommand } from '../helpers/command.ts'
import { reply, serveFaults } from '../helpers/fault-server.ts'
import { failure, KEY } from '../helpers/rerank.ts'

const MARKED = { query: 'marked query', documents: ['marked document'] }
const BODY = JSON.stringify({ ...MARKED, model: 'Qwen/Qwen3-Reranker-8B' })

let command: InstalledCommand
beforeAll(async () => {
  command = await installCommand()
})
afterAll(() => command.remove())

interface Serving {
  url: string
  child: ChildProcess
  /** All that it has said so far. */
  said: () => string
  /** Resolves when it has said so. */
  untilSaid: (what: string | RegExp) => Promise<void>
}

async function serve(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Serving> {
  const child = command.start(['serve', '--port', '0', ...args], env)
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const untilSaid = async (what: string | RegExp): Promise<void> => {
    while (!(typeof what === 'string' ? said.includes(what) : what.test(said))) {
      await Promise.race([once(child.stderr ?? child, 'data'), once(child, 'exit')])
      if (child.exitCode !== null) throw new Error(`it ended: ${said}`)
    }
  }
  await untilSaid('To try it: ')
  const url = /To try it: (\S+)\/\n/.exec(said)?.[1] ?? ''
  return { url, child, said: () => said, untilSaid }
}

const clientOf = (baseUrl: string, apiKey = 'any') => createRerankClient({ baseUrl, apiKey, maxRetries: 0 })

describe('the endpoint', () => {
  test('ranks on loopback, and says where it is', async () => {
    const { url, said } = await serve()
    expect(said()).toMatch(/^Ranking by words on this machine: http:\/\/127\.0\.0\.1:\d+\/v1\/rerank\n/)
    expect((await clientOf(url).rerank(MARKED)).results).toHaveLength(1)
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect(said()).not.toContain('Warning')
  })

  test('takes the key that it is told alone', async () => {
    const { url } = await serve(['--api-key', 'right'])
    await clientOf(url, 'right').rerank(MARKED)
    expect(await failure(clientOf(url, 'wrong').rerank(MARKED))).toHaveProperty('status', 401)
  })

  test('logs a line a request, without documents, keys or queries', async () => {
    const { url, said, untilSaid } = await serve()
    await createRerankClient({ baseUrl: url, apiKey: KEY, projectId: 'marked-project' }).rerank(MARKED)
    await untilSaid(/^\d\d:\d\d:\d\d POST \/v1\/rerank 200 \d+ ms\n/m)
    expect(said()).not.toMatch(/marked/)
    expect(said()).not.toContain(KEY)
  })

  test('answers 413 to a body beyond 32 MiB', async () => {
    const { url } = await serve()
    const headers = { 'content-length': 33 * 1024 * 1024, 'content-type': 'application/json' }
    const outgoing = request(`${url}/v1/rerank`, { method: 'POST', headers })
    letGo(outgoing).flushHeaders()
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(413)
    expect(await text(response)).toContain('larger than')
  })

  test('answers 413 to a body that grows beyond it, and goes on', async () => {
    const { url } = await serve()
    const outgoing = request(`${url}/v1/rerank`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    letGo(outgoing).end('x'.repeat(34 * 1024 * 1024))
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(413)
    expect(await text(response)).toContain('larger than')
    outgoing.destroy()
    expect((await clientOf(url).rerank(MARKED)).results).toHaveLength(1)
  })

  test('answers 503 to one request too many, and 200 to the next', async () => {
    const { url } = await serve()
    const [first] = await Promise.all(Array.from({ length: 128 }, () => begin(url)))
    expect(await failure(clientOf(url).rerank(MARKED))).toMatchObject({ status: 503, retryAfterMs: 1000 })
    const ended = once(first ?? expect.fail(), 'close')
    first?.end(BODY)
    await ended
    expect((await clientOf(url).rerank(MARKED)).results).toHaveLength(1)
  })

  test('warns when others can reach it', async () => {
    const { said } = await serve(['--host', '0.0.0.0'])
    expect(said()).toMatch(/\nWarning: others on the network can reach 0\.0\.0\.0\.\n/)
  })
})

describe('faults on demand', () => {
  test('--latency delays each answer', async () => {
    const { url } = await serve(['--latency', '150'])
    const started = performance.now()
    await clientOf(url).rerank(MARKED)
    expect(performance.now() - started).toBeGreaterThanOrEqual(149)
  })

  test('--fail-rate 1 fails all, 0 none', async () => {
    const failing = await serve(['--fail-rate', '1'])
    expect(await failure(clientOf(failing.url).rerank(MARKED))).toMatchObject({ kind: 'server', status: 503 })
    const sound = await serve(['--fail-rate', '0'])
    await clientOf(sound.url).rerank(MARKED)
  })

  test('--rate-limit refuses the rest of a minute, and its headers tell', async () => {
    const { url } = await serve(['--rate-limit', '2'])
    const { response } = await clientOf(url).rerank.withResponse(MARKED)
    expect(response.rateLimit?.requests).toMatchObject({ limit: 2, remaining: 1 })
    await clientOf(url).rerank(MARKED)
    const error = await failure(clientOf(url).rerank(MARKED))
    expect(error).toMatchObject({ kind: 'rate_limit', rateLimit: { requests: { limit: 2, remaining: 0 } } })
    expect(error.retryAfterMs).toBeGreaterThan(50_000)
    expect(error.retryAfterMs).toBeLessThanOrEqual(60_000)
  })
})

describe('live', () => {
  const live = (baseUrl: string, ...args: string[]) =>
    serve(['--live', '--base-url', baseUrl, ...args], { NEBIUS_API_KEY: KEY })

  test('forwards with the key of the server, which no caller sees', async () => {
    const service = await serveFaults([])
    const { url, said } = await live(service.url)
    const { data, response } = await clientOf(url).rerank.withResponse({ ...MARKED, service_tier: 'flex' })
    expect(service.received[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
    expect(JSON.parse(service.received[0]?.body ?? '')).toMatchObject({ ...MARKED, service_tier: 'flex' })
    expect(data.results).toHaveLength(1)
    expect(JSON.stringify([data, ...response.headers]) + said()).not.toContain(KEY)
    const page = await Promise.all(
      ['/', '/page/settings.json', '/page/main.js'].map((path) => fetch(url + path)),
    )
    expect((await Promise.all(page.map((each) => each.text()))).join()).not.toContain(KEY)
  })

  test('passes a refusal on as it is, once', async () => {
    const refuse = reply(429, '{"detail":"slow down"}', { 'retry-after': '7', 'x-request-id': 'r1' })
    const service = await serveFaults([refuse])
    const { url } = await live(service.url)
    const error = await failure(clientOf(url).rerank(MARKED))
    expect(error).toMatchObject({
      status: 429,
      retryAfterMs: 7000,
      requestId: 'r1',
      body: { detail: 'slow down' },
    })
    expect(service.received).toHaveLength(1)
  })

  test('holds back nobody for what another was refused', async () => {
    const service = await serveFaults([reply(429, '', { 'retry-after': '59' })])
    const { url } = await live(service.url)
    await failure(clientOf(url).rerank(MARKED))
    await clientOf(url).rerank(MARKED)
    expect(service.received).toHaveLength(2)
  })

  test('answers 502 where the service can not be reached', async () => {
    const gone = await serveLocalReranker()
    await gone.close()
    const { url } = await live(gone.url)
    expect(await failure(clientOf(url).rerank(MARKED))).toHaveProperty('status', 502)
  })

  test.each([
    ['a name that DNS made point here', { host: 'evil.test' }, 403],
    ['a page of another origin', { origin: 'https://evil.test' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a form of another page', { 'content-type': 'text/plain' }, 415],
    ['its own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['its own page, by another name', { host: 'localhost:1', origin: 'http://localhost:1' }, 200],
  ])('meets %s', async (_, headers, status) => {
    const service = await serveFaults([])
    const { url } = await live(service.url)
    expect(await post(url, headers)).toBe(status)
    expect(service.received).toHaveLength(status === 200 ? 1 : 0)
  })

  test('asks callers for a key of their own with --api-key', async () => {
    const service = await serveFaults([])
    const { url, said } = await live(service.url, '--api-key', 'theirs', '--host', '0.0.0.0')
    expect(await failure(clientOf(url, 'other').rerank(MARKED))).toHaveProperty('status', 401)
    await clientOf(url, 'theirs').rerank(MARKED)
    expect(said()).not.toContain('spends your key')
  })

  test('warns when anybody can spend the key', async () => {
    const { said, untilSaid } = await live('http://127.0.0.1:9', '--host', '0.0.0.0')
    await untilSaid('spends your key')
    expect(said()).not.toContain(KEY)
  })
})

describe('the page', () => {
  test('lets nothing run that is not a file of this server', async () => {
    const { url } = await serve()
    const response = await fetch(url)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    const html = await response.text()
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:\/\//)
  })

  test('has all the files that it names', async () => {
    const { url } = await serve()
    const html = await (await fetch(url)).text()
    const names = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, name]) => name)
    expect(names.length).toBeGreaterThanOrEqual(3)
    for (const name of names) expect((await fetch(url + (name ?? ''))).status).toBe(200)
  })

  test.each(['/page/', '/page/../index.js', '/page/tsconfig.json', '/page/%2e%2e/index.js', '/constructor'])(
    'has no %s',
    async (path) => {
      const { url } = await serve()
      expect((await fetch(url + path)).status).toBe(404)
    },
  )
})

describe('a signal', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it when what is under way is answered',
    async (signal) => {
      const { url, child, untilSaid } = await serve(['--latency', '300'])
      const answer = clientOf(url).rerank(MARKED)
      await new Promise((resolve) => setTimeout(resolve, 100))
      child.kill(signal)
      await untilSaid(signal)
      expect((await answer).results).toHaveLength(1)
      const [code] = (await once(child, 'exit')) as [number]
      expect(code).toBe(0)
    },
  )

  test('sent twice ends it at once', async () => {
    const { url, child, untilSaid } = await serve(['--latency', '60000'])
    const outgoing = await begin(url)
    const broken = once(outgoing.end(BODY), 'error')
    child.kill('SIGINT')
    await untilSaid('SIGINT')
    child.kill('SIGINT')
    await broken
  })
})

describe.concurrent('a wrong call exits with 2 and says in one line', () => {
  test.each([
    ['a port that is none', ['--port', '70000'], /--port needs a whole number from 0 to 65535/],
    ['a share beyond 1', ['--fail-rate', '1.1'], /--fail-rate needs a number from 0 to 1/],
    ['a limit of none', ['--rate-limit', '0'], /--rate-limit needs a whole number from 1/],
    ['live without a key', ['--live'], /--live needs the key/],
    ['a base URL without live', ['--base-url', 'https://x.test'], /--base-url goes with --live/],
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

/** Sends a request with headers that fetch would not let through; resolves with the status. */
async function post(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const all = { 'content-type': 'application/json', ...headers }
  const outgoing = request(`${url}/v1/rerank`, { method: 'POST', headers: all })
  outgoing.end(JSON.stringify({ ...MARKED, model: 'm' }))
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}

/** Begins a request, and resolves as soon as the server has; its body is still to come. */
async function begin(url: string): Promise<ClientRequest> {
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json', expect: '100-continue' }
  const outgoing = request(`${url}/v1/rerank`, { method: 'POST', headers })
  letGo(outgoing).flushHeaders()
  await once(outgoing, 'continue')
  return outgoing
}

/** A request that may be cut off: its errors say nothing, and it ends with the test, before its server does. */
function letGo(outgoing: ClientRequest): ClientRequest {
  const ignore = (): void => undefined
  onTestFinished(() => void outgoing.destroy())
  outgoing.on('socket', (socket) => socket.on('error', ignore))
  outgoing.on('response', (response) => response.on('error', ignore))
  return outgoing.on('error', ignore)
}
