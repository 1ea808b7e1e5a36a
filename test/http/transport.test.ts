import { describe, expect, test, vi } from 'vitest'
import type { ReplyFnContext } from 'nock'
import packageJson from '../../package.json' with { type: 'json' }
import { createRerankClient, spec } from '../../src/index.ts'
import type { ClientOptions } from '../../src/index.ts'
import { intercept, nock } from '../helpers/nock.ts'
import { answerTo, clientOf, failure, KEY, REQUEST, scripted } from '../helpers/rerank.ts'

const HOST = 'https://api.tokenfactory.nebius.com'

/** Every header that is sent. */
const HEADERS = {
  authorization: `Bearer ${KEY}`,
  'content-type': 'application/json',
  accept: 'application/json',
  'user-agent': `nebius-rerank/${packageJson.version} (spec ${spec.version})`,
}

const made = createRerankClient({ apiKey: KEY })

intercept()

/** Answers the next request to a host and path, and tells what it was. */
function heard(path = '/v1/rerank', host = HOST): { headers: object; body: unknown } {
  const request: ReturnType<typeof heard> = { headers: {}, body: undefined }
  nock(host)
    .post(path)
    .reply(200, function (this: ReplyFnContext, _: string, body: unknown) {
      request.headers = this.req.headers
      request.body = body
      return answerTo(REQUEST)
    })
  return request
}

describe('on the wire', () => {
  test('a call is a POST of the spec’s request', async () => {
    const request = heard()
    await made.rerank({ ...REQUEST, user: 'u-1', service_tier: 'flex' })
    expect(request.body).toEqual({
      ...REQUEST,
      user: 'u-1',
      service_tier: 'flex',
      model: 'Qwen/Qwen3-Reranker-8B',
    })
  })

  test('its headers name the key, the content, and both versions', async () => {
    const request = heard()
    await made.rerank(REQUEST)
    expect(request.headers).toEqual({ ...HEADERS, host: 'api.tokenfactory.nebius.com' })
  })

  test('there is no authorization without a key', async () => {
    const request = heard()
    await createRerankClient({ apiKey: null }).rerank(REQUEST)
    expect(request.headers).not.toHaveProperty('authorization')
  })

  test('a call’s headers are laid over the client’s, and null takes one away', async () => {
    const request = heard()
    const client = createRerankClient({
      apiKey: KEY,
      headers: { 'X-A': 'client', 'X-B': 'client', 'X-C': 'client' },
    })
    await client.rerank(REQUEST, { headers: { 'x-a': 'call', 'x-b': null, Authorization: 'Bearer other' } })
    expect(request.headers).toMatchObject({ 'x-a': 'call', 'x-c': 'client', authorization: 'Bearer other' })
    expect(request.headers).not.toHaveProperty('x-b')
  })

  test('the project is a query parameter', async () => {
    heard('/v1/rerank?ai_project_id=project-1')
    await made.rerank(REQUEST, { projectId: 'project-1' })
  })

  test.each([
    ['https://eu.test', 'https://eu.test', '/v1/rerank'],
    ['https://eu.test/', 'https://eu.test', '/v1/rerank'],
    ['https://eu.test/v1', 'https://eu.test', '/v1/rerank'],
    ['https://eu.test/v1/', 'https://eu.test', '/v1/rerank'],
    ['https://eu.test//v1//', 'https://eu.test', '/v1/rerank'],
    ['https://eu.test/v1/projects/7', 'https://eu.test', '/v1/projects/7/v1/rerank'],
    ['https://eu.test:8443/a/b/v1/', 'https://eu.test:8443', '/a/b/v1/rerank'],
    ['http://127.0.0.1:11434', 'http://127.0.0.1:11434', '/v1/rerank'],
  ])('the base URL %s leads to %s%s', async (baseUrl, host, path) => {
    heard(path, host)
    await createRerankClient({ apiKey: KEY, baseUrl }).rerank(REQUEST)
  })

  test.each([301, 302, 303, 307, 308])('a %i is not followed', async (status) => {
    nock(HOST).post('/v1/rerank').reply(status, '', { location: 'https://elsewhere.test/' })
    expect(await failure(made.rerank(REQUEST, { maxRetries: 5 }))).toMatchObject({ kind: 'response', status })
  })
})

describe('fetch', () => {
  const initOf = async (options: ClientOptions = {}): Promise<RequestInit | undefined> => {
    const fetch = scripted()
    await clientOf(fetch, options).rerank(REQUEST)
    expect(fetch.calls[0]?.url).toBe('https://rerank.test/v1/rerank')
    return fetch.calls[0]?.init
  }

  test('is called with a URL in a string and plain data', async () => {
    expect(await initOf()).toEqual({
      method: 'POST',
      redirect: 'manual',
      headers: HEADERS,
      body: JSON.stringify({ ...REQUEST, model: 'Qwen/Qwen3-Reranker-8B' }),
      signal: expect.any(AbortSignal) as AbortSignal,
    })
  })

  test('is the global one of the moment, not of when the client was made', async () => {
    const fetch = scripted()
    vi.stubGlobal('fetch', fetch)
    await made.rerank(REQUEST)
    expect(fetch.calls).toHaveLength(1)
    // Only Node's own is known to say so when it refuses one.
    expect(fetch.calls[0]?.init.redirect).toBe('manual')
  })

  test('gets a signal of its own and not the caller’s', async () => {
    const fetch = scripted()
    const { signal } = new AbortController()
    await clientOf(fetch).rerank(REQUEST, { signal })
    expect(fetch.calls[0]?.init.signal).toBeInstanceOf(AbortSignal)
    expect(fetch.calls[0]?.init.signal).not.toBe(signal)
  })
})
