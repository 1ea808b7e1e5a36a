import { describe, expect, test } from 'vitest'
import type { RerankRequest } from '../../src/index.ts'
import { readRequest } from '../../src/api/request.ts'

describe('the request that is sent', () => {
  test('is the request with the default model', () => {
    const body = readRequest({ query: 'q', documents: ['a'] }, 'default-model')
    expect(body).toEqual({ query: 'q', documents: ['a'], model: 'default-model' })
  })

  test('keeps a model of its own', () => {
    expect(readRequest({ query: 'q', documents: [], model: 'mine' }, 'default-model').model).toBe('mine')
  })

  test('keeps all fields of the spec, and those of other servers', () => {
    const request = { query: 'q', documents: ['a'], user: null, service_tier: 'flex', top_n: 3 } as const
    expect(readRequest(request, 'm')).toEqual({ ...request, model: 'm' })
  })

  test('sends no field that is undefined', () => {
    const body = readRequest({ query: 'q', documents: [], user: undefined, service_tier: undefined }, 'm')
    expect(JSON.stringify(body)).toBe('{"query":"q","documents":[],"model":"m"}')
  })

  test('is made of a frozen request, which it leaves alone', () => {
    const request = Object.freeze({ query: 'q', documents: Object.freeze(['a']) })
    readRequest(request, 'm')
    expect(request).toEqual({ query: 'q', documents: ['a'] })
  })

  test('spells lone surrogates so that they survive UTF-8', () => {
    expect(JSON.stringify(readRequest({ query: '\ud800', documents: [] }, 'm'))).toContain('"\\ud800"')
  })
})

test('getters of classes count, and each field is read once', () => {
  let reads = 0
  class Request {
    get query() {
      reads += 1
      return 'q'
    }
    documents = ['a']
    get top_n() {
      return this.documents.length
    }
    method() {
      return 'not a field'
    }
  }
  expect(readRequest(new Request(), 'm')).toEqual({ query: 'q', documents: ['a'], top_n: 1, model: 'm' })
  expect(reads).toBe(1)
})

test.each([
  ['topN', 'top_n'],
  ['serviceTier', 'service_tier'],
  ['maxTokensPerDoc', 'max_tokens_per_doc'],
])('a field in camel case, which no server reads, is a TypeError: %s', (name, field) => {
  const request = { query: 'q', documents: ['a'] }
  expect(() => readRequest({ ...request, [name]: 2 }, 'm')).toThrow(
    new TypeError(`${name} is not a field of a request: did you mean ${field}?`),
  )
  expect(() => readRequest({ ...request, [name]: undefined }, 'm')).not.toThrow()
})

test('a field that is an option of the call is a TypeError', () => {
  const request = { query: 'q', documents: ['a'], signal: undefined }
  expect(() =>
    readRequest({ ...request, signal: 5 } as object as RerankRequest, 'm', { signal: {} }),
  ).toThrow(new TypeError('signal is not a field of a request: pass it in the second argument'))
  expect(() => readRequest(request as object as RerankRequest, 'm', { signal: {} })).not.toThrow()
})

describe('a request of the wrong shape is a TypeError', () => {
  test.each([
    ['request must be an object, got undefined', undefined],
    ['request must be an object, got null', null],
    ['request must be an object, got string', 'q'],
    ['query must be a string, got undefined', { documents: [] }],
    ['query must be a string, got 5', { query: 5, documents: [] }],
    ['documents must be an array of strings, got undefined', { query: 'q' }],
    ['documents must be an array of strings, got "a"', { query: 'q', documents: 'a' }],
    ['documents[1] must be a string, got an object', { query: 'q', documents: ['a', { text: 'b' }] }],
    ['documents[0] must be a string, got undefined', { query: 'q', documents: new Array<string>(1) }],
    ['model must be a model id, got ""', { query: 'q', documents: [], model: '' }],
    ['model must be a model id, got 5', { query: 'q', documents: [], model: 5 }],
  ])('%s', (message, request) => {
    expect(() => readRequest(request as unknown as RerankRequest, 'm')).toThrow(new TypeError(message))
  })
})
