import { describe, expect, test } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import type { CallOptions } from '../../src/index.ts'
import { resolveClient } from '../../src/options/resolve.ts'
import { clientOf, KEY, rejection, REQUEST, scripted } from '../helpers/rerank.ts'

const resolve = (options: object): ReturnType<typeof resolveClient> =>
  resolveClient({ apiKey: KEY, ...options })

/** What the options of both levels must be, and values that are something else. */
const SHARED: [expected: string, name: string, wrong: [value: unknown, shown: string][]][] = [
  [
    'a string without lone surrogates',
    'projectId',
    [
      [5, '5'],
      ['a\ud800', '"a\\ud800"'],
      [null, 'null'],
    ],
  ],
  [
    'milliseconds from 1 to 2147483647',
    'timeoutMs',
    [
      [0, '0'],
      [-1, '-1'],
      [NaN, 'NaN'],
      [Infinity, 'Infinity'],
      [2 ** 31, '2147483648'],
      ['5', '"5"'],
      [null, 'null'],
      [5n, '5'],
    ],
  ],
  [
    'milliseconds from 1 to 2147483647',
    'deadlineMs',
    [
      [0, '0'],
      [NaN, 'NaN'],
      [-Infinity, '-Infinity'],
      [{}, 'an object'],
    ],
  ],
  [
    'a whole number from 0 to 100',
    'maxRetries',
    [
      [-1, '-1'],
      [1.5, '1.5'],
      [101, '101'],
      [NaN, 'NaN'],
      [true, 'true'],
    ],
  ],
  [
    'milliseconds from 0 to 2147483647',
    'maxRetryAfterMs',
    [
      [-1, '-1'],
      [NaN, 'NaN'],
      [Infinity, 'Infinity'],
      [[], 'an array'],
    ],
  ],
  [
    'a number of bytes, 1 or more',
    'maxResponseBytes',
    [
      [0, '0'],
      [NaN, 'NaN'],
      [() => 1, 'a function'],
    ],
  ],
  [
    'an object',
    'headers',
    [
      ['authorization: b', 'string'],
      [null, 'null'],
      [5, 'number'],
    ],
  ],
  [
    'a function',
    'fetch',
    [
      [{}, 'an object'],
      ['fetch', '"fetch"'],
      [null, 'null'],
    ],
  ],
]
const WRONG = SHARED.flatMap(([expected, name, values]) =>
  values.map(([value, shown]) => [`${name} must be ${expected}, got ${shown}`, name, value] as const),
)

describe('an option that is wrong', () => {
  test.each(WRONG)('in a client: %s', (message, name, value) => {
    expect(() => resolve({ [name]: value })).toThrow(new TypeError(message))
  })

  test.each(WRONG)('in a call, before anything is sent: %s', async (message, name, value) => {
    const fetch = scripted()
    const call = clientOf(fetch).rerank(REQUEST, { [name]: value })
    expect(await rejection(call)).toEqual(new TypeError(message))
    expect(fetch.calls).toEqual([])
  })

  test.each([
    ['hooks', null, 'an object of functions, got null'],
    ['allowInsecureHttp', 1, 'true or false, got 1'],
    ['dangerouslyAllowBrowser', 'yes', 'true or false, got "yes"'],
  ])('%s %j, which only a client has', (name, value, message) => {
    expect(() => resolve({ [name]: value })).toThrow(new TypeError(`${name} must be ${message}`))
  })

  test.each([[5], [''], [{}]])('model %j', (model) => {
    expect(() => resolve({ model })).toThrow('model must be a model id, got ')
  })

  test.each([['abort'], [{}], [5]])('signal %j', async (signal) => {
    const fetch = scripted()
    const reason = await rejection(clientOf(fetch).rerank(REQUEST, { signal } as unknown as CallOptions))
    expect(reason).toBeInstanceOf(TypeError)
    expect(reason).toHaveProperty('message', expect.stringMatching(/^signal must be an AbortSignal, got /))
    expect(fetch.calls).toEqual([])
  })

  test.each([
    [60, 'x'.repeat(60)],
    [61, `${'x'.repeat(60)}…`],
  ])('of %i characters is shown to the 60th', (length, shown) => {
    expect(() => resolve({ timeoutMs: 'x'.repeat(length) })).toThrow(`got ${JSON.stringify(shown)}`)
  })

  test.each([
    ['deadlineMs', Infinity],
    ['timeoutMs', 2 ** 31 - 1],
    ['timeoutMs', 1],
    ['maxRetries', 0],
    ['maxRetries', 100],
    ['maxRetryAfterMs', 0],
    ['maxResponseBytes', Infinity],
  ])('is not %s: %d', (name, value) => {
    expect(resolve({ [name]: value })).toHaveProperty(name, value)
  })
})

describe('options that are no object', () => {
  test.each([['sk-MARKER-in-the-wrong-place'], [null], [5]])(
    'are refused without being quoted: %j',
    async (options) => {
      const message = `options must be an object, got ${options === null ? 'null' : typeof options}`
      expect(() => createRerankClient(options as never)).toThrow(new TypeError(message))
      const client = createRerankClient({ apiKey: KEY, fetch: scripted() })
      expect(await rejection(client.rerank(REQUEST, options as never))).toEqual(new TypeError(message))
    },
  )
})
