import { describe, expect, test } from 'vitest'
import { createJobReader, keyOf } from '../../../src/cli/bulk/jobs.ts'
import type { Line } from '../../../src/cli/bulk/lines.ts'

const line = (text: string, number = 7): Line => ({ text, number, end: 0, isWhole: true })
const read = (text: string): object => createJobReader()(line(text))
const of = (fields: object): string => JSON.stringify({ id: 1, query: 'q', documents: ['d'], ...fields })
const input = (message: string): object => ({ kind: 'input', message })

describe('a job', () => {
  test('is what its line says', () => {
    expect(read(of({ id: 'a', documents: ['d', { text: 'e', more: 1 }], top_n: 3, more: 1 }))).toEqual({
      id: 'a',
      query: 'q',
      documents: ['d', 'e'],
      topN: 3,
      line: 7,
    })
  })

  test.each([[null], [undefined]])('may have %j for top_n', (top_n) => {
    expect(read(of({ top_n }))).toHaveProperty('topN', undefined)
  })

  test.each([
    '0',
    '-0.5',
    '9007199254740991',
    '-9007199254740991',
    '10',
    '1.0',
    '100e-2',
    '0.001',
    '1E+2',
    '12.50',
  ])('has a number for its id that keeps its digits: %s', (id) => {
    expect(read(`{"id":${id},"query":"q","documents":["d"]}`)).toHaveProperty('id', Number(id))
  })

  test.each([
    '{"id" : 5, "query":"q", "documents":["d"]}',
    '{"documents":[{"text":"d","id":5.00000000000000000001}],"id":5,"query":"q"}',
    '{"documents":[{"text":"d","id":7}],"id":5,"query":"q"}',
    '{"\\u0069d":5,"query":"q","documents":["d"]}',
  ])('has its own id, wherever that stands: %s', (text) => {
    expect(read(text)).toHaveProperty('id', 5)
  })
})

describe('a line that holds no job', () => {
  test.each([
    ['null', 'the line is no JSON object'],
    ['5', 'the line is no JSON object'],
    ['"text"', 'the line is no JSON object'],
    ['[]', 'the line is no JSON object'],
    ['{', 'the line is no JSON'],
    [of({ id: null }), '"id" must be a string or a number'],
    [of({ id: [1] }), '"id" must be a string or a number'],
  ])('%s is an error without an id', (text, message) => {
    expect(read(text)).toEqual({ id: undefined, line: 7, error: input(message) })
  })

  test.each([
    [of({ query: 1 }), '"query" must be a string'],
    [of({ documents: 'd' }), '"documents" must be an array'],
    [of({ documents: ['d', null] }), '"documents"[1] must be a string, or have a "text"'],
    [of({ documents: [{}] }), '"documents"[0] must be a string, or have a "text"'],
    [of({ top_n: 0 }), '"top_n" must be a whole number, 1 or more'],
    [of({ top_n: 1.5 }), '"top_n" must be a whole number, 1 or more'],
    [of({ top_n: '1' }), '"top_n" must be a whole number, 1 or more'],
  ])('%s is an error with its id', (text, message) => {
    expect(read(text)).toEqual({ id: 1, line: 7, error: input(message) })
  })

  test.each([
    '9007199254740992',
    '-9007199254740992',
    '1.00000000000000000001',
    '0.30000000000000000001',
    '1e-400',
  ])('has a number for its id that would lose digits: %s', (id) => {
    expect(read(`{"id":${id},"query":"q","documents":["d"]}`)).toMatchObject({
      error: input('"id" is a number that would lose digits: write it as a string'),
    })
  })

  test('has an id that came before', () => {
    const reader = createJobReader()
    reader(line(of({ id: 'a' }), 1))
    expect(reader(line(of({ id: 'a' }), 2))).toEqual({
      id: undefined,
      line: 2,
      error: input('the id "a" came before, on line 1'),
    })
    expect(reader(line(of({ id: 'b' }), 3))).toHaveProperty('query')
  })
})

test.each([
  [{ id: 1 }, '1'],
  [{ id: '1' }, '"1"'],
  [{ id: 1, line: 5 }, '1'],
  [{ line: 5 }, 'line 5'],
  [{ id: null, line: '5' }, undefined],
  [{}, undefined],
])('%j is known by %j', (known, key) => {
  expect(keyOf(known)).toBe(key)
})
