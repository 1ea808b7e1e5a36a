import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Command } from '../../helpers/command.ts'
import { closedPort, reply, reset, serveSilence, stall } from '../../helpers/fault-server.ts'
import type { Fault } from '../../helpers/fault-server.ts'
import { loadCommand } from '../../helpers/loaded-command.ts'
import { KEY } from '../../helpers/rerank.ts'
import { issue, makeAuthority, serveTls } from '../../helpers/tls-server.ts'
import { scored, serveSymptoms, specOf } from './service.ts'
import type { Symptoms } from './service.ts'

let command: Command
beforeAll(async () => {
  command = await loadCommand()
})
afterAll(() => command.remove())

const ENV = { NEBIUS_API_KEY: KEY }
const FAST = ['--timeout', '5']

async function check(symptoms: Symptoms, args: readonly string[] = [], env: Record<string, string> = ENV) {
  const { url } = await serveSymptoms(symptoms)
  return command.run(['check', '--base-url', url, ...FAST, ...args], { env })
}

const seen = new Set<string>()

/** The lines that begin with a cross. */
function red(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith('✗'))
  for (const line of lines) seen.add(wordsOf(line))
  return lines
}

/** A line without its numbers, and without what has a dot, a colon or a slash in it, such as hosts and models. */
function wordsOf(line: string): string {
  return line
    .replace(/https_proxy/i, 'proxy')
    .replace(/\S*[.:/]\S+/g, '…')
    .replace(/\d+(?:-\w+)?/g, 'N')
    .replace(/\s+/g, ' ')
}

test('has no red line where all is well, and exits with 0', async () => {
  const { code, stdout, stderr } = await check({
    headers: { 'x-ratelimit-limit-requests': '600', 'x-ratelimit-remaining-requests': '587' },
  })
  expect(red(stdout)).toEqual([])
  expect([code, stderr]).toEqual([0, ''])
  const names = stdout
    .trimEnd()
    .split('\n')
    .map((line) => /^✓ (\w+) /.exec(line)?.[1])
  expect(names).toEqual(['key', 'host', 'model', 'ranking', 'tokens', 'limits', 'clock', 'spec', 'proxy'])
  expect(stdout).toContain('587 of 600 requests remain')
})

test('shows no key that a service echoes', async () => {
  const echo = { data: [{ id: `Qwen/rerank-${KEY}` }] }
  const { stdout: redirect } = await check({
    models: reply(307, '', { location: `https://${KEY.toLowerCase()}.test/` }),
  })
  const { stdout: model } = await check({ models: reply(200, JSON.stringify(echo)) }, ['--json'])
  expect(redirect).toContain('redirects to https://[redacted].test')
  expect(model).toContain('Nearest: Qwen/rerank-[redacted]')
})

const noCredit = reply(402, '{"error":"insufficient credits"}')
const refused = reply(401, '{"detail":"no"}')
const forbidden = reply(403, '{"detail":"no"}')
const gone = reply(404, '{"detail":"The model does not exist."}')
const limited = reply(429, '{"detail":"later"}', { 'retry-after': '7' })
const listOf = (...ids: string[]) => reply(200, JSON.stringify({ data: ids.map((id) => ({ id })) }))

describe('each red line, with what to do', () => {
  test.each<[line: string, symptoms: Symptoms]>([
    [
      '✗ key      not accepted (401). Check NEBIUS_API_KEY, or create one at https://',
      { models: refused, rerank: refused },
    ],
    ['✗ key      no permission (403). Check what the key and its project may do', { rerank: forbidden }],
    [
      '✗ key      accepted, but the account has no credit (402). Add credit to the account',
      { rerank: noCredit },
    ],
    ['✗ host     HOST responds with 503. Try again later', { models: reply(503, '{}') }],
    [
      '✗ host     HOST redirects to https://elsewhere.test. Use the address',
      { models: reply(302, '', { location: 'https://elsewhere.test/secret?x=1' }) },
    ],
    [
      '✗ model    Qwen/Qwen3-Reranker-8B is not served. Nearest: Qwen/Qwen3-Reranker-4B. Choose',
      { models: listOf('Qwen/Qwen3-Reranker-4B', 'meta/llama') },
    ],
    [
      '✗ model    Qwen/Qwen3-Reranker-8B is not served. Nearest: qwen/qwen3-reranker-8b (ids are case-sensitive).',
      { models: listOf('qwen/qwen3-reranker-8b') },
    ],
    ['✗ model    Qwen/Qwen3-Reranker-8B is not served. It lists no model.', { models: listOf() }],
    [
      '✗ model    Qwen/Qwen3-Reranker-8B is not served. It lists no model with a similar name, and no reranker.',
      { models: listOf('meta/llama') },
    ],
    ['✗ model    Qwen/Qwen3-Reranker-8B is not served for reranking (404).', { rerank: gone }],
    [
      '✗ ranking  an unrelated document was ranked above a relevant one. Check that the server',
      { rerank: scored([0.1, 0.5, 0, 0], 80) },
    ],
    [
      '✗ ranking  relevant documents come first, but their scores are higher by only 0.010. Check that the server',
      { rerank: scored([0.51, 0.5, 0.5, 0.5], 80) },
    ],
    [
      '✗ ranking  POST /v1/rerank returned 200, but its body is an HTML or XML document. Check --base-url, and what',
      { rerank: reply(200, '<html>sign in</html>') },
    ],
    [
      '✗ ranking  POST /v1/rerank returned 400: no. See the server’s log',
      { rerank: reply(400, '{"detail":"no"}') },
    ],
    [
      '✗ ranking  POST /v1/rerank returned 503: no. Try again later',
      { rerank: reply(503, '{"detail":"no"}') },
    ],
    ['✗ tokens   2 for 8 pairs is too few.', { rerank: scored([1, 0, 0, 0], 1) }],
    ['✗ limits   rate-limited (429). Wait 7 s', { rerank: limited }],
    [
      '✗ limits   no tokens remain. Wait a minute',
      { headers: { 'x-ratelimit-limit-tokens': '400000', 'x-ratelimit-remaining-tokens': '0' } },
    ],
    ['✗ clock    ', { headers: { date: 'Tue, 01 Jan 2030 00:00:00 GMT' } }],
    ['✗ clock    ', { headers: { date: 'Tue, 01 Jan 2019 00:00:00 GMT' } }],
    [
      '✗ spec     20990101-0a1b2c3d4 has no POST /v1/rerank. Check --base-url',
      { document: specOf('20990101-0a1b2c3d4', '/v1/chat/completions') },
    ],
  ])('%s', async (line, symptoms) => {
    const { code, stdout } = await check(symptoms)
    const [only, ...more] = red(stdout)
    expect(only?.replace(/127\.0\.0\.1:\d+/, 'HOST')).toContain(line)
    expect(more).toEqual([])
    expect(code).toBe(1)
  })

  test('a host that answers with a page', async () => {
    const page = reply(200, '<html>sign in</html>')
    const { stdout } = await check({ models: page, rerank: page, document: page })
    expect(red(stdout)[0]).toContain('responds with 200 and no JSON. Check --base-url')
    expect(stdout).toContain('– key      not tested: no ranking was made')
  })

  test.each<[string, Fault]>([
    ['fails', reply(503, '{"detail":"no"}')],
    ['is a page', reply(200, '<html>sign in</html>')],
    ['never comes', reset],
  ])('a ranking that %s, which does not show whether the key is accepted', async (_, rerank) => {
    const { stdout } = await check({ rerank })
    expect(stdout).toContain('– key      not tested: no ranking was made')
  })

  test('a host that refuses connections', async () => {
    const { code, stdout } = await command.run(['check', '--base-url', await closedPort()], { env: ENV })
    expect(red(stdout)).toEqual([
      expect.stringMatching(/^✗ host {5}127\.0\.0\.1:\d+ refuses connections\. Check --base-url/),
    ])
    expect(stdout).toContain('– clock    not tested')
    expect(code).toBe(1)
  })

  test('a proxy by which the host is not reached', async () => {
    const proxy = (await closedPort()).replace('http://', 'http://user:secret@')
    // The process has one environment, which the fetch reads.
    vi.stubEnv('https_proxy', proxy)
    const args = ['check', '--base-url', 'https://service.test']
    const { code, stdout } = await command.run(args, { env: { ...ENV, https_proxy: proxy } })
    expect(red(stdout)).toEqual([
      expect.stringMatching(
        /^✗ proxy {4}https_proxy \(127\.0\.0\.1:\d+\) does not lead to the host: connection refused\. Check it, or list/,
      ),
    ])
    expect(stdout).not.toContain('secret')
    expect(code).toBe(1)
  })

  test('a host that does not speak TLS', async () => {
    const { url } = await serveSymptoms({})
    const args = ['check', '--base-url', url.replace('http:', 'https:')]
    const { stdout } = await command.run(args, { env: ENV })
    expect(red(stdout)).toEqual([expect.stringContaining('does not speak TLS. Check --base-url')])
  })

  test('a host with a certificate that is not trusted', async () => {
    const { port } = await serveTls(await issue(await makeAuthority(), ['127.0.0.1']))
    const url = `https://127.0.0.1:${port}`
    const { stdout } = await command.run(['check', '--base-url', url, ...FAST], { env: ENV })
    expect(red(stdout)).toEqual([
      expect.stringMatching(/has an untrusted certificate \(\w+\)\. Set NODE_EXTRA_CA_CERTS/),
    ])
  })

  test('a host that no name server knows', async () => {
    const args = ['check', '--base-url', 'https://reranker.invalid', ...FAST]
    const { stdout } = await command.run(args, { env: ENV })
    expect(red(stdout)).toEqual([
      '✗ host     reranker.invalid is not known to DNS. Check --base-url, and the network',
    ])
  })

  test('a key that is not set, for the service that always asks for one', async () => {
    const proxy = await closedPort()
    vi.stubEnv('https_proxy', proxy)
    const args = ['check', '--base-url', 'https://region.nebius.com']
    const { stdout } = await command.run(args, { env: { https_proxy: proxy } })
    expect(red(stdout)[0]).toBe(
      '✗ key      NEBIUS_API_KEY is not set. Set it to your key, or create one at ' +
        'https://tokenfactory.nebius.com/?modals=create-api-key',
    )
  })

  test('a server that asks for a key, where none is set', async () => {
    const { stdout } = await check({ models: refused, rerank: refused }, [], {})
    expect(stdout).toContain('– model    the list of models can’t be read without a valid key (401)')
    expect(red(stdout)).toEqual([
      '✗ key      NEBIUS_API_KEY is not set, and the server asks for a key (401). ' +
        'Set it to the server’s key; nebius-rerank serve accepts any',
    ])
  })

  test('a host that never answers', async () => {
    const url = await serveSilence('http')
    const { stdout } = await command.run(['check', '--base-url', url, '--timeout', '0.05'], { env: ENV })
    expect(red(stdout)).toEqual([expect.stringContaining('does not respond in time')])
  })

  test('a host that breaks connections', async () => {
    const { stdout } = await check({ models: reset })
    expect(red(stdout)).toEqual([expect.stringMatching(/host .* can’t be reached: .+\. Check the network/)])
  })

  test('a ranking that never comes', async () => {
    const { stdout } = await check({ rerank: stall }, ['--timeout', '0.2'])
    expect(red(stdout)).toEqual([expect.stringMatching(/^✗ ranking {2}.*200 ms/)])
  })

  test('a key that would travel in the clear', async () => {
    const { stdout } = await command.run(['check', '--base-url', 'http://service.test'], { env: ENV })
    expect(red(stdout)[0]).toBe(
      '✗ key      it would be sent unencrypted, to an http address. Use an https address for --base-url',
    )
    expect(stdout).not.toContain(KEY)
  })

  test.each([
    ['that is missing, where one is asked for', {}, { models: refused }],
    ['that can’t be sent', { NEBIUS_API_KEY: 'with blank' }, {}],
  ])('a key %s', async (_, env, symptoms) => {
    const { code, stdout } = await check(symptoms, [], env)
    expect(red(stdout)).toEqual([expect.stringMatching(/^✗ key {6}/)])
    expect(stdout).not.toContain('with blank')
    expect(code).toBe(1)
  })
})

test('the picture in the docs shows every red line', async () => {
  const svg = await readFile(new URL('../../../docs/pictures/check.svg', import.meta.url), 'utf8')
  const texts = Array.from(svg.matchAll(/<text[^>]*>([^<]*)/g), ([, text = '']) => text)
  const pictured = texts.flatMap((text, place) =>
    text.startsWith('✗') ? [wordsOf(`${text} ${texts[place + 1] ?? ''}`)] : [],
  )
  const plain = (line: string): string => line.replaceAll('&amp;', '&')
  expect([...seen].filter((line) => !pictured.map(plain).includes(line))).toEqual([])
})

describe('other servers', () => {
  test('need no key where they ask for none', async () => {
    const { code, stdout } = await check({ rerank: scored([0.9, 0, 0, 0], 400) }, [], {})
    expect(red(stdout)).toEqual([])
    expect(stdout).toContain('no key is set, and the server asks for none')
    expect(stdout).toMatch(/100 per pair in the test ranking, about \d+ of them the model’s prompt/)
    expect(code).toBe(0)
  })

  test('may score by logits, list no models, count no tokens and publish nothing', async () => {
    const results = [7.1, -3, -8.5, -9].map((relevance_score, index) => ({ index, relevance_score }))
    const missing = reply(404, 'Not Found')
    const { code, stdout } = await check({
      models: missing,
      document: missing,
      rerank: reply(200, JSON.stringify({ results })),
    })
    expect(red(stdout)).toEqual([])
    expect(code).toBe(0)
    expect(stdout).toContain('✓ ranking  relevant documents come first, by at least 0.95')
    expect(stdout.match(/^– \w+/gm)).toEqual(['– tokens', '– limits', '– spec'])
  })
})

test('--json says the same as data', async () => {
  const { code, stdout } = await check({ rerank: gone }, ['--json', '--model', 'x/y'])
  const { ok, model, checks } = JSON.parse(stdout) as {
    ok: boolean
    model: string
    checks: { name: string; state: string; advice?: string }[]
  }
  expect([code, ok, model]).toEqual([1, false, 'x/y'])
  expect(checks.map(({ name, state }) => `${name} ${state}`)).toContain('model failed')
  expect(checks.find(({ state }) => state === 'failed')?.advice).toMatch(/--model/)
})

test.each([[['extra']], [['--timeout', '0']], [['--base-url', 'ftp://x']], [['--local']]])(
  '%j is a call of the wrong kind',
  async (args) => {
    const { code, stdout } = await command.run(['check', ...args], { env: ENV })
    expect([code, stdout]).toEqual([2, ''])
  },
)

test('says nothing of the key, and sends it to the host alone', async () => {
  const server = await serveSymptoms({ models: reply(302, '', { location: 'https://elsewhere.test/' }) })
  const { stdout, stderr } = await command.run(['check', '--base-url', server.url], { env: ENV })
  expect(stdout + stderr).not.toContain(KEY)
  expect(server.received.map(({ headers }) => headers.authorization).filter(Boolean)).toContain(
    `Bearer ${KEY}`,
  )
})
