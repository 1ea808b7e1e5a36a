import { expect, test } from 'vitest'
import { breaker, cache, instruction, longDocuments } from '../../src/middleware/index.ts'

test.each<[make: (options: object) => unknown, misspelled: string, meant: string]>([
  [breaker, 'failure', 'failures'],
  [(options) => cache({ store: new Map(), ...options }), 'ttl', 'ttlMs'],
  [(options) => instruction('a task', options), 'templat', 'template'],
  [longDocuments, 'max_tokens', 'maxTokens'],
])('%o rejects an option that does not exist and names the nearest', (make, misspelled, meant) => {
  expect(() => make({ [misspelled]: 1 })).toThrow(
    new TypeError(`${misspelled} is not an option here: did you mean ${meant}?`),
  )
})

test.each<(options: never) => unknown>([breaker, cache, longDocuments])(
  '%o rejects options that are not an object',
  (make) => {
    expect(() => make('secret' as never)).toThrow(new TypeError('options must be an object, got string'))
  },
)
