import { describe, expect, test } from 'vitest'
import { createRerankClient } from '../src/index.ts'
import type { ClientOptions, Fetch, Hooks, Middleware } from '../src/index.ts'
import { overLoopback } from './helpers/loopback-fetch.ts'
import {
  answers,
  answersOk,
  answerTo,
  clientOf,
  good,
  KEY,
  rejection,
  REQUEST,
  scripted,
  skipWaits,
  stalls,
  throws,
} from './helpers/rerank.ts'
import type { Step } from './helpers/rerank.ts'
import { viewsOf } from './helpers/views.ts'

/** Another key that is hard to recognise: long, and spelt otherwise in JSON, URLs and HTML. */
const ODD_KEY = `MARKER/+="\\&<${'0123456789abcdef'.repeat(20)}`
const SHORTEST_PART = 12

const escaped = (text: string): string =>
  text.replace(/./g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Ways in which a server, or fetch, gives a key away; each names the failure and makes it of the key. */
const LEAKS: [name: string, make: (key: string) => Step][] = [
  ['401 in JSON', (key) => answers(401, { detail: `bad key ${key}` })],
  ['401 in escaped JSON', (key) => answers(401, `{"detail":"bad key ${escaped(key)}"}`)],
  ['401 in a key of JSON', (key) => answers(401, { keys: { [key]: key } })],
  ['403 in text', (key) => answers(403, `bad key ${key}`)],
  ['400 in broken JSON', (key) => answers(400, `{"detail":${JSON.stringify(key)}`)],
  ['402 in error.message', (key) => answers(402, { error: { message: key, param: key } })],
  [
    '422 in issues',
    (key) => answers(422, { detail: [{ loc: ['header', key], msg: key, type: key, input: key }] }),
  ],
  ['429 in message', (key) => answers(429, { message: key }, { 'retry-after': '999' })],
  ['500 in a page', (key) => answers(500, `<html><title>${key}</title>${key}</html>`)],
  ['502 at the end of what is read', (key) => answers(502, 'x'.repeat(64 * 1024 - 20) + key)],
  ['503 after retries', (key) => answers(503, { detail: key })],
  ['a page as a 200', (key) => answersOk(`<html><title>${'x'.repeat(90)}${key}</title>`)],
  ['text as a 200', (key) => answersOk(key)],
  ['text as a 200, at the end of what is quoted', (key) => answersOk('x'.repeat(90) + key)],
  ['text as a 200, at the end of what is kept', (key) => answersOk('x'.repeat(64 * 1024 - 20) + key)],
  ['a truncated 200', (key) => answersOk(`{"echo":${JSON.stringify(key)}`)],
  ['an error in a 200', (key) => answersOk({ error: key })],
  ['an error with a code in a 200', (key) => answersOk({ error: { message: key, code: 401 } })],
  ['a huge error in a 200', (key) => answersOk({ error: { a: 'x'.repeat(64 * 1024 - 40), key, code: 500 } })],
  ['a wrong answer', (key) => answersOk({ ...answerTo(REQUEST), results: key, id: key })],
  ['a wrong shape', (key) => answersOk({ ...answerTo(REQUEST), usage: key })],
  ['a huge answer', (key) => answersOk(key.repeat(1000))],
  ['a redirect', (key) => answers(302, key, { location: `https://a.test/?key=${encodeURIComponent(key)}` })],
  ['headers', (key) => answers(404, null, { 'x-request-id': key, 'x-inference-id': key, 'x-echo': key })],
  ['a request id of a success', (key) => answersOk({}, { 'x-request-id': key })],
  ['an error that quotes it', (key) => throws(new TypeError(`invalid header value "Bearer ${key}"`))],
  ['an error with the init', (key) => (init) => throws(Object.assign(new Error('x'), { init, key }))(init)],
  [
    'an error with a Request',
    (key) => () => throws(Object.assign(new Error('x'), { request: requestWith(key) }))({}),
  ],
  ['an error with a code', (key) => throws(Object.assign(new Error('x'), { code: key }))],
  ['causes', (key) => throws(new Error('x', { cause: new Error('y', { cause: new Error(key) }) }))],
  ['a DOMException', (key) => throws(new DOMException(key))],
  ['a thrown string', (key) => throws(key)],
  ['a thrown object', (key) => throws({ key, message: key, code: key })],
  ['a body that fails', (key) => async () => new Response(failingBody(key))],
]

describe.each([
  ['a plain key', KEY],
  ['a long and odd key', ODD_KEY],
])('%s is in nothing that a failed call leaves', (_, key) => {
  test.each(LEAKS)('after %s', (_name, make) => expectNoTrace(scripted(make(key))))

  test.each(LEAKS)('after %s, over node:http', (_name, make) => expectNoTrace(overLoopback(make(key))))

  async function expectNoTrace(fetch: Fetch): Promise<void> {
    const { hooks, seen } = watcher()
    const client = clientOf(fetch, {
      apiKey: key,
      hooks,
      maxRetries: 1,
      maxResponseBytes: 200_000,
    })
    const reason = await rejection(client.rerank(REQUEST))
    expect(reason).toHaveProperty('kind')
    expectNoPartOf(key, [...viewsOf(reason), ...seen])
  }
})

test('a time-out tells of no key', async () => {
  const reason = await rejection(clientOf(scripted(stalls), { timeoutMs: 1 }).rerank(REQUEST))
  expect(reason).toHaveProperty('kind', 'timeout')
  expectNoPartOf(KEY, viewsOf(reason))
})

test('a success that echoes a key in its headers, or as its request id, shows it to nobody', async () => {
  const seen: unknown[] = []
  const echo = { 'x-request-id': KEY, 'x-inference-id': btoa(KEY), [`x-${KEY}`]: 'a', 'x-echo': `is ${KEY}` }
  const client = clientOf(scripted(answersOk(answerTo(REQUEST), { ...echo, server: 'x' })), {
    use: [
      async (request, next, context) => {
        const response = await next(request, context)
        seen.push(Object.fromEntries(response.headers), response.headers.get('x-request-id'))
        return response
      },
    ],
  })
  const { response } = await client.rerank.withResponse(REQUEST)
  expect(response.headers).toEqual(expect.objectContaining({ server: 'x', 'x-echo': 'is [redacted]' }))
  expectNoPartOf(KEY, [JSON.stringify(response), JSON.stringify(seen)])
  expect(JSON.stringify(seen)).not.toContain(KEY.toLowerCase())
})

test('no middleware sees a key, be it the client’s or the call’s, and each can mask what it logs', async () => {
  const seen: string[] = []
  const use: Middleware[] = [
    (request, next, context) => {
      seen.push(...viewsOf(context), context.mask(`${KEY} or ${ODD_KEY}`))
      return next(request)
    },
  ]
  await clientOf(scripted(good), { use }).rerank(REQUEST, { headers: { 'x-otp': ODD_KEY } })
  expectNoPartOf(KEY, seen)
  expectNoPartOf(ODD_KEY, seen)
  expect(seen.at(-1)).toBe('[redacted] or [redacted]')
})

test('a key in a call’s headers is as secret as the client’s', async () => {
  const client = clientOf(scripted(answers(400, { detail: KEY })), { apiKey: 'another-key-altogether' })
  const reason = await rejection(client.rerank(REQUEST, { headers: { 'x-api-key': KEY } }))
  expectNoPartOf(KEY, viewsOf(reason))
})

test.each([
  ['a refused key', { apiKey: `${KEY}\n` }],
  ['a key in the base URL', { apiKey: KEY, baseUrl: `https://${KEY}@a.test` }],
  ['a key over plain http', { apiKey: KEY, baseUrl: 'http://a.test' }],
  ['a key in headers that are no object', { apiKey: KEY, headers: `authorization: Bearer ${KEY}` }],
  ['a key in the name of a header', { apiKey: KEY, headers: { [`authorization: Bearer ${KEY}`]: '' } }],
  ['a key in a list of headers', { apiKey: KEY, headers: [`authorization: Bearer ${KEY}`] }],
  ['a key in a refused header', { apiKey: KEY, headers: { authorization: `Bearer ${KEY}\r\n` } }],
])('%s is not in its TypeError', async (_, options) => {
  const reason = await rejection(Promise.resolve(options as ClientOptions).then(createRerankClient))
  expect(reason).toBeInstanceOf(TypeError)
  expectNoPartOf(KEY, viewsOf(reason))
})

/** Hooks that let waits pass at once and keep what they are told. */
function watcher(): { hooks: Hooks; seen: string[] } {
  const seen: string[] = []
  const watch = (event: object): unknown => seen.push(...viewsOf(event))
  const { onRetry } = skipWaits()
  return {
    seen,
    hooks: {
      onRequest: watch,
      onResponse: watch,
      onError: watch,
      onRetry: (event) => {
        watch(event)
        onRetry?.(event)
      },
    },
  }
}

/** A part of the key is as bad as all of it, and an escape hides nothing. */
function expectNoPartOf(key: string, views: readonly string[]): void {
  const spellings = [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)]
  const parts = spellings.flatMap((spelling) => [
    spelling.slice(0, SHORTEST_PART),
    spelling.slice(-SHORTEST_PART),
  ])
  for (const view of views) {
    const found = parts.filter((part) => view.includes(part))
    expect(found, view.slice(0, 1000)).toEqual([])
  }
}

function requestWith(key: string): Request {
  return new Request('https://a.test', { headers: { authorization: `Bearer ${key}` } })
}

function failingBody(key: string): ReadableStream {
  return new ReadableStream({ pull: (controller) => controller.error(new Error(`broken ${key}`)) })
}
