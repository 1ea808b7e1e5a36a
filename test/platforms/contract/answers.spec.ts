import { once } from 'node:events'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import contract from '../../../openapi.json' with { type: 'json' }
import { serveLocalReranker } from '../../../src/local/index.ts'
import type { LocalServer } from '../../../src/local/index.ts'
import { installCommand } from '../../helpers/command.ts'
import { KEY } from '../../helpers/rerank.ts'
import { valuesOf } from '../../helpers/schema-values.ts'
import { spoiled } from '../../helpers/spoil.ts'
import { proxy } from './prism.ts'
import type { Prism } from './prism.ts'
import { ANSWERS, ARRIVES_AS, relayTo } from './relay.ts'
import type { Relay } from './relay.ts'

const MODEL = 'Qwen/Qwen3-Reranker-8B'
const VALID = { model: MODEL, query: 'capital of France', documents: ['Belgrade', 'Paris, France'] }
/** What Prism says of a status that the contract does not have, beside letting it pass. */
const UNLISTED = 'Unable to match the returned status code with those defined in the document: 200,422'

let endpoint: LocalServer
let relay: Relay
let judge: Prism
beforeAll(async () => {
  endpoint = await serveLocalReranker({ apiKey: KEY, maxBodyBytes: 100_000 })
  relay = await relayTo(endpoint.url)
  judge = await proxy(relay.url)
  return async () => {
    await judge.close()
    relay.close()
    await endpoint.close()
  }
})

/** An answer of the endpoint, and what Prism says against it. It makes a 500 of one that leaves the contract. */
interface Judged {
  status: number
  violations: string[]
}

describe('an answer of the embedded endpoint keeps the contract', () => {
  test.each<[string, object]>([
    ['to the least', {}],
    ['to all fields', { user: 'user-1', service_tier: 'flex' }],
    ['to no documents', { documents: [] }],
    ['to one document', { documents: ['Paris'] }],
    ['to a thousand', { documents: Array.from({ length: 1000 }, (_, place) => `document ${place}`) }],
    ['to blank texts', { query: '', documents: ['', ' '] }],
    ['to texts beyond ASCII', { query: 'Београд', documents: ['\u{1f1f7}\u{1f1f8}', '\ud800'] }],
  ])('%s', async (_, fields) => {
    expect(await post({ ...VALID, ...fields })).toEqual({ status: 200, violations: [] })
  })

  test.each<[string, string, Record<string, string>?]>([
    ['without a body', ''],
    ['without a field', '{}'],
    ['without any right field', '{"query":1,"documents":{},"model":null,"service_tier":"never","user":[]}'],
    ['with documents that are none', JSON.stringify({ ...VALID, documents: ['a', 1, null, {}] })],
    ['with thousands of faults', JSON.stringify({ ...VALID, documents: Array(5000).fill(1) })],
    ['with a list for a body', '[1]'],
    ['with a body that breaks off', '{"query":', { [ARRIVES_AS]: 'application/json' }],
    ['with a text for a body', '"text"', { [ARRIVES_AS]: 'application/json' }],
    ['with another type of body', JSON.stringify(VALID), { 'content-type': 'text/plain' }],
  ])('to a request %s', async (_, body, headers) => {
    expect(await post(body, headers)).toEqual({ status: 422, violations: [] })
  })

  test('to whatever is asked', async () => {
    const schema = contract.paths['/v1/rerank'].post.requestBody.content['application/json'].schema
    const requests = valuesOf(schema, contract).map(
      (request) => ({ ...Object(request), model: MODEL }) as object,
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(requests, spoiled(requests)), async (request) => {
        const { status, violations } = await post(request)
        // A spoiled request may name another model.
        expect([200, 422, 404]).toContain(status)
        expect(violations).toEqual(status === 404 ? [UNLISTED] : [])
      }),
      { numRuns: 200 },
    )
  })
})

test.each<[number, string, object, Record<string, string>?]>([
  [401, 'a wrong key', VALID, { authorization: 'Bearer wrong' }],
  [404, 'an unknown model', { ...VALID, model: 'X' }],
  [413, 'a body that is too large', { ...VALID, query: 'x'.repeat(100_000) }],
])('answers %i to %s, which the contract leaves open', async (status, _, body, headers) => {
  expect(await post(body, headers)).toEqual({ status, violations: [UNLISTED] })
})

test('the faults that the command makes on demand leave the other answers as they are', async () => {
  const command = await installCommand()
  const serving = command.start(['serve', '--port', '0', '--rate-limit', '1', '--latency', '1'])
  const [said] = (await once(serving.stderr, 'data')) as [Buffer]
  const [, url = ''] = /(http:\S+)\/v1\/rerank/.exec(said.toString()) ?? []
  const strict = await proxy(url)
  try {
    expect(await post(VALID, {}, strict)).toEqual({ status: 200, violations: [] })
    expect(await post(VALID, {}, strict)).toEqual({ status: 429, violations: [UNLISTED] })
  } finally {
    await strict.close()
    serving.kill()
    await command.remove()
  }
})

test.each([
  ['a success', VALID, '{"id":"1","model":"m","results":[{"index":"0"}],"usage":{}}'],
  ['an error', {}, '{"detail":[{"loc":"body"}]}'],
])('Prism finds %s that leaves the contract', async (_, body, answer) => {
  const { status, violations } = await post(body, { [ANSWERS]: answer })
  expect(status).toBe(500)
  expect(violations.join()).toContain('Response body property')
})

/** Posts a text as it is, anything else as JSON. */
async function post(body: unknown, headers: Record<string, string> = {}, to = judge): Promise<Judged> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = headers[ARRIVES_AS] === undefined ? 'application/json' : 'text/plain'
  const response = await fetch(`${to.url}/v1/rerank`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': type, ...headers },
    body: text,
  })
  const violations = JSON.parse(response.headers.get('sl-violations') ?? '[]') as { message: string }[]
  return { status: response.status, violations: violations.map(({ message }) => message) }
}
