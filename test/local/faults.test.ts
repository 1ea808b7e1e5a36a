import type { ErrorObject } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { describeFaults, excerpt } from '../../src/local/faults.ts'

describe('an excerpt', () => {
  const items = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
  const object = (count: number): object => Object.fromEntries(items(count).map((at) => [`k${at}`, at]))

  it.each([
    ['200 characters', 'x'.repeat(200)],
    ['8 items', items(8)],
    ['8 properties', object(8)],
    ['two levels', { a: [1], b: { c: null } }],
  ])('of %s is whole', (_, value) => {
    expect(excerpt(value)).toEqual(value)
  })

  it.each([
    ['201 characters', 'x'.repeat(201), `${'x'.repeat(200)}…`],
    ['9 items', items(9), [...items(8), '…']],
    ['9 properties', object(9), { ...object(8), '…': '…' }],
    ['three levels of lists', [[[1]]], [['…']]],
    ['three levels of objects', { a: { b: { c: 1 } } }, { a: { b: '…' } }],
    ['a long name', { ['x'.repeat(201)]: 1 }, { [`${'x'.repeat(200)}…`]: 1 }],
  ])('of %s is its beginning', (_, value, beginning) => {
    expect(excerpt(value)).toEqual(beginning)
  })
})

describe('faults', () => {
  const error = (facts: Partial<ErrorObject>): ErrorObject => ({
    keyword: 'type',
    instancePath: '',
    schemaPath: '#/type',
    params: { type: 'string' },
    ...facts,
  })

  it('in no body are one, that it is missing', () => {
    expect(describeFaults([error({})], null, 'body')).toEqual([
      { type: 'missing', loc: ['body'], msg: 'Field required', input: null },
    ])
  })

  it('are placed by the names of fields, and numbers in lists', () => {
    const value = { 'a/b': [{ '~c': 1 }] }
    const [fault] = describeFaults([error({ instancePath: '/a~1b/0/~0c', data: 1 })], value, 'body')
    expect(fault).toMatchObject({ loc: ['body', 'a/b', 0, '~c'], input: 1 })
  })

  it.each(['anyOf', 'oneOf'])('of %s tell what its branches want, but for null', (keyword) => {
    const errors = [
      error({ schemaPath: `#/${keyword}/0/type` }),
      error({ schemaPath: `#/${keyword}/10/type`, params: { type: 'null' } }),
      error({ keyword, schemaPath: `#/${keyword}`, params: {} }),
    ]
    expect(describeFaults(errors, 5, 'body')).toHaveLength(1)
  })

  it.each<[Partial<ErrorObject>, string]>([
    [{ params: { type: 'file' } }, 'Input should be of another type'],
    [{ keyword: 'format', params: {} }, 'Value error, the value is not allowed'],
    [{ keyword: 'format', params: {}, message: 'must be a date' }, 'Value error, must be a date'],
    [
      { keyword: 'additionalProperties', params: { additionalProperty: 'a' } },
      'Extra inputs are not permitted',
    ],
  ])('of every other kind have words: %j', (facts, msg) => {
    const type = facts.keyword === 'additionalProperties' ? 'extra_forbidden' : 'value_error'
    expect(describeFaults([error(facts)], {}, 'body')).toMatchObject([{ type, msg }])
  })

  it('are told a thousand times at most', () => {
    expect(
      describeFaults(
        Array.from({ length: 1001 }, () => error({})),
        5,
        'body',
      ),
    ).toHaveLength(1000)
  })
})
