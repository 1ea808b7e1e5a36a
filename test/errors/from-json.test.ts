import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as sdk from '../../src/index.ts'
import { isRerankError, rerankErrorFrom } from '../../src/index.ts'
import type { RerankError } from '../../src/index.ts'
import { answers, clientOf, failure, REQUEST, scripted } from '../helpers/rerank.ts'

const FACTS = {
  attempts: 3,
  status: 400,
  requestId: 'req-1',
  inferenceId: 'inf-1',
  retryAfterMs: 1500,
  part: '2 of 5',
}
const issues = [{ path: 'body.query', message: 'required', type: 'missing' }]
const rateLimit = { requests: { limit: 60, remaining: 0, resetMs: 1000 }, overLimit: true } as const

const ERRORS: RerankError[] = [
  new sdk.BadRequestError('m', { ...FACTS, issues }),
  new sdk.AuthenticationError('m', FACTS),
  new sdk.PaymentRequiredError('m', FACTS),
  new sdk.PermissionDeniedError('m', FACTS),
  new sdk.NotFoundError('m', FACTS),
  new sdk.RateLimitError('m', { ...FACTS, rateLimit }),
  new sdk.ServerError('m', FACTS),
  new sdk.RerankConnectionError('m', { ...FACTS, code: 'ECONNRESET' }),
  new sdk.RerankTimeoutError('m', { ...FACTS, limit: 'deadlineMs' }),
  new sdk.RerankResponseError('m', { ...FACTS, truncated: true }),
]

const throughText = (error: RerankError): unknown => JSON.parse(JSON.stringify(error))
const asCloned = (error: RerankError): unknown => structuredClone(error.toJSON())

describe.each(ERRORS.map((error) => [error.name, error] as const))('%s', (_, error) => {
  test.each([
    ['as text', throughText],
    ['cloned', asCloned],
  ])('comes back %s, with its class and facts', (_, send) => {
    const back = rerankErrorFrom(send(error))
    expect(back).toBeInstanceOf(error.constructor)
    expect(Object.entries(back)).toEqual(Object.entries(error))
    expect(back.retryAt).toEqual(error.retryAt)
    expect(String(back)).toBe(String(error))
    expect(isRerankError(back, error.kind)).toBe(true)
  })

  test('comes back with no more than it must have', () => {
    const { kind, message, attempts } = error
    const limit = { timeout: { limit: 'timeoutMs' } }[kind as 'timeout']
    expect(rerankErrorFrom({ kind, message, attempts, ...limit })).toBeInstanceOf(error.constructor)
  })
})

test('an error of a call comes back from a worker', async () => {
  const script = `
    const { parentPort } = require('node:worker_threads')
    parentPort.once('message', (json) => parentPort.postMessage(json))`
  const worker = new Worker(script, { eval: true })
  const error = await failure(
    clientOf(
      scripted(answers(429, { detail: 'slow down' }, { 'x-request-id': 'r', 'retry-after': '7' })),
    ).rerank(REQUEST),
  )
  worker.postMessage(error.toJSON())
  const [json] = (await once(worker, 'message')) as [unknown]
  await worker.terminate()
  const back = rerankErrorFrom(json)
  expect(back).toBeInstanceOf(sdk.RateLimitError)
  expect(back.toJSON()).toEqual(error.toJSON())
})

test('the error of a breaker comes back, though its class is made where it is needed', () => {
  const back = rerankErrorFrom({ kind: 'circuit_open', message: 'm', attempts: 0, retryAfterMs: 5 })
  expect(back).toBeInstanceOf(sdk.RerankError)
  expect(isRerankError(back, 'circuit_open')).toBe(true)
  expect(String(back)).toBe('CircuitOpenError: m')
})

test('an error that was cloned itself has lost what to know it by, and says so', () => {
  const [error] = ERRORS
  expect(() => rerankErrorFrom(structuredClone(error))).toThrow(
    new TypeError('kind must be the kind of an error, from its toJSON(), got undefined'),
  )
})

test('the time to come back is the one of the first error, not counted anew', () => {
  const retryAt = '2020-01-02T03:04:05.000Z'
  const json = { kind: 'rate_limit', message: 'm', attempts: 1, retryAfterMs: 1000, retryAt }
  expect(rerankErrorFrom(json).retryAt?.toISOString()).toBe(retryAt)
})

describe('a TypeError comes of', () => {
  const good = { kind: 'timeout', message: 'm', attempts: 1, limit: 'timeoutMs' }

  test.each([
    ['nothing', undefined, 'kind must be the kind of an error, from its toJSON(), got undefined'],
    ['null', null, 'kind must be the kind of an error, from its toJSON(), got undefined'],
    ['text', '{"kind":"timeout"}', 'kind must be the kind of an error, from its toJSON(), got undefined'],
    ['a list', [good], 'kind must be the kind of an error, from its toJSON(), got undefined'],
    [
      'a name that every object has',
      { ...good, kind: 'constructor' },
      `kind must be the kind of an error, from its toJSON(), got "constructor"`,
    ],
    [
      'a kind in a list',
      { ...good, kind: ['timeout'] },
      'kind must be the kind of an error, from its toJSON(), got an array',
    ],
    ['no message', { ...good, message: undefined }, 'message must be such as "…", got undefined'],
    ['no attempts', { ...good, attempts: null }, 'attempts must be such as 1, got undefined'],
    ['a status that is text', { ...good, status: '500' }, 'status must be such as 400, got "500"'],
    ['a limit that is a number', { ...good, limit: 5 }, 'limit must be such as "deadlineMs", got 5'],
    [
      'issues that are no list',
      { ...good, issues: {} },
      'issues must be such as [{"path":"…","message":"…","type":"…"}], got an object',
    ],
    [
      'limits that are a list',
      { ...good, rateLimit: [] },
      'rateLimit must be such as {"requests":{"limit":60,"remaining":0,"resetMs":1000},"tokens":{"limit":60,"remaining":0,"resetMs":1000},"overLimit":true}, got an array',
    ],
    ['no limit', { ...good, limit: undefined }, 'limit must be such as "deadlineMs", got undefined'],
    ['another limit', { ...good, limit: 'ms' }, 'limit must be such as "deadlineMs", got "ms"'],
    ['attempts NaN', { ...good, attempts: NaN }, 'attempts must be such as 1, got NaN'],
    ['a wait of NaN', { ...good, retryAfterMs: NaN }, 'retryAfterMs must be such as 1000, got NaN'],
    ['a wait below zero', { ...good, retryAfterMs: -1 }, 'retryAfterMs must be such as 1000, got -1'],
    [
      'an issue that is none',
      { ...good, issues: [{}] },
      'issues must be such as [{"path":"…","message":"…","type":"…"}], got an array',
    ],
    [
      'a limit of text',
      { ...good, rateLimit: { requests: { limit: '5' } } },
      'rateLimit must be such as {"requests":{"limit":60,"remaining":0,"resetMs":1000},"tokens":{"limit":60,"remaining":0,"resetMs":1000},"overLimit":true}, got an object',
    ],
    [
      'a flag that is never false',
      { ...good, rateLimit: { overLimit: false } },
      'rateLimit must be such as {"requests":{"limit":60,"remaining":0,"resetMs":1000},"tokens":{"limit":60,"remaining":0,"resetMs":1000},"overLimit":true}, got an object',
    ],
    ['a flag that is text', { ...good, truncated: 'no' }, 'truncated must be such as false, got "no"'],
  ])('%s', (_, json, message) => {
    expect(() => rerankErrorFrom(json)).toThrow(new TypeError(message))
  })
})

test('whatever the JSON, there is one of the errors or a TypeError, and nothing foreign on it', () => {
  const facts = [
    'kind',
    'message',
    'attempts',
    ...Object.keys(FACTS),
    'issues',
    'rateLimit',
    'limit',
    'code',
    'truncated',
  ]
  const kinds = ERRORS.map(({ kind }) => kind)
  const value = fc.oneof(fc.constantFrom<unknown>(...kinds, 'timeoutMs', 1), fc.jsonValue())
  const json = fc
    .tuple(fc.dictionary(fc.oneof(fc.constantFrom(...facts), fc.string()), value), fc.constantFrom(...kinds))
    .map(([given, kind]) => ({ message: 'm', attempts: 1, limit: 'timeoutMs', kind, ...given }))
  fc.assert(
    fc.property(json, (given) => {
      try {
        const error = rerankErrorFrom(given)
        expect(isRerankError(error)).toBe(true)
        expect(Number.isFinite(error.attempts) && error.attempts >= 0).toBe(true)
        if (error.kind === 'timeout') expect(['timeoutMs', 'deadlineMs']).toContain(error.limit)
        if (error.kind === 'bad_request')
          for (const { path } of error.issues) expect(typeof path).toBe('string')
        const known = [...facts, 'name', 'retryAt']
        expect(Object.keys(error.toJSON()).filter((key) => !known.includes(key))).toEqual([])
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
      }
    }),
    { numRuns: 2000 },
  )
})
