import { describe, expect, test, vi } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import type { ClientOptions } from '../../src/index.ts'
import { resolveClient } from '../../src/options/resolve.ts'
import {
  answers,
  clientOf,
  failure,
  good,
  KEY,
  rejection,
  REQUEST,
  scripted,
  sentBy,
  stalls,
} from '../helpers/rerank.ts'

const HTTPS = 'https://rerank.test'
const KEYED = { apiKey: KEY, baseUrl: HTTPS }
const resolve = (options: object): ReturnType<typeof resolveClient> => resolveClient({ ...KEYED, ...options })

describe('the key', () => {
  const headersOf = (options: ClientOptions): unknown => resolveClient({ baseUrl: HTTPS, ...options }).headers
  const bearer = (key: string): object =>
    expect.objectContaining({ authorization: `Bearer ${key}` }) as object
  const local = Object.assign(scripted(), { apiKey: 'local' })

  test('comes from apiKey, before fetch and the environment', () => {
    vi.stubEnv('NEBIUS_API_KEY', 'from-environment')
    expect(headersOf({ apiKey: 'mine', fetch: local })).toEqual(bearer('mine'))
  })

  test('comes with fetch, before the environment', () => {
    vi.stubEnv('NEBIUS_API_KEY', 'from-environment')
    expect(headersOf({ fetch: local })).toEqual(bearer('local'))
  })

  test('comes from NEBIUS_API_KEY', () => {
    vi.stubEnv('NEBIUS_API_KEY', 'from-environment')
    expect(headersOf({ fetch: scripted() })).toEqual(bearer('from-environment'))
  })

  test('is not sent when it is null, whatever the environment holds', () => {
    vi.stubEnv('NEBIUS_API_KEY', 'from-environment')
    expect(headersOf({ apiKey: null, fetch: local })).not.toHaveProperty('authorization')
  })

  test.each([[undefined], ['']])('is missed where it is %j and the environment empty', (apiKey) => {
    expect(() => createRerankClient({ apiKey })).toThrow(
      new TypeError('No API key: set NEBIUS_API_KEY or pass apiKey (null for a server that needs none)'),
    )
  })

  test.each(['MARK ER', 'MARKER\n', '\rMARKER', 'MARK\u00e9', 'MARK\u200bER', 'MARK\0ER', ' MARKER'])(
    'is refused as %j, without a part of it in the message',
    (apiKey) => {
      const message =
        'apiKey must be printable ASCII without blanks, got others (not shown), perhaps a line break'
      expect(() => createRerankClient({ apiKey })).toThrow(new TypeError(message))
      vi.stubEnv('NEBIUS_API_KEY', apiKey.replace('\0', '\t'))
      expect(() => createRerankClient()).toThrow(new TypeError(message.replace('apiKey', 'NEBIUS_API_KEY')))
    },
  )

  test('is not called the environment’s where it came with fetch', () => {
    const fetch = Object.assign(scripted(), { apiKey: 'MARK ER' })
    expect(() => createRerankClient({ fetch })).toThrow(/^apiKey must be printable ASCII/)
  })

  test('is refused when it is no string', () => {
    expect(() => createRerankClient({ apiKey: 12345 as unknown as string })).toThrow(
      /without blanks, got number$/,
    )
  })
})

describe('plain http', () => {
  const SECRET_HEADERS = [
    ['authorization', 'The API key'],
    ['X-Api-Key', 'The header x-api-key'],
    ['X-Password', 'The header x-password'],
    ['DPoP', 'The header dpop'],
    ['X-Bearer', 'The header x-bearer'],
    ['X-Otp', 'The header x-otp'],
  ] as const
  const refusal = (what: string): TypeError =>
    new TypeError(
      `${what} would be sent unencrypted to http://example.test: use https, or set allowInsecureHttp to true`,
    )
  const insecure = { baseUrl: 'http://example.test/path' }

  test('carries no key', () => {
    expect(() => resolve(insecure)).toThrow(refusal('The API key'))
  })

  test.each(SECRET_HEADERS)('carries no %s header of a client', (name, what) => {
    const headers = { [name]: KEY }
    expect(() => createRerankClient({ ...insecure, apiKey: null, headers })).toThrow(refusal(what))
  })

  test.each(SECRET_HEADERS)('carries no %s header of a call', async (name, what) => {
    const fetch = scripted()
    const client = createRerankClient({ ...insecure, apiKey: null, fetch })
    expect(await rejection(client.rerank(REQUEST, { headers: { [name]: KEY } }))).toEqual(refusal(what))
    expect(fetch.calls).toEqual([])
  })

  test('carries requests without a key', async () => {
    const client = createRerankClient({ ...insecure, apiKey: null, fetch: scripted() })
    await expect(client.rerank(REQUEST)).resolves.toHaveProperty('results')
  })

  test('carries a key for those who must', async () => {
    const client = createRerankClient({
      ...insecure,
      apiKey: null,
      allowInsecureHttp: true,
      fetch: scripted(),
    })
    await expect(client.rerank(REQUEST, { headers: { authorization: KEY } })).resolves.toHaveProperty(
      'results',
    )
  })

  test.each(['localhost', 'a.localhost', '127.0.0.1', '127.10.20.30', '127.1', '[::1]', '0x7f.1'])(
    'carries a key to loopback, %s',
    (host) => {
      expect(resolve({ baseUrl: `http://${host}:8080` })).toHaveProperty('baseUrl')
    },
  )

  test.each([
    'localhost.evil.test',
    '127.0.0.1.evil.test',
    'notlocalhost',
    '10.0.0.1',
    '0.0.0.0',
    '[::2]',
    '128.0.0.1',
  ])('carries no key to %s', (host) => {
    expect(() => resolve({ baseUrl: `http://${host}` })).toThrow('would be sent unencrypted')
  })
})

describe('the base URL', () => {
  test.each([
    [HTTPS, HTTPS],
    [`${HTTPS}/`, HTTPS],
    [`${HTTPS}//`, HTTPS],
    [`${HTTPS}/v1`, HTTPS],
    [`${HTTPS}/v1/`, HTTPS],
    [`${HTTPS}//v1//`, HTTPS],
    [`${HTTPS}///v1`, HTTPS],
    [`${HTTPS}/gateway`, `${HTTPS}/gateway`],
    [`${HTTPS}/gateway/v1/`, `${HTTPS}/gateway`],
    [`${HTTPS}/gateway/xv1`, `${HTTPS}/gateway/xv1`],
    [`${HTTPS}:443`, HTTPS],
    [`${HTTPS}:8443/v1`, `${HTTPS}:8443`],
    ['HTTPS://Rerank.TEST/v1', HTTPS],
  ])('%s is %s', (spelling, baseUrl) => {
    expect(resolve({ baseUrl: spelling }).baseUrl).toBe(baseUrl)
    expect(resolve({ baseUrl: new URL(spelling) }).baseUrl).toBe(baseUrl)
  })

  test('comes from NEBIUS_BASE_URL, unless an option says otherwise', () => {
    vi.stubEnv('NEBIUS_BASE_URL', 'https://environment.test/v1')
    expect(resolve({ baseUrl: undefined }).baseUrl).toBe('https://environment.test')
    expect(resolve({}).baseUrl).toBe(HTTPS)
  })

  test('is the service’s where nobody says', () => {
    expect(resolve({ baseUrl: undefined }).baseUrl).toBe('https://api.tokenfactory.nebius.com')
  })

  test.each([
    ['', '""'],
    ['rerank.test', '"rerank.test"'],
    ['/v1', '"/v1"'],
    ['ftp://rerank.test', '"ftp://rerank.test"'],
    [5, '"5"'],
    [`https://user:${KEY}@rerank.test`, 'one with @, ? or # (not shown)'],
    [`https://rerank.test?key=${KEY}`, 'one with @, ? or # (not shown)'],
    [`https://rerank.test/#${KEY}`, 'one with @, ? or # (not shown)'],
    [`//user:${KEY}@rerank.test`, 'one with @, ? or # (not shown)'],
  ])('is refused as %s', (baseUrl, shown) => {
    expect(() => resolve({ baseUrl })).toThrow(
      new TypeError(
        `baseUrl must be an absolute http or https URL without credentials, query or fragment, got ${shown}`,
      ),
    )
  })
})

describe('a call’s option beats its client’s, and the client’s beats the default', () => {
  test('model', async () => {
    const fetch = scripted()
    await clientOf(fetch).rerank(REQUEST)
    await clientOf(fetch, { model: 'client' }).rerank(REQUEST)
    await clientOf(fetch, { model: 'client' }).rerank({ ...REQUEST, model: 'call' })
    expect(fetch.calls.map(({ init }) => sentBy(init).model)).toEqual([
      'Qwen/Qwen3-Reranker-8B',
      'client',
      'call',
    ])
  })

  test('projectId', async () => {
    const fetch = scripted()
    await clientOf(fetch).rerank(REQUEST)
    await clientOf(fetch, { projectId: 'client' }).rerank(REQUEST)
    await clientOf(fetch, { projectId: 'client' }).rerank(REQUEST, { projectId: 'call &?' })
    expect(fetch.calls.map(({ url }) => new URL(url).search)).toEqual([
      '',
      '?ai_project_id=client',
      '?ai_project_id=call%20%26%3F',
    ])
  })

  test('fetch', async () => {
    const [ofClient, ofCall] = [scripted(), scripted()]
    await clientOf(ofClient).rerank(REQUEST, { fetch: ofCall })
    expect([ofClient.calls.length, ofCall.calls.length]).toEqual([0, 1])
  })

  test.each([
    ['timeoutMs', { timeoutMs: 60_000 }, { timeoutMs: 1 }, stalls, 'timeout'],
    ['deadlineMs', {}, { deadlineMs: 1 }, stalls, 'timeout'],
    ['maxResponseBytes', { maxResponseBytes: 1000 }, { maxResponseBytes: 1 }, good, 'response'],
    [
      'maxRetries',
      { maxRetries: 5 },
      { maxRetries: 0 },
      answers(503, null, { 'retry-after': '99999' }),
      'server',
    ],
  ] as const)('%s', async (_, options, callOptions, step, kind) => {
    const fetch = scripted(step)
    expect((await failure(clientOf(fetch, options).rerank(REQUEST, callOptions))).kind).toBe(kind)
    expect(fetch.calls).toHaveLength(1)
  })

  test('an option that is undefined is one that is not given', async () => {
    const fetch = scripted()
    const client = clientOf(fetch, { projectId: 'client' })
    await client.rerank(REQUEST, {
      projectId: undefined,
      timeoutMs: undefined,
      headers: undefined,
      fetch: undefined,
    })
    expect(fetch.calls[0]?.url).toContain('ai_project_id=client')
  })
})

describe('in a browser', () => {
  test('the client refuses to start', () => {
    vi.stubGlobal('window', { document: {} })
    expect(() => createRerankClient(KEYED)).toThrow(
      new TypeError(
        'In a browser anybody can read the API key: call from a server, or set dangerouslyAllowBrowser to true',
      ),
    )
  })

  test('it starts when told to, and leaves the User-Agent to the browser', () => {
    vi.stubGlobal('window', { document: {} })
    expect(resolve({ dangerouslyAllowBrowser: true }).headers).not.toHaveProperty('user-agent')
  })

  test('a worker of a page is in it as well', () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36' })
    expect(() => createRerankClient({ apiKey: KEY })).toThrow('In a browser')
  })

  test.each(['Node.js/24', 'Deno/2.9.0', 'Bun/1.4.0', 'Cloudflare-Workers'])('%s is none', (userAgent) => {
    vi.stubGlobal('navigator', { userAgent })
    expect(() => createRerankClient({ apiKey: KEY })).not.toThrow()
  })

  test('is not where a window has no document', () => {
    vi.stubGlobal('window', {})
    expect(resolve({}).headers).toHaveProperty('user-agent')
  })
})

describe('the environment', () => {
  test('may be missing altogether', () => {
    vi.stubGlobal('process', undefined)
    expect(() => createRerankClient()).toThrow(TypeError)
    expect(() => createRerankClient()).toThrow(/^No API key/)
  })

  test('may be out of bounds', () => {
    vi.stubGlobal('process', {
      get env(): never {
        throw new Error('not allowed')
      },
    })
    expect(() => createRerankClient()).toThrow(/^No API key/)
  })
})

test('what an environment variable holds is blamed on it', () => {
  vi.stubEnv('NEBIUS_API_KEY', 'key\n')
  expect(() => createRerankClient()).toThrow(/^NEBIUS_API_KEY must be .+ perhaps a line break/)
  vi.stubEnv('NEBIUS_API_KEY', KEY)
  vi.stubEnv('NEBIUS_BASE_URL', 'foo')
  expect(() => createRerankClient()).toThrow('NEBIUS_BASE_URL must be an absolute http or https URL')
})
