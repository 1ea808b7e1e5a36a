import { describe, expect, test } from 'vitest'
import { readRateLimit } from '../../src/api/rate-limit-headers.ts'
import { headersOf } from '../../src/api/response.ts'
import { readRetryAfterMs } from '../../src/api/retry-after.ts'
import { createRerankClient } from '../../src/index.ts'
import type { RerankError } from '../../src/index.ts'
import { answers, answersOk, clientOf, KEY, REQUEST, scripted } from '../helpers/rerank.ts'

const KB = 1000
/** How much longer four times as much may take, on a machine that does other work; what is not linear takes 16 times. */
const MOST_TIMES = 8
/** A time that is too short to compare with. */
const NOTHING_MS = 5

const long = (piece: string, length: number): string => piece.repeat(Math.ceil(length / piece.length))

const BODIES: [name: string, make: (length: number) => string][] = [
  ['a string that has no end', (length) => `{"id":"${long('x', length)}`],
  ['quotes that are escaped', (length) => `{"${long('\\"', length)}\\`],
  ['escapes', (length) => `{"a":"${long('\\\\', length)}`],
  ['blanks', (length) => long(' \n', length)],
  ['opening brackets', (length) => long('[', length)],
  ['opening braces', (length) => long('{"a":', length)],
  ['closing brackets', (length) => long(']', length)],
  ['results without end', (length) => `{"results":[${long('{"index":0},', length)}`],
  ['titles of pages', (length) => `<html>${long('<title', length)}`],
  ['a title without end', (length) => `<title>${long(' ', length)}`],
  ['tags', (length) => long('<!--', length)],
  ['words of an error', (length) => JSON.stringify({ error: { message: long('a \t', length) } })],
  [
    'issues',
    (length) => JSON.stringify({ detail: Array(Math.ceil(length / 30)).fill({ loc: ['a'], msg: 'm' }) }),
  ],
  ['the key', (length) => long(KEY, length)],
  ['beginnings of the key', (length) => long(KEY.slice(0, 11), length)],
  ['percent signs', (length) => long('%25', length)],
  ['entities', (length) => long('&amp;#', length)],
  ['backslashes', (length) => long('\\u005c', length)],
]

describe.each([
  ['a success', answersOk],
  ['an error', (body: string) => answers(400, body)],
])('%s of 400 kB is read in linear time, where it is', (_, answer) => {
  test.each(BODIES)('%s', async (_name, make) => {
    await expectLinear((length) => failureOf(clientOf(scripted(answer(make(length)))).rerank(REQUEST)))
  })
})

describe('a header of 400 kB is read in linear time, where it is', () => {
  const NAMES = [
    'retry-after',
    'retry-after-ms',
    'date',
    'ratelimit',
    'ratelimit-policy',
    'x-ratelimit-reset-tokens',
    'x-ratelimit-limit-requests',
  ]
  test.each(['1', '1m', '1.', '-', 'A, ', 'Mon, GMT ', ';r=1', ',', '"a";', ' '])(
    '%j, over and over',
    async (piece) => {
      await expectLinear(async (length) => {
        const headers = headersOf(Object.fromEntries(NAMES.map((name) => [name, long(piece, length)])))
        readRateLimit(headers)
        readRetryAfterMs(headers, 0)
      })
    },
  )
})

test('thousands of headers are read in linear time', async () => {
  const failed = async (count: number): Promise<void> => {
    const headers = Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, `value ${at}`]))
    const error = await failureOf(clientOf(scripted(answers(400, 'no', headers))).rerank(REQUEST))
    expect(Object.keys((error as RerankError).headers ?? {}).length).toBeGreaterThan(count)
  }
  const few = await fastest(() => failed(4000), 0)
  expect(await fastest(() => failed(8000), 4 * few)).toBeLessThan(4 * few)
})

describe('an option of 400 kB is read in linear time, where it is', () => {
  test.each<[string, (length: number) => object]>([
    ['a base URL of slashes', (length) => ({ baseUrl: `https://a.test/${long('/', length)}b` })],
    ['a base URL of paths', (length) => ({ baseUrl: `https://a.test${long('/v1', length)}/b` })],
    ['a host', (length) => ({ baseUrl: `http://${long('a.', length)}test` })],
    ['a header', (length) => ({ headers: { 'x-a': `Basic ${long('a;= ', length)}` } })],
    ['the name of a header', (length) => ({ headers: { [`${long('a', length)} `]: 'a' } })],
    ['the name of an option', (length) => ({ [long('time_', length)]: 1 })],
    ['a key', (length) => ({ apiKey: `${long('a', length)} ` })],
  ])('%s', async (_, make) => {
    await expectLinear(async (length) => {
      try {
        createRerankClient({ apiKey: KEY, ...make(length) })
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
      }
    })
  })
})

/** Resolves whatever comes of a task. */
async function failureOf(task: Promise<unknown>): Promise<unknown> {
  return task.catch((error: unknown) => error)
}

/** Expects that a long text takes about four times as long as a quarter of it. */
async function expectLinear(run: (length: number) => Promise<unknown>): Promise<void> {
  const most = MOST_TIMES * Math.max(NOTHING_MS, await fastest(() => run(100 * KB), NOTHING_MS, 2))
  expect(await fastest(() => run(400 * KB), most)).toBeLessThan(most)
}

/** The least time of a few tries, up to one that is good enough: a machine that does other work is slow at times. */
async function fastest(run: () => Promise<unknown>, enoughMs: number, most = 5): Promise<number> {
  let fastestMs = Infinity
  for (let tries = 0; tries < most && fastestMs >= enoughMs; tries += 1) {
    const started = performance.now()
    await run()
    fastestMs = Math.min(fastestMs, performance.now() - started)
  }
  return fastestMs
}
