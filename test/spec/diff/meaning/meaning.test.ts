import { describe, expect, it } from 'vitest'
import { readerOf } from '../../../../scripts/spec/diff/meaning/meaning.ts'

const DOCUMENT = { components: { schemas: { Text: { type: 'string', maxLength: 3 } } } }
const read = (value: unknown): ReturnType<ReturnType<typeof readerOf>['read']> =>
  readerOf(DOCUMENT).read({ value, pointer: '#' })

/** The branches of a schema, each by its keywords and the names of its properties. */
const branches = (schema: unknown): object[] =>
  read(schema).branches.map(({ keywords, properties }) => ({
    ...Object.fromEntries([...keywords].map(([key, { value }]) => [key, value])),
    ...(properties.size > 0 ? { properties: [...properties.keys()] } : {}),
  }))

const REF = { $ref: '#/components/schemas/Text' }
const string = { type: 'string' }
const none = { type: 'null' }
const object = (name: string, more: object = {}): object => ({
  type: 'object',
  properties: { [name]: string },
  required: [name],
  ...more,
})

describe('parts that all hold', () => {
  it.each([
    [
      'are put together',
      { allOf: [object('b'), object('a')] },
      [{ type: 'object', required: ['a', 'b'], properties: ['b', 'a'] }],
    ],
    [
      'are put together where they agree',
      { allOf: [object('a'), object('a')] },
      [{ type: 'object', required: ['a'], properties: ['a'] }],
    ],
    ['stand beside keywords', { ...REF, minLength: 1 }, [{ type: 'string', maxLength: 3, minLength: 1 }]],
    ['may say nothing', { allOf: [{}, string, true] }, [string]],
    ['let nothing through where one does', { allOf: [string, false] }, []],
    ['let nothing through where the first does', { allOf: [false, string] }, []],
    [
      'stay apart where they disagree',
      { allOf: [REF, { maxLength: 5 }] },
      [{ allOf: [REF, { maxLength: 5 }] }],
    ],
    [
      'stay apart where a property disagrees',
      { allOf: [object('a'), { properties: { a: none } }] },
      [{ allOf: [object('a'), { properties: { a: none } }] }],
    ],
    [
      'stay apart where one is closed',
      { allOf: [object('a', { additionalProperties: false }), object('b')] },
      [{ allOf: [object('a', { additionalProperties: false }), object('b')] }],
    ],
    [
      'stay apart where one is closed to what is left',
      { allOf: [object('a', { unevaluatedProperties: false }), object('b')] },
      [{ allOf: [object('a', { unevaluatedProperties: false }), object('b')] }],
    ],
    [
      'may be closed where one alone has properties',
      { allOf: [object('a', { additionalProperties: false }), { minProperties: 1 }] },
      [{ type: 'object', required: ['a'], additionalProperties: false, minProperties: 1, properties: ['a'] }],
    ],
    [
      'stay apart from a choice',
      { ...REF, type: 'string', anyOf: [{ minLength: 1 }, { pattern: 'a' }] },
      [{ type: 'string', allOf: [REF], anyOf: [{ minLength: 1 }, { pattern: 'a' }] }],
    ],
  ])('%s', (_, schema, expected) => {
    expect(branches(schema)).toEqual(expected)
  })
})

describe('a choice', () => {
  it.each([
    [
      'is of what its own choices are of',
      { anyOf: [{ anyOf: [string, none] }, { type: 'integer' }] },
      [string, none, { type: 'integer' }],
    ],
    ['says the same once', { anyOf: [string, none, string] }, [string, none]],
    [
      'lists values of a type together',
      { anyOf: [{ const: 'a' }, none, { enum: ['b', 'a'] }] },
      [{ type: 'string', enum: ['a', 'b'] }, none],
    ],
    [
      'lists none with what says more',
      { anyOf: [{ const: 'a' }, { enum: ['b'], maxLength: 1 }] },
      [
        { type: 'string', enum: ['a'] },
        { type: 'string', enum: ['b'], maxLength: 1 },
      ],
    ],
    [
      'lists none together that refuse each other',
      { oneOf: [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }] },
      [
        { type: 'string', enum: ['a', 'b'] },
        { type: 'string', enum: ['b', 'c'] },
      ],
    ],
    [
      'of numbers needs no integers',
      { anyOf: [{ type: 'integer' }, { type: 'number' }] },
      [{ type: 'number' }],
    ],
    [
      'of bounded numbers does',
      { anyOf: [{ type: 'integer' }, { type: 'number', maximum: 1 }] },
      [{ type: 'integer' }, { type: 'number', maximum: 1 }],
    ],
    [
      'of one of both does',
      { oneOf: [{ type: 'integer' }, { type: 'number' }] },
      [{ type: 'integer' }, { type: 'number' }],
    ],
    ['of nothing is none', { anyOf: [false, string] }, [string]],
  ])('%s', (_, schema, expected) => {
    expect(branches(schema)).toEqual(expected)
  })

  it.each([
    ['of any that fit', { anyOf: [string, { minLength: 1 }] }, false],
    ['of one that fits', { oneOf: [string, { minLength: 1 }] }, true],
    ['of one of which no value fits two', { oneOf: [string, none] }, false],
    [
      'of one that a discriminator tells',
      { oneOf: [object('a'), object('b')], discriminator: { propertyName: 'a' } },
      false,
    ],
    [
      'of any, one of which is of one that fits',
      { anyOf: [none, { oneOf: [string, { minLength: 1 }] }] },
      true,
    ],
    ['among parts', { allOf: [{ oneOf: [string, { minLength: 1 }] }] }, true],
  ])('%s refuses what fits two, or not', (_, schema, expected) => {
    expect(read(schema).exclusive).toBe(expected)
  })
})

describe('words', () => {
  it.each([
    ['of a schema', { title: 'A', type: 'string' }, { title: 'A' }],
    ['of the one beside null', { anyOf: [{ title: 'A', type: 'string' }, none] }, { title: 'A' }],
    [
      'of several by their titles',
      { anyOf: [{ title: 'B', description: 'b' }, { title: 'A' }] },
      { 'title of "A"': 'A', 'title of "B"': 'B', 'description of "B"': 'b' },
    ],
    [
      'of several without titles by their order',
      { anyOf: [{ description: 'b' }, string, { description: 'a' }] },
      { 'description of 1': 'a', 'description of 2': 'b' },
    ],
    [
      'of a choice within one once',
      { anyOf: [none, string, { anyOf: [{ title: 'A' }, { title: 'B' }] }] },
      { 'title of "A"': 'A', 'title of "B"': 'B' },
    ],
  ])('%s', (_, schema, expected) => {
    expect(Object.fromEntries(read(schema).words)).toEqual(expected)
  })
})

it('a schema that is made of itself says the rest', () => {
  const schema: { allOf: unknown[] } = { allOf: [string] }
  schema.allOf.push(schema)
  expect(branches(schema)).toEqual([string])
})
