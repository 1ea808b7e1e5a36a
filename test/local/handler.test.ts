import { Ajv2020 } from 'ajv/dist/2020.js'
import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import contract from '../../openapi.json' with { type: 'json' }
import { createLocalReranker } from '../../src/local/index.ts'
import { HEADERS, MODEL, posting, WAYS, type Endpoint } from './endpoint.ts'

const VALID = { model: MODEL, query: 'capital', documents: ['no', 'the capital', ''] }

const keepsContract = new Ajv2020({ strict: false })
  .addSchema(contract, 'contract')
  .compile({ $ref: 'contract#/paths/~1v1~1rerank/post/responses/200/content/application~1json/schema' })

describe.each(WAYS)('the endpoint %s', (_way, open) => {
  let endpoint: Endpoint
  let locked: Endpoint
  beforeAll(async () => {
    endpoint = await open({ maxBodyBytes: 1_000 })
    locked = await open({ apiKey: 'right', models: ['a', 'b'], cors: true })
  })
  afterAll(async () => {
    await endpoint.close()
    await locked.close()
  })

  const without = (name: string) =>
    Object.fromEntries(Object.entries(HEADERS).filter(([key]) => key !== name))

  it.each<[what: string, path: string, init: RequestInit, status: number, detail: string]>([
    ['no key', '/v1/rerank', posting(VALID, without('authorization')), 401, 'Not authenticated'],
    [
      'an empty key',
      '/v1/rerank',
      posting(VALID, { ...HEADERS, authorization: 'Bearer ' }),
      401,
      'Not authenticated',
    ],
    [
      'another scheme',
      '/v1/rerank',
      posting(VALID, { ...HEADERS, authorization: 'Basic any' }),
      401,
      'Not authenticated',
    ],
    [
      'a scheme that ends as the right one does',
      '/v1/rerank',
      posting(VALID, { ...HEADERS, authorization: 'NoBearer any' }),
      401,
      'Not authenticated',
    ],
    ['no key and a bad body', '/v1/rerank', posting('{', without('authorization')), 401, 'Not authenticated'],
    ['an unknown path', '/v2/rerank', posting(VALID), 404, 'Not Found'],
    ['a doubled slash', '/v1//rerank', posting(VALID), 404, 'Not Found'],
    ['a path that starts with two slashes', '//v1/rerank', posting(VALID), 404, 'Not Found'],
    ['a name of every object', '/constructor', {}, 404, 'Not Found'],
    [
      'an unknown model',
      '/v1/rerank',
      posting({ ...VALID, model: 'X' }),
      404,
      'The model `X` does not exist.',
    ],
    [
      'a model in another case',
      '/v1/rerank',
      posting({ ...VALID, model: MODEL.toLowerCase() }),
      404,
      'The model `qwen/qwen3-reranker-8b` does not exist.',
    ],
    ['a wrong method', '/v1/rerank', { method: 'GET' }, 405, 'Method Not Allowed'],
    ['a preflight', '/v1/rerank', { method: 'OPTIONS' }, 405, 'Method Not Allowed'],
    ['a method of nobody', '/health', { method: 'DELETE' }, 405, 'Method Not Allowed'],
    [
      'a body past the limit',
      '/v1/rerank',
      posting('x'.repeat(1_001)),
      413,
      'The request body is larger than 1000 bytes.',
    ],
    [
      'a stream past the limit',
      '/v1/rerank',
      { ...posting(''), body: streamOf(['x'.repeat(999), 'xx']), duplex: 'half' },
      413,
      'The request body is larger than 1000 bytes.',
    ],
    [
      'bytes that are not UTF-8',
      '/v1/rerank',
      { ...posting(''), body: new Uint8Array([0x22, 0xff, 0x22]) },
      400,
      'There was an error parsing the body',
    ],
  ])('answers %s with a status and a detail', async (_what, path, init, status, detail) => {
    const response = await endpoint.fetch(path, init)
    const body: unknown = await response.json()
    expect(response.status).toBe(status)
    expect(body).toEqual({ detail })
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each([
    ['a body that is no JSON', '/v1/rerank', '{"a":1,}', HEADERS, 'json_invalid', ['body', 7]],
    ['a long body that is no JSON', '/v1/rerank', '{"abcdefgh":1,}', HEADERS, 'json_invalid', ['body', 14]],
    ['half a JSON', '/v1/rerank', '{"a":', HEADERS, 'json_invalid', ['body', 5]],
    ['a list that is no JSON', '/v1/rerank', '[1,]', HEADERS, 'json_invalid', ['body', 4]],
    ['no body', '/v1/rerank', '', HEADERS, 'missing', ['body']],
    ['null', '/v1/rerank', 'null', HEADERS, 'missing', ['body']],
    ['a list', '/v1/rerank', '[]', HEADERS, 'model_attributes_type', ['body']],
    ['JSON not called so', '/v1/rerank', '{}', without('content-type'), 'model_attributes_type', ['body']],
    ['a missing field', '/v1/rerank', '{"model":"m","query":"q"}', HEADERS, 'missing', ['body', 'documents']],
  ])('answers %s with a 422', async (_what, path, text, headers, type, loc) => {
    const response = await endpoint.fetch(path, posting(text, headers))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      detail: [{ type, loc, msg: expect.any(String) as string }],
    })
  })

  it('says why a body is no JSON', async () => {
    const response = await endpoint.fetch('/v1/rerank', posting('{]', HEADERS))
    expect(await response.json()).toEqual({
      detail: [
        {
          type: 'json_invalid',
          loc: ['body', 1],
          msg: 'JSON decode error',
          input: {},
          ctx: { error: expect.stringContaining('JSON') as string },
        },
      ],
    })
  })

  it('takes a body of exactly the limit', async () => {
    const empty = JSON.stringify({ ...VALID, query: '' })
    const query = 'x'.repeat(1_000 - empty.length)
    expect((await endpoint.fetch('/v1/rerank', posting({ ...VALID, query }))).status).toBe(200)
  })

  it.each([
    ['Bearer right', 200],
    ['bearer  right', 200],
    ['Bearer wrong', 401],
    ['Bearer right\u00a0', 401],
  ])('with a key of its own answers %j with %i', async (authorization, status) => {
    const response = await locked.fetch(
      '/v1/rerank',
      posting({ ...VALID, model: 'a' }, { ...HEADERS, authorization }),
    )
    expect(response.status).toBe(status)
    const refused = status === 401 ? { detail: 'Invalid authentication credentials' } : { model: 'a' }
    expect(await response.json()).toMatchObject(refused)
  })

  it('asks for a bearer key', async () => {
    const response = await endpoint.fetch('/v1/rerank', posting(VALID, without('authorization')))
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('says which methods a path has', async () => {
    expect((await endpoint.fetch('/v1/rerank')).headers.get('allow')).toBe('POST')
    expect((await endpoint.fetch('/health', { method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD')
  })

  it('answers a valid request with the contract’s response', async () => {
    const response = await endpoint.fetch('/v1/rerank', posting(VALID))
    const body: unknown = await response.json()
    expect(response.status).toBe(200)
    expect(keepsContract(body), JSON.stringify(keepsContract.errors)).toBe(true)
    expect(body).toMatchObject({
      id: expect.stringMatching(/^rerank-[0-9a-f]+$/) as string,
      model: MODEL,
      usage: { prompt_tokens: 10, total_tokens: 10 },
      results: [
        { index: 1, document: { text: 'the capital' } },
        { index: 0, document: { text: 'no' } },
        { index: 2, document: { text: '' } },
      ],
    })
  })

  it.each([
    ['no documents', { ...VALID, documents: [] }],
    ['an unknown field', { ...VALID, top_n: 1 }],
    ['a user that is null', { ...VALID, user: null }],
    ['the tier that only the contract admits', { ...VALID, service_tier: 'over-limit' }],
    ['hostile texts', { ...VALID, query: '__proto__', documents: ['constructor', '\uD800', '\0', '😀'] }],
  ])('accepts %s', async (_what, request) => {
    const response = await endpoint.fetch('/v1/rerank?ai_project_id=p', posting(request))
    const body: unknown = await response.json()
    expect(response.status).toBe(200)
    expect(keepsContract(body), JSON.stringify(keepsContract.errors)).toBe(true)
    expect(body).toHaveProperty('results.length', request.documents.length)
  })

  it('echoes lone surrogates as they came', async () => {
    const response = await endpoint.fetch('/v1/rerank', posting({ ...VALID, documents: ['a\uD800'] }))
    expect(await response.text()).toContain('a\\ud800')
  })

  it('gives every answer an id of its own and the same results', async () => {
    const [one = '', two = ''] = await Promise.all(
      [1, 2].map(async () => (await endpoint.fetch('/v1/rerank', posting(VALID))).text()),
    )
    const id = /rerank-[0-9a-f]+/
    expect(one).not.toBe(two)
    expect(one.replace(id, '')).toBe(two.replace(id, ''))
  })

  it('accepts the media type and the scheme in any spelling', async () => {
    const headers = { authorization: 'bearer any', 'content-type': 'Application/problem+JSON; charset=utf-8' }
    expect((await endpoint.fetch('/v1/rerank', posting(VALID, headers))).status).toBe(200)
  })

  it('serves the pinned contract without a key', async () => {
    expect(await (await endpoint.fetch('/openapi.json')).json()).toEqual(contract)
  })

  it('says without a key that it is well', async () => {
    expect(await (await endpoint.fetch('/health')).json()).toEqual({ status: 'ok' })
  })

  it.each([
    ['/health', 200],
    ['/v1/rerank', 405],
    ['/nowhere', 404],
  ])('answers HEAD %s without a body', async (path, status) => {
    const response = await endpoint.fetch(path, { method: 'HEAD' })
    expect(response.status).toBe(status)
    expect(await response.text()).toBe('')
  })

  it('accepts only the key that it was given', async () => {
    const call = async (key: string): Promise<number> => {
      const headers = { ...HEADERS, authorization: `Bearer ${key}` }
      return (await locked.fetch('/v1/rerank', posting({ ...VALID, model: 'b' }, headers))).status
    }
    expect(await Promise.all(['right', 'wrong', 'right-'].map(call))).toEqual([200, 401, 401])
  })

  it('lets a page of another origin in only when told to', async () => {
    const preflight = {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'authorization,content-type' },
    }
    const response = await locked.fetch('/v1/rerank', preflight)
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization,content-type')
    const { headers } = await locked.fetch('/health')
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': '*',
      'access-control-expose-headers': 'x-request-id',
    })
    expect((await endpoint.fetch('/health')).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('rejects with the reason of an abort before the call', async () => {
    const signal = AbortSignal.abort(new Error('changed my mind'))
    await expect(endpoint.fetch('/v1/rerank', { ...posting(VALID), signal })).rejects.toThrow(
      'changed my mind',
    )
  })

  it('rejects with the reason of an abort while the body is under way', async () => {
    const controller = new AbortController()
    const body = new ReadableStream({ pull: () => controller.abort(new Error('changed my mind')) }, HUNGRY)
    const init = { ...posting(''), body, duplex: 'half', signal: controller.signal } as RequestInit
    await expect(endpoint.fetch('/v1/rerank', init)).rejects.toThrow('changed my mind')
  })
})

describe('createLocalReranker', () => {
  it('refuses one document too many, in pydantic’s words', async () => {
    const handler = createLocalReranker({ maxDocuments: 2 })
    const send = (documents: string[]) =>
      handler('http://local.test/v1/rerank', posting({ ...VALID, documents }))
    expect((await send(['a', 'b'])).status).toBe(200)
    const response = await send(['a', 'b', 'c'])
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({
      detail: [
        {
          type: 'too_long',
          loc: ['body', 'documents'],
          msg: 'List should have at most 2 items after validation, not 3',
          input: '…',
          ctx: { field_type: 'List', max_length: 2, actual_length: 3 },
        },
      ],
    })
  })

  it.each(['"a"', '""', '0', 'null', '{}', '[]', '{"a":1}'])(
    'refuses millions of %s without parsing them',
    async (value) => {
      const length = 8 * 1024 * 1024
      const values = `${value},`.repeat(Math.floor(length / (value.length + 1)))
      const body = `{"model":"${MODEL}","query":"q","documents":[${values}${value}]}`
      const parse = vi.spyOn(JSON, 'parse')
      const response = await createLocalReranker()('http://local.test/v1/rerank', posting(body))
      expect(response.status).toBe(413)
      expect(await response.json()).toEqual({ detail: 'The request body has more than 110000 values.' })
      expect(parse.mock.calls.filter(([text]) => text.length > 1_000_000)).toEqual([])
    },
  )

  it('takes a text with as many commas and brackets as it likes', async () => {
    const documents = [',[{'.repeat(500_000), `"\\"${',"'.repeat(200_000)}`]
    const response = await createLocalReranker()(
      'http://local.test/v1/rerank',
      posting({ ...VALID, documents }),
    )
    expect(response.status).toBe(200)
  })

  it('brings the key that a client may use', () => {
    expect(createLocalReranker().apiKey).toBe('local')
    expect(createLocalReranker({ apiKey: 'mine' }).apiKey).toBe('mine')
  })

  it('is called with a Request as well', async () => {
    const response = await createLocalReranker()(new Request('http://local.test/v1/rerank', posting(VALID)))
    expect(response.status).toBe(200)
  })

  it('has no method that it was not given', async () => {
    const response = await createLocalReranker()('http://local.test/health', { method: 'constructor' })
    expect(response.status).toBe(405)
  })

  it('follows the signal of a Request', async () => {
    const signal = AbortSignal.abort(new Error('changed my mind'))
    const request = new Request('http://local.test/v1/rerank', { ...posting(VALID), signal })
    await expect(createLocalReranker()(request)).rejects.toThrow('changed my mind')
  })

  it('cancels a body that it does not read', async () => {
    const cancel = vi.fn()
    const body = new ReadableStream({ cancel }, HUNGRY)
    await createLocalReranker()('http://local.test/nowhere', { ...posting(''), body, duplex: 'half' })
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('rejects with the reason of an abort while it ranks', async () => {
    const controller = new AbortController()
    const documents = Array.from({ length: 10 }, () => 'word '.repeat(50_000))
    const init = { ...posting({ ...VALID, documents }), signal: controller.signal }
    const answer = createLocalReranker()('http://local.test/v1/rerank', init)
    setTimeout(() => controller.abort(new Error('changed my mind')))
    await expect(answer).rejects.toThrow('changed my mind')
  })

  it('leaves no listener on a signal', async () => {
    const { signal } = new AbortController()
    const handler = createLocalReranker()
    await handler('http://local.test/v1/rerank', { ...posting(VALID), signal })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

const HUNGRY = { highWaterMark: 0 }

function streamOf(parts: readonly string[]): ReadableStream<Uint8Array> {
  const chunks = parts.map((part) => new TextEncoder().encode(part)).values()
  return new ReadableStream({
    pull(controller) {
      const { value, done } = chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}
