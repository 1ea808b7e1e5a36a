import { describe, expect, test } from 'vitest'
import { isSecretHeader } from '../../src/errors/redact.ts'
import { createRerankClient } from '../../src/index.ts'
import type { ClientOptions } from '../../src/index.ts'
import { createCooldown } from '../../src/limiter/cooldown.ts'
import { layOver } from '../../src/options/headers.ts'
import type { HeaderOptions } from '../../src/options/headers.ts'
import { KEY, REQUEST, scripted } from '../helpers/rerank.ts'

/** The headers that a client sends by itself and that hold secrets. */
const SECRET = ['authorization']

test('of the headers that a client sends by itself, the key’s alone is a secret', async () => {
  const fetch = scripted()
  // Every option, since any may add a header.
  const options: Required<ClientOptions> = {
    apiKey: KEY,
    baseUrl: 'https://rerank.test',
    model: 'm',
    projectId: 'p',
    timeoutMs: 1000,
    deadlineMs: 1000,
    maxRetries: 1,
    maxRetryAfterMs: 1000,
    maxResponseBytes: 1000,
    headers: {},
    fetch,
    rateLimiter: createCooldown({ maxRetryAfterMs: 1000 }),
    hooks: {},
    use: [],
    allowInsecureHttp: false,
    dangerouslyAllowBrowser: false,
  }
  await createRerankClient(options).rerank(REQUEST)
  const sent = Object.keys(fetch.calls[0]?.init.headers ?? {})
  expect(sent).toContain('content-type')
  expect(
    sent.filter(isSecretHeader),
    'add a header that is not a secret to isSecretHeader in src/errors/redact.ts, and a secret one to SECRET here',
  ).toEqual(SECRET)
})

describe('headers laid over others', () => {
  const base = { accept: 'application/json', 'x-a': '1' }

  test.each<[string, HeaderOptions, object]>([
    ['add', { 'x-b': '2' }, { ...base, 'x-b': '2' }],
    ['replace, whatever their case', { 'X-A': '2' }, { ...base, 'x-a': '2' }],
    ['take away with null, whatever their case', { 'X-A': null }, { accept: 'application/json' }],
    ['leave alone with undefined', { 'x-a': undefined }, base],
    ['may be empty', { 'x-a': '' }, { ...base, 'x-a': '' }],
    ['may hold Latin-1 and tabs', { 'x-a': 'é\t!' }, { ...base, 'x-a': 'é\t!' }],
    ['may be Headers', new Headers({ 'X-B': '2' }), { ...base, 'x-b': '2' }],
  ])('%s', (_, over, expected) => {
    expect(layOver(base, over)).toEqual(expected)
  })

  test('may be pairs, as those of another realm’s Headers are', () => {
    const pairs = new Map([['x-b', '2']]) as unknown as Headers
    expect(layOver(base, pairs)).toEqual({ ...base, 'x-b': '2' })
  })

  test('do not change what they are laid over', () => {
    layOver(Object.freeze(base), { 'x-a': null })
    expect(base).toHaveProperty('x-a')
  })
})

describe('a header that can’t be sent is a TypeError', () => {
  test.each(['', 'a b', 'a:b', 'a\nb', 'ä', 5])('by its name %j', (name) => {
    const pairs = new Map([[name, 'x']]) as unknown as Headers
    expect(() => layOver({}, pairs)).toThrow(
      new TypeError('headers: a name is not valid in HTTP (not shown)'),
    )
  })

  test.each([
    'connection',
    'Content-Length',
    'expect',
    'Host',
    'keep-alive',
    'TE',
    'transfer-encoding',
    'upgrade',
  ])('by its name, %s, which frames the request', (name) => {
    expect(() => layOver({}, { [name]: '1' })).toThrow(
      new TypeError(`headers: ${name} is set when the request is sent, so leave it out`),
    )
  })

  test.each([[['secret']], [[['a', 'b', 'c']]]])('in a list of other things than pairs: %j', (list) => {
    expect(() => layOver({}, list as unknown as Headers)).toThrow(
      new TypeError('headers: a name is not valid in HTTP (not shown)'),
    )
  })

  test.each(['a\nb-secret', 'a\r\nb-secret', 'a\0secret', 'secret→', 5, ['secret']])(
    'by its value %j, which is not shown',
    (value) => {
      expect(() => layOver({}, { 'x-a': value as string })).toThrow(
        new TypeError('headers: the value of x-a is not valid in HTTP (not shown)'),
      )
    },
  )
})
