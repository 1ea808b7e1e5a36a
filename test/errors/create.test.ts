import { describe, expect, test } from 'vitest'
import {
  answers,
  answersOk,
  answerTo,
  clientOf,
  failure,
  KEY,
  REQUEST,
  scripted,
  throws,
} from '../helpers/rerank.ts'
import type { Step } from '../helpers/rerank.ts'
import type { RerankError } from '../../src/index.ts'

const errorOf = (step: Step): Promise<RerankError> => failure(clientOf(scripted(step)).rerank(REQUEST))

describe('the class by status', () => {
  test.each([
    [400, 'BadRequestError'],
    [401, 'AuthenticationError'],
    [402, 'PaymentRequiredError'],
    [403, 'PermissionDeniedError'],
    [404, 'NotFoundError'],
    [405, 'BadRequestError'],
    [408, 'BadRequestError'],
    [413, 'BadRequestError'],
    [422, 'BadRequestError'],
    [429, 'RateLimitError'],
    [500, 'ServerError'],
    [503, 'ServerError'],
    [599, 'ServerError'],
    [302, 'RerankResponseError'],
    [304, 'RerankResponseError'],
  ])('%i is a %s', async (status, name) => {
    expect(await errorOf(answers(status))).toMatchObject({ name, status })
  })
})

describe('the message', () => {
  test.each([
    [400, 'POST /v1/rerank returned 400: no (request id req-1)'],
    [
      401,
      'POST /v1/rerank returned 401: no (request id req-1). Check the key given as apiKey or NEBIUS_API_KEY.',
    ],
    [402, 'POST /v1/rerank returned 402: no (request id req-1). Add credit to the account.'],
    [
      403,
      'POST /v1/rerank returned 403: no (request id req-1). Check the permissions of the key and the project.',
    ],
    [
      404,
      'POST /v1/rerank returned 404: no (request id req-1). Check baseUrl and the model id, which is case-sensitive.',
    ],
    [
      429,
      'POST /v1/rerank returned 429: no (request id req-1). Raise maxRetries, or rank with rankMany, which keeps to the limits.',
    ],
    [
      500,
      'POST /v1/rerank returned 500: no (request id req-1). Try again later, or send the request id to the support of the service.',
    ],
  ])('of a %i says what failed, why, the request id, and what to do', async (status, message) => {
    const error = await errorOf(answers(status, { detail: 'no.' }, { 'x-request-id': 'req-1' }))
    expect(error.message).toBe(message)
  })

  test('counts the attempts where there were several', async () => {
    const client = clientOf(scripted(answers(503, { detail: 'no' }, { 'retry-after-ms': '1' })), {
      maxRetries: 1,
    })
    expect((await failure(client.rerank(REQUEST))).message).toBe(
      'POST /v1/rerank returned 503: no (retry after 1 ms, 2 attempts). Try again later.',
    )
  })

  test('says nothing of a wait of 0', async () => {
    const error = await errorOf(answers(503, { detail: 'no' }, { 'retry-after-ms': '0' }))
    expect(error.message).toBe('POST /v1/rerank returned 503: no. Try again later.')
  })

  test('of a 429 that asks for a wait says when to come back', async () => {
    const error = await errorOf(answers(429, { detail: 'no' }, { 'retry-after': '90' }))
    expect(error.message).toBe(
      'POST /v1/rerank returned 429: no (retry after 90000 ms). Wait until retryAt, or rank with rankMany, which keeps to the limits.',
    )
  })

  test('names no part of a ranking that is one request', async () => {
    const error = await failure(clientOf(scripted(answers(500, { detail: 'no' }))).rank('q', ['a']))
    expect(error.message).toBe('POST /v1/rerank returned 500: no. Try again later.')
    expect(error).not.toHaveProperty('part')
  })

  test.each([
    ['words with line breaks', answers(500, { detail: 'a\nb\u2028c' })],
    ['text with control characters', answers(500, 'a\r\n\u001b[2Jb')],
    ['a page', answers(502, '<html>\n<title>\nBad\n</title>')],
    ['a request id of any length', answers(500, 'x', { 'x-request-id': 'i'.repeat(5000) })],
    ['megabytes', answers(500, 'x'.repeat(3_000_000))],
    ['an error with several lines', throws(new Error(`a\nb${'c'.repeat(9000)}`))],
  ])('is one bounded line after %s', async (_, step) => {
    const { message } = await errorOf(step)
    expect(message).toMatch(/^POST \/v1\/rerank .+$/)
    expect(message).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
    expect(message.length).toBeLessThan(600)
  })
})

describe('the facts', () => {
  test('of the answer are on the error', async () => {
    const headers = { 'x-request-id': 'req-1', 'x-inference-id': 'inf-1', 'retry-after': '2' }
    const error = await errorOf(answers(503, { detail: 'busy' }, headers))
    expect(error).toMatchObject({
      status: 503,
      requestId: 'req-1',
      inferenceId: 'inf-1',
      retryAfterMs: 2000,
      attempts: 1,
      body: { detail: 'busy' },
    })
    expect(error.headers?.['retry-after']).toBe('2')
  })

  test('leave cookies out', async () => {
    const error = await errorOf(answers(503, null, { 'set-cookie': 'session=1', server: 'x' }))
    expect(error.headers).toEqual({ server: 'x' })
  })

  test('hold every fault of a 422', async () => {
    const detail = [
      { type: 'missing', loc: ['body', 'query'], msg: 'Field required', input: {} },
      { type: 'string_type', loc: ['body', 'documents', 1], msg: 'Input should be a string', input: 1 },
    ]
    const error = await errorOf(answers(422, { detail }))
    expect(error).toMatchObject({
      issues: [
        { path: 'body.query', message: 'Field required', type: 'missing' },
        { path: 'body.documents.1', message: 'Input should be a string', type: 'string_type' },
      ],
    })
    expect(error.message).toBe(
      'POST /v1/rerank returned 422: body.query: Field required; body.documents.1: Input should be a string',
    )
  })

  test('hold the rate limit of a 429, whose reset says when to come back', async () => {
    const headers = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '7s' }
    expect(await errorOf(answers(429, null, headers))).toMatchObject({
      retryAfterMs: 7000,
      rateLimit: { requests: { remaining: 0, resetMs: 7000 } },
    })
  })

  test('hold issues of a 4xx without a class of its own alone, and limits of a 429 alone', async () => {
    const detail = [{ type: 'missing', loc: ['header', 'authorization'], msg: 'Field required' }]
    const headers = { 'x-ratelimit-remaining-requests': '0' }
    expect(await errorOf(answers(401, { detail }, headers))).not.toHaveProperty('issues')
    expect(await errorOf(answers(503, { detail }, headers))).not.toHaveProperty('rateLimit')
    expect(await errorOf(answers(429, { detail }, headers))).not.toHaveProperty('issues')
  })

  test('take no reset for a Retry-After unless it is a 429', async () => {
    const error = await errorOf(answers(503, null, { 'x-ratelimit-reset-requests': '7s' }))
    expect(error.retryAfterMs).toBeUndefined()
  })
})

test('an error that is no JSON keeps its text', async () => {
  expect((await errorOf(answers(503, 'upstream is down'))).body).toBe('upstream is down')
})

describe('an error in a 200', () => {
  test.each([
    ['as a number', { error: { message: 'slow down', code: 429 } }, 'RateLimitError', 429],
    ['as text', { error: { message: 'no', code: '401' } }, 'AuthenticationError', 401],
    ['as status', { error: { message: 'no', status: 503 } }, 'ServerError', 503],
    ['from 400', { error: { message: 'no', code: 400 } }, 'BadRequestError', 400],
    ['to 599', { error: { message: 'no', code: 599 } }, 'ServerError', 599],
  ])('is of the class that its code names %s', async (_, body, name, status) => {
    const error = await errorOf(answersOk(body))
    expect(error).toMatchObject({ name, status, body })
    expect(error.message).toContain(`POST /v1/rerank returned 200 with an error ${status}: `)
  })

  test.each([
    [{ code: 429, message: 'slow down' }, 'RateLimitError'],
    [{ message: 'slow down' }, 'RerankResponseError'],
    [{ detail: 'slow down' }, 'RerankResponseError'],
    [{ object: 'error', message: 'slow down' }, 'RerankResponseError'],
  ])('may be told in place of results: %j', async (body, name) => {
    const error = await errorOf(answersOk(body))
    expect(error).toMatchObject({ name, message: expect.stringContaining('slow down') as string })
  })

  test('counts though results are there', async () => {
    const error = { message: 'degraded', code: 500 }
    expect(await errorOf(answersOk({ ...answerTo(REQUEST), error }))).toMatchObject({ name: 'ServerError' })
  })

  test.each([null, false, ''])('is none where it is %j', async (error) => {
    const call = clientOf(scripted(answersOk({ ...answerTo(REQUEST), error }))).rerank(REQUEST)
    await expect(call).resolves.toHaveProperty('results')
  })

  test.each([
    [{ error: 'no credit' }],
    [{ error: { message: 'no credit' } }],
    [{ error: { message: 'no credit', code: 'billing' } }],
    [{ error: { message: 'no credit', code: 200 } }],
    [{ error: { message: 'no credit', code: 600 } }],
    [{ error: { message: 'no credit', code: 4290 } }],
    [{ error: { message: 'no credit', code: 1429 } }],
    [{ error: 'no credit', results: null }],
  ])('is an unusable answer where it names no status: %j', async (body) => {
    const error = await errorOf(answersOk(body))
    expect(error).toMatchObject({
      name: 'RerankResponseError',
      status: 200,
      message: 'POST /v1/rerank returned 200, but it is an error: no credit',
      body,
    })
  })

  test('keeps no more of a huge body than any other error', async () => {
    const error = await errorOf(answersOk({ error: { message: 'x'.repeat(1_000_000), code: 500 } }))
    expect(error.body).toHaveLength(64 * 1024)
  })

  test('keeps a body of just so much as it is', async () => {
    const frame = JSON.stringify({ error: { message: '', code: 500 } }).length
    const body = { error: { message: 'x'.repeat(64 * 1024 - frame), code: 500 } }
    expect((await errorOf(answersOk(body))).body).toEqual(body)
  })
})

describe('a redirect', () => {
  test('names where it points, without path and query', async () => {
    const error = await errorOf(answers(307, null, { location: 'https://elsewhere.test/v1?key=1' }))
    expect(error.message).toBe(
      'POST /v1/rerank returned 307, a redirect to https://elsewhere.test. Set baseUrl to the URL of the service, because redirects are not followed.',
    )
  })

  test.each([[{}], [{ location: '/relative' }], [{ location: 'http://' }]])(
    'may point nowhere: %j',
    async (headers) => {
      expect((await errorOf(answers(302, null, headers))).message).toContain('returned 302, a redirect. ')
    },
  )
})

test('a redirect of which a browser tells nothing is one all the same', async () => {
  const opaque = async (): Promise<Response> => Response.error()
  expect((await errorOf(opaque)).message).toContain('returned a redirect. ')
})

describe('what fetch throws', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

  test.each([
    ['fetch failed: connect ECONNREFUSED', 'ECONNREFUSED', new TypeError('fetch failed', { cause: refused })],
    ['connect ECONNREFUSED', 'ECONNREFUSED', refused],
    ['Load failed', undefined, new TypeError('Load failed')],
    ['Network connection lost', undefined, new Error('Network connection lost.')],
    ['ENOTFOUND', 'ENOTFOUND', Object.assign(new Error(''), { code: 'ENOTFOUND' })],
    [
      'fetch failed: ENOTFOUND',
      'ENOTFOUND',
      new TypeError('fetch failed', { cause: Object.assign(new Error(''), { code: 'ENOTFOUND' }) }),
    ],
  ])('is a failure of the network that says "%s" and how to look into it', async (words, code, thrown) => {
    const error = await errorOf(throws(thrown))
    expect(error).toMatchObject({
      kind: 'connection',
      message: `POST /v1/rerank failed: ${words}. Check baseUrl, the network and the proxy, for example with npx nebius-rerank check.`,
    })
    expect((error as { code?: string }).code).toBe(code)
  })

  test.each([
    ['x is not a function', undefined, new TypeError('x is not a function')],
    ['same', undefined, new Error('same', { cause: new Error('same') })],
    ['a string', undefined, 'a string'],
    ['fetch threw a value that is not an error', undefined, Object.create(null)],
    ['fetch threw a value that is not an error', undefined, null],
    ['fetch threw a value that is not an error', undefined, undefined],
    ['fetch threw a value that is not an error', undefined, { message: 5, code: 7 }],
    ['fetch threw a value that is not an error', undefined, revoked()],
    ['fetch threw a value that is not an error', undefined, telling()],
  ])('is a connection error that says "%s"', async (words, code, thrown) => {
    const error = await errorOf(throws(thrown))
    expect(error).toMatchObject({ kind: 'connection', message: `POST /v1/rerank failed: ${words}` })
    expect(error).toHaveProperty('attempts', 1)
    expect((error as { code?: string }).code).toBe(code)
  })

  test.each([undefined, null, 0])('may come of a body that breaks off with %o', async (reason) => {
    const body = new ReadableStream({ pull: (controller) => controller.error(reason) })
    const error = await errorOf(async () => new Response(body))
    expect(error).toMatchObject({ kind: 'connection', status: 200, attempts: 1 })
    expect(error.message).toBe(
      'POST /v1/rerank failed: fetch threw a value that is not an error. Try again later.',
    )
  })

  test.each([[undefined], ['{}'], [{ ok: true }], [{ ok: true, headers: {} }]])(
    'may be a return of no Response: %j',
    async (value) => {
      const error = await errorOf(async () => value as unknown as Response)
      expect(error).toMatchObject({ kind: 'connection' })
      expect(error.message).toMatch(/^POST \/v1\/rerank failed: the result of fetch must be a Response, got /)
    },
  )

  test('is its cause, rebuilt', async () => {
    const thrown = new TypeError('fetch failed', { cause: refused })
    const { cause } = await errorOf(throws(thrown))
    expect(cause).not.toBe(thrown)
    expect(cause).toEqual(thrown)
  })
})

/** A proxy that throws whatever it is asked. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** A proxy that tells the key when it is asked for its class. */
function telling(): object {
  return new Proxy(
    {},
    {
      getPrototypeOf() {
        throw new Error(`the key is ${KEY}`)
      },
    },
  )
}
