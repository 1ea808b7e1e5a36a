import { describe, expect, test } from 'vitest'
import { createForwarder } from '../../../src/cli/serve/live.ts'
import { answers, clientOf, good, KEY, rejection, REQUEST, scripted, stalls } from '../../helpers/rerank.ts'
import type { Step } from '../../helpers/rerank.ts'

const JSON_HEADERS = { 'content-type': 'application/json' }

/** What comes back of a request that is forwarded to a service. */
async function forwarded(step: Step, headers: object = {}, body: unknown = REQUEST, key?: string) {
  const fetch = scripted(step)
  const request = new Request('http://localhost/v1/rerank?ai_project_id=p-1', {
    method: 'POST',
    headers: { ...JSON_HEADERS, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const response = await createForwarder(clientOf(fetch, { timeoutMs: 5 }), { service: KEY, callers: key })(
    request,
  )
  return { response, calls: fetch.calls, body: (await response.json()) as object }
}

test('an answer comes back with its limits and ids, and no other header', async () => {
  const passed = {
    'retry-after': '1',
    'x-ratelimit-limit-requests': '5',
    'x-request-id': 'r',
    'x-inference-id': 'i',
  }
  const step: Step = async (init) => {
    const answer = await good(init)
    for (const [name, value] of Object.entries({
      ...passed,
      'retry-after-ms': '1',
      'x-own-x-request-id': '1',
      'x-request-id-of-another': '1',
      server: 's',
    })) {
      answer.headers.set(name, value)
    }
    return answer
  }
  const { response, calls, body } = await forwarded(step)
  expect(Object.fromEntries(response.headers)).toEqual({ ...JSON_HEADERS, ...passed, 'retry-after-ms': '1' })
  expect(body).toHaveProperty('results')
  expect(calls[0]?.url).toContain('ai_project_id=p-1')
})

describe('a success that echoes the key of the server', () => {
  const echoes = (...texts: string[]): Step => {
    const echo = texts.join(' ')
    return async () =>
      Response.json(
        {
          id: echo,
          model: echo,
          usage: { prompt_tokens: 1, total_tokens: 2, note: echo },
          results: REQUEST.documents.map((_, index) => ({
            index,
            relevance_score: 0.5,
            document: { text: echo, multi_modal: null, source: echo },
            note: echo,
          })),
          [echo]: echo,
        },
        { headers: { 'x-request-id': echo, 'x-inference-id': 'i', 'x-ratelimit-limit-requests': echo } },
      )
  }
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const hex = Buffer.from(KEY).toString('hex')

  test.each([
    ['whole', KEY],
    ['without its beginning', KEY.slice(8)],
    ['in part', `(${KEY.slice(7, 19)})`],
    ['in capitals', KEY.toUpperCase()],
    ['in base64', base64(KEY)],
    ['in base64 behind something else', base64(`x:${KEY}`)],
    ['in base64 behind more', base64(`xy:${KEY}`).slice(4)],
    ['in base64 of base64', base64(base64(KEY))],
    ['in base64 of capitals', base64(KEY.toUpperCase())],
    ['in hexadecimal', hex],
    ['in hexadecimal of capitals', Buffer.from(KEY.toUpperCase()).toString('hex')],
    ['in per cents', hex.replace(/../g, '%$&')],
    ['in per cents four times over', hex.replace(/../g, '%252525$&')],
    ['wrapped', KEY.replace(/.{5}/g, '$& ')],
  ])('%s comes back without it', async (_, spelling) => {
    const { response, body } = await forwarded(echoes(spelling))
    expect(body).toEqual({
      id: '[redacted]',
      model: '[redacted]',
      usage: { prompt_tokens: 1, total_tokens: 2 },
      results: REQUEST.documents.map((text, index) => ({
        index,
        relevance_score: 0.5,
        document: { text, multi_modal: null },
      })),
    })
    expect(Object.fromEntries(response.headers)).toEqual({ ...JSON_HEADERS, 'x-inference-id': 'i' })
  })

  test('in so small a part that it says nothing is left alone', async () => {
    const { body } = await forwarded(echoes(KEY.slice(0, 11)))
    expect(body).toHaveProperty('id', KEY.slice(0, 11))
  })
})

test('a body of more values than any request has is refused before it is parsed', async () => {
  const { response, calls } = await forwarded(good, {}, `{"documents":[${'0,'.repeat(200_000)}0]}`)
  expect(response.status).toBe(422)
  expect(calls).toEqual([])
})

describe('a failure comes back', () => {
  test.each([
    ['as the service tells it', answers(400, { detail: 'no' }), 400, { detail: 'no' }],
    [
      'by its words where it has no object',
      answers(599, 'down'),
      599,
      { detail: expect.stringContaining('down') as string },
    ],
    ['by its words where it is nothing', answers(400, 'null'), 400, { detail: expect.any(String) as string }],
    [
      'as a 504 where there was no answer in time',
      stalls,
      504,
      { detail: expect.stringContaining('5 ms') as string },
    ],
    ['as a 502 where the answer is none', answers(200, 'x'), 502, { detail: expect.any(String) as string }],
    ['as a 502 where it is a redirect', answers(307), 502, { detail: expect.any(String) as string }],
  ])('%s', async (_, step, status, detail) => {
    const { response, body } = await forwarded(step)
    expect(response.status).toBe(status)
    expect(body).toEqual(detail)
  })

  test.each([['{'], [{ query: 5, documents: [] }]])('as a 422 for what is no request: %j', async (body) => {
    const { response, calls } = await forwarded(good, {}, body)
    expect(response.status).toBe(422)
    expect(calls).toEqual([])
  })

  test.each(['text/plain', 'text/plain; application/json', 'application/jsonp'])(
    'as a 415 for %s',
    async (type) => {
      const { response, calls, body } = await forwarded(good, { 'content-type': type })
      expect(response.status).toBe(415)
      expect(body).toEqual({ detail: 'The body must be application/json.' })
      expect(calls).toEqual([])
    },
  )

  test.each([{}, { authorization: 'Bearer other' }, { authorization: 'theirs' }])(
    'as a 401 for %j',
    async (headers) => {
      const { response, calls, body } = await forwarded(good, headers, REQUEST, 'theirs')
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      expect(body).toEqual({ detail: 'Invalid authentication credentials' })
      expect(calls).toEqual([])
    },
  )
})

test('what its caller has given up is no answer', async () => {
  const signal = AbortSignal.abort(new Error('left'))
  const body = JSON.stringify(REQUEST)
  const request = new Request('http://localhost/v1/rerank', {
    method: 'POST',
    headers: JSON_HEADERS,
    body,
    signal,
  })
  const forward = createForwarder(clientOf(scripted(good)), { service: KEY })
  expect(await rejection(forward(request))).toHaveProperty('message', 'left')
})

test('with its own key a caller is let through', async () => {
  const { response } = await forwarded(good, { authorization: 'Bearer theirs' }, REQUEST, 'theirs')
  expect(response.status).toBe(200)
})
