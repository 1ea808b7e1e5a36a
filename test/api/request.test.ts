import { describe, expect, test } from 'vitest'
import type { RerankRequest } from '../../src/index.ts'
import { toPayload } from '../../src/api/request.ts'

describe('the payload', () => {
  test('is the request with the default model', () => {
    const { body } = toPayload({ query: 'q', documents: ['a'] }, 'default-model')
    expect(body).toEqual({ query: 'q', documents: ['a'], model: 'default-model' })
  })

  test('keeps a model of its own', () => {
    expect(toPayload({ query: 'q', documents: [], model: 'mine' }, 'default-model').body.model).toBe('mine')
  })

  test('keeps all fields of the spec, and those of other servers', () => {
    const request = { query: 'q', documents: ['a'], user: null, service_tier: 'flex', top_n: 3 } as const
    expect(JSON.parse(toPayload(request, 'm').json)).toEqual({ ...request, model: 'm' })
  })

  test('sends no field that is undefined', () => {
    const { json } = toPayload({ query: 'q', documents: [], user: undefined, service_tier: undefined }, 'm')
    expect(json).toBe('{"query":"q","documents":[],"model":"m"}')
  })

  test('is made of a frozen request, which it leaves alone', () => {
    const request = Object.freeze({ query: 'q', documents: Object.freeze(['a']) })
    toPayload(request, 'm')
    expect(request).toEqual({ query: 'q', documents: ['a'] })
  })

  test('spells lone surrogates so that they survive UTF-8', () => {
    expect(toPayload({ query: '\ud800', documents: [] }, 'm').json).toContain('"\\ud800"')
  })
})

describe('a request of the wrong shape is a TypeError', () => {
  test.each([
    ['request must be an object, got undefined', undefined],
    ['request must be an object, got null', null],
    ['request must be an object, got "q"', 'q'],
    ['query must be a string, got undefined', { documents: [] }],
    ['query must be a string, got 5', { query: 5, documents: [] }],
    ['documents must be an array of strings, got undefined', { query: 'q' }],
    ['documents must be an array of strings, got "a"', { query: 'q', documents: 'a' }],
    ['documents[1] must be a string, got an object', { query: 'q', documents: ['a', { text: 'b' }] }],
    ['documents[0] must be a string, got undefined', { query: 'q', documents: new Array<string>(1) }],
    ['model must be a model id, got ""', { query: 'q', documents: [], model: '' }],
    ['model must be a model id, got 5', { query: 'q', documents: [], model: 5 }],
    ['Do not know how to serialize a BigInt', { query: 'q', documents: [], user: 1n }],
  ])('%s', (message, request) => {
    expect(() => toPayload(request as unknown as RerankRequest, 'm')).toThrow(new TypeError(message))
  })
})
