import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRerankClient, spec } from '../../../src/index.ts'
import { serveLocalReranker } from '../../../src/local/index.ts'
import type { Command } from '../../helpers/command.ts'
import { reply, serveFaults } from '../../helpers/fault-server.ts'
import { loadCommand } from '../../helpers/loaded-command.ts'
import { failure, KEY } from '../../helpers/rerank.ts'
import { serve } from '../../helpers/serving.ts'

const MARKED = { query: 'marked query', documents: ['marked document'] }

let command: Command
beforeAll(async () => {
  command = await loadCommand()
})
afterAll(() => command.remove())

const clientOf = (baseUrl: string, apiKey = 'any') => createRerankClient({ baseUrl, apiKey, maxRetries: 0 })

const live = (baseUrl: string, ...args: string[]) =>
  serve(command, ['--live', '--base-url', baseUrl, ...args], { NEBIUS_API_KEY: KEY })

test('forwards with the key of the server, which no caller sees', async () => {
  const service = await serveFaults([])
  const { url, said } = await live(service.url)
  const { data, response } = await clientOf(url).rerank.withResponse({ ...MARKED, service_tier: 'flex' })
  expect(service.received[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
  expect(JSON.parse(service.received[0]?.body ?? '')).toMatchObject({ ...MARKED, service_tier: 'flex' })
  expect(data.results).toHaveLength(1)
  expect(JSON.stringify([data, response.headers]) + said()).not.toContain(KEY)
  const page = await Promise.all(
    ['/', '/page/settings.json', '/page/main.js'].map((path) => fetch(url + path)),
  )
  expect((await Promise.all(page.map((each) => each.text()))).join()).not.toContain(KEY)
})

test('says what it does, and warns of nothing on loopback', async () => {
  const { url, said } = await live('https://rerank.test')
  expect(said()).toBe(`Forwarding to the service: ${url}/v1/rerank\nTo try it: ${url}/\n`)
})

test('tells its page which service ranks, and by which model', async () => {
  const { url } = await serve(command, ['--live'], {
    NEBIUS_API_KEY: KEY,
    NEBIUS_BASE_URL: 'https://rerank.test',
  })
  expect(await (await fetch(`${url}/page/settings.json`)).json()).toEqual({
    live: true,
    needsKey: false,
    model: 'Qwen/Qwen3-Reranker-8B',
    baseUrl: 'https://rerank.test',
    spec: spec.version,
  })
})

test('injects faults before anything is forwarded', async () => {
  const service = await serveFaults([])
  const { url } = await live(service.url, '--rate-limit', '1')
  const { response } = await clientOf(url).rerank.withResponse(MARKED)
  expect(response.rateLimit?.requests).toMatchObject({ limit: 1, remaining: 0 })
  expect(await failure(clientOf(url).rerank(MARKED))).toMatchObject({ status: 429 })
  const failing = clientOf((await live(service.url, '--fail-rate', '1')).url)
  expect(await failure(failing.rerank(MARKED))).toMatchObject({ status: 503 })
  expect(service.received).toHaveLength(1)
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

test('is reached by a name that it is told to allow', async () => {
  const service = await serveFaults([])
  const { url } = await live(service.url, '--allow-host', 'host.docker.internal', '--allow-host', 'reranker')
  expect(await post(url, { host: 'Host.docker.internal:8787' })).toBe(200)
  expect(await post(url, { host: 'reranker', origin: 'http://reranker' })).toBe(200)
  expect(await post(url, { host: 'other' })).toBe(403)
})

test.each(['http://reranker', 'reranker:80', '', '*', 'a/b'])(
  'says that %j is no host name to allow',
  async (name) => {
    const { code, stderr } = await command.run(['serve', '--live', '--allow-host', name], {
      env: { NEBIUS_API_KEY: KEY },
    })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `nebius-rerank: --allow-host needs a host name without scheme or port, not ${JSON.stringify(name)}\n`,
    })
  },
)

test('asks callers for a key of their own with --api-key', async () => {
  const service = await serveFaults([])
  const { url, said } = await live(service.url, '--api-key', 'theirs', '--host', '0.0.0.0')
  expect(await failure(clientOf(url, 'other').rerank(MARKED))).toHaveProperty('status', 401)
  await clientOf(url, 'theirs').rerank(MARKED)
  expect(said().match(/^Warning: .*$/gm)).toEqual(['Warning: others on the network can reach 0.0.0.0.'])
})

test('warns when anybody can use the key', async () => {
  const { said, untilSaid } = await live('http://127.0.0.1:9', '--host', '0.0.0.0')
  await untilSaid('can use your key')
  expect(said()).not.toContain(KEY)
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
