import { describe, expect, test } from 'vitest'
import { createJobReader } from '../../../src/cli/bulk/jobs.ts'
import type { Job, JobFields } from '../../../src/cli/bulk/jobs.ts'
import { jsonOutcomes } from '../../../src/cli/bulk/json-outcomes.ts'
import { fieldTexts } from '../../../src/cli/files/json-text.ts'
import { Unreadable } from '../../../src/cli/files/index.ts'
import type { FileRecord } from '../../../src/cli/files/index.ts'

const FIELDS: JobFields = {
  query: 'query',
  documents: ['documents'],
  text: 'text',
  id: undefined,
  isTable: false,
  isGrouped: false,
  keep: false,
  shown: [],
}

const line = (text: string, number = 7): FileRecord => ({
  number,
  read() {
    try {
      return JSON.parse(text) as unknown
    } catch {
      throw new Unreadable('the line is not JSON')
    }
  },
  texts: () => fieldTexts(text),
})
const reader = (fields: Partial<JobFields> = {}) =>
  createJobReader({ ...FIELDS, ...fields }, jsonOutcomes.keyOf)
const read = (text: string, fields: Partial<JobFields> = {}): object => reader(fields)(line(text))
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
      kept: undefined,
      shown: undefined,
    })
  })

  test('without an id has its line’s number', () => {
    expect(read('{"query":"q","documents":["d"]}')).toHaveProperty('id', 7)
  })

  test('may have other names for its fields', () => {
    const names = { query: 'question', documents: ['passages'], text: 'body', id: 'qid' }
    const text = '{"id":3,"qid":"x","question":"q","passages":["d",{"body":"e","text":"f"}]}'
    expect(read(text, names)).toMatchObject({ id: 'x', query: 'q', documents: ['d', 'e'] })
  })

  test('of a table may have its documents in a cell or in columns, and texts for numbers', () => {
    const cell = of({ documents: '["d", {"text": "e"}]', top_n: '2', id: '5' })
    expect(read(cell, { isTable: true })).toMatchObject({ id: '5', documents: ['d', 'e'], topN: 2 })
    const columns = of({ a: 'd', b: 'e', top_n: '' })
    expect(read(columns, { documents: ['a', 'b'], isTable: true })).toMatchObject({
      documents: ['d', 'e'],
      topN: undefined,
    })
  })

  test('keeps its own fields as they are written, but for its documents', () => {
    const text = '{"id":1,"n":12345678901234567890,"query":"q","documents":["d"],"x":{"a": 1.0}}'
    const { kept } = read(text, { keep: true }) as { kept: Map<string, string> }
    expect(Object.fromEntries(kept)).toEqual({ n: '12345678901234567890', query: '"q"', x: '{"a":1.0}' })
  })

  test('keeps and shows nested values on one line, with their strings and numbers as they are written', () => {
    const nested = '{\n  "a b": [ 1.0,\r\n\t"c \\" d" ]\n}'
    const text = `{"query":"q","documents":[{"text":"d","y":${nested}}],"x":${nested}}`
    const { kept, shown } = read(text, { keep: true, shown: ['y'] }) as Job
    expect(kept?.get('x')).toBe('{"a b":[1.0,"c \\" d"]}')
    expect(shown?.(0).get('y')).toBe('{"a b":[1.0,"c \\" d"]}')
  })

  test('shows of its documents what is asked for', () => {
    const text = '{"query":"q","documents":["d",{"text":"e","sku":12345678901234567890,"x":1}]}'
    const { shown } = read(text, { shown: ['text', 'sku'] }) as {
      shown: (index: number) => Map<string, string>
    }
    expect([0, 1].map((index) => Object.fromEntries(shown(index)))).toEqual([
      { text: '"d"' },
      { text: '"e"', sku: '12345678901234567890' },
    ])
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
    ['null', 'the line is not a JSON object'],
    ['5', 'the line is not a JSON object'],
    ['"text"', 'the line is not a JSON object'],
    ['[]', 'the line is not a JSON object'],
    ['{', 'the line is not JSON'],
    [of({ id: null }), '"id" must be a string or a number, got null'],
    [of({ id: [1] }), '"id" must be a string or a number, got an array'],
  ])('%s is an error without an id', (text, message) => {
    expect(read(text)).toMatchObject({ line: 7, error: input(message) })
  })

  test.each([
    [of({ query: 1 }), '"query" must be a string, got 1'],
    [of({ documents: 'd' }), '"documents" must be an array, got "d"'],
    [of({ documents: ['d', null] }), '"documents"[1] must be a string, or have a "text", got null'],
    [of({ documents: [{}] }), '"documents"[0] must be a string, or have a "text", got an object'],
    [of({ top_n: 0 }), '"top_n" must be a whole number, 1 or more, got 0'],
    [of({ top_n: 1.5 }), '"top_n" must be a whole number, 1 or more, got 1.5'],
    [of({ top_n: '1' }), '"top_n" must be a whole number, 1 or more, got "1"'],
  ])('%s is an error with its id', (text, message) => {
    expect(read(text)).toMatchObject({ id: 1, line: 7, error: input(message) })
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
    const readNext = reader()
    readNext(line(of({ id: 'a' }), 1))
    expect(readNext(line(of({ id: 'a' }), 2))).toEqual({
      line: 2,
      error: input('the id "a" is already used on line 1'),
      isUnreadable: false,
    })
    expect(readNext(line(of({ id: 'b' }), 3))).toHaveProperty('query')
  })

  test('has no id of the name that was given', () => {
    expect(read(of({}), { id: 'qid' })).toMatchObject({
      error: input('"qid" must be a string or a number, got undefined'),
    })
  })

  test('is known by a long id in no time', () => {
    const id = `1.${'0'.repeat(1_000_000)}1`
    const started = performance.now()
    expect(read(`{"id":${id},"query":"q","documents":[]}`)).toMatchObject({
      error: input('"id" is a number that would lose digits: write it as a string'),
    })
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

test.each([
  [{ id: 1 }, '1'],
  [{ id: '1' }, '"1"'],
  [{ id: 1, line: 5 }, '1'],
  [{ line: 5 }, 'line 5'],
])('%j is known by %j', (known, key) => {
  expect(jsonOutcomes.keyOf(known)).toBe(key)
})
