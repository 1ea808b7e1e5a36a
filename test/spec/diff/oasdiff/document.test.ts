import { describe, expect, it } from 'vitest'
import { wireDocuments, wirePath } from '../../../../scripts/spec/diff/oasdiff/document.ts'
import { extractContract, type Contract } from '../../../../scripts/spec/contract/index.ts'
import { valueAt, type JsonObject } from '../../../../scripts/spec/lib/json.ts'
import { edited, POST, SCHEMAS, type Edit } from '../../../scripts/document.ts'

const FILTER = `${SCHEMAS}/RerankRequest/properties/filter`
const JSON_SCHEMA = ['content', 'application/json', 'schema'] as const
const string = { type: 'string' }
const integer = { type: 'integer' }
const none = { type: 'null' }
const node = { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } }

const contract = (...edits: readonly Edit[]): Contract => extractContract(edited(...edits))

/** The first edition as it is written, beside another one. */
function written(before: Contract, after = before): JsonObject {
  const [document] = wireDocuments([[before, after]], [{}, {}])
  return document
}

/** How a schema of the request is written. */
function schema(value: unknown, other = value): unknown {
  const document = written(contract([FILTER, value]), contract([FILTER, other]))
  return valueAt(
    document,
    'paths',
    wirePath(0),
    'post',
    'requestBody',
    ...JSON_SCHEMA,
    'properties',
    'filter',
  )
}

describe('a schema is written', () => {
  it.each<[how: string, value: object, expected: object]>([
    ['without words', { ...string, title: 'Filter', description: 'What' }, string],
    [
      'with what is said of it',
      { ...string, default: 'a', deprecated: true },
      { ...string, default: 'a', deprecated: true },
    ],
    ['with what it is for', { ...string, readOnly: true }, { ...string, readOnly: true }],
    ['with what is never answered', { ...string, writeOnly: true }, { ...string, writeOnly: true }],
    [
      'without a discriminator',
      { anyOf: [string, integer], discriminator: { propertyName: 'a' } },
      { anyOf: [string, integer] },
    ],
    ['as nullable', { anyOf: [string, none] }, { ...string, nullable: true }],
    [
      'as a nullable choice',
      { anyOf: [string, none, integer] },
      { nullable: true, anyOf: [string, integer] },
    ],
    [
      'as two choices, without words',
      {
        type: 'object',
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
        oneOf: [{ title: 'C', required: ['c'] }, { required: ['d'] }],
      },
      {
        type: 'object',
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
        oneOf: [{ required: ['c'] }, { required: ['d'] }],
      },
    ],
    ['as null', none, none],
    ['as nothing', { type: 'string', enum: [1] }, { not: {} }],
    [
      'as one of several',
      {
        oneOf: [
          { ...string, maxLength: 1 },
          { ...string, pattern: 'a' },
        ],
      },
      {
        oneOf: [
          { ...string, maxLength: 1 },
          { ...string, pattern: 'a' },
        ],
      },
    ],
    [
      'with the tighter bound',
      { type: 'number', minimum: 1, exclusiveMinimum: 1 },
      { type: 'number', exclusiveMinimum: 1 },
    ],
    [
      'with bounds that integers reach',
      { ...integer, exclusiveMaximum: 9, minimum: 0.5 },
      { ...integer, maximum: 8, minimum: 1 },
    ],
    [
      'with its fields',
      { type: 'object', properties: { a: { ...string, title: 'A' } } },
      { type: 'object', properties: { a: string } },
    ],
    ['with its items', { type: 'array', items: { ...string, title: 'A' } }, { type: 'array', items: string }],
    [
      'with a condition',
      { ...string, not: { const: 'a', title: 'A' } },
      { ...string, not: { type: 'string', enum: ['a'] } },
    ],
    [
      'with a tuple',
      { type: 'array', prefixItems: [{ ...string, title: 'A' }] },
      { type: 'array', prefixItems: [string] },
    ],
    [
      'with fields by pattern',
      { type: 'object', patternProperties: { '^a': { ...string, title: 'A' } } },
      { type: 'object', patternProperties: { '^a': string } },
    ],
    [
      'with its parts',
      {
        allOf: [
          { ...string, title: 'A', maxLength: 1 },
          { ...string, maxLength: 2 },
        ],
      },
      {
        allOf: [
          { ...string, maxLength: 1 },
          { ...string, maxLength: 2 },
        ],
      },
    ],
    ['with values of every kind', { enum: [{ a: [1, null] }] }, { type: 'object', enum: [{ a: [1, null] }] }],
  ])('%s', (_, value, expected) => {
    expect(schema(value)).toEqual(expected)
  })

  it('as a choice in both editions where it is one in either', () => {
    expect(schema(string, { anyOf: [string, integer] })).toEqual({ anyOf: [string] })
    expect(schema({ anyOf: [string, integer] }, string)).toEqual({ anyOf: [string, integer] })
  })

  it('by a name where it holds itself', () => {
    const given = contract([`${SCHEMAS}/Node`, node], [FILTER, { $ref: '#/components/schemas/Node' }])
    const reference = { $ref: '#/components/schemas/Recursive0x1' }
    const tree = { type: 'object', properties: { next: reference } }
    const document = written(given)
    expect(valueAt(document, 'components', 'schemas')).toEqual({ Recursive0x1: tree })
    const body = valueAt(document, 'paths', wirePath(0), 'post', 'requestBody', ...JSON_SCHEMA)
    expect(valueAt(body, 'properties', 'filter')).toEqual(tree)
  })
})

describe('an operation is written', () => {
  const post = (...edits: readonly Edit[]): unknown =>
    valueAt(written(contract(...edits)), 'paths', wirePath(0), 'post')

  it('with its parameters', () => {
    const given: Edit = [
      `${POST}/parameters`,
      [
        { name: 'a', in: 'query', required: true, description: 'A', schema: { ...string, title: 'A' } },
        { name: 'X-B', in: 'header', content: { 'application/json': { schema: integer } } },
      ],
    ]
    expect(valueAt(post(given), 'parameters')).toEqual([
      { name: 'a', in: 'query', required: true, schema: string },
      { name: 'x-b', in: 'header', required: false, schema: integer },
    ])
  })

  it('with its answers, and headers in one case', () => {
    const given: Edit = [
      `${POST}/responses`,
      {
        200: {
          description: 'OK',
          headers: { 'X-Id': { required: true, schema: string }, 'X-More': { schema: integer } },
          content: { 'application/json': { schema: { ...string, title: 'A' } } },
        },
        204: { description: 'Nothing' },
      },
    ]
    expect(valueAt(post(given), 'responses')).toEqual({
      200: {
        description: '',
        headers: {
          'x-id': { required: true, schema: string },
          'x-more': { required: false, schema: integer },
        },
        content: { 'application/json': { schema: string } },
      },
      204: { description: '', headers: {} },
    })
  })

  it.each([true, false])('with a body that is required: %s', (required) => {
    expect(valueAt(post([`${POST}/requestBody/required`, required]), 'requestBody', 'required')).toBe(
      required,
    )
  })
})

describe('two documents', () => {
  it('hold a path for each pair, and further ones', () => {
    const [one, two] = [contract(['/info/title', 'A']), contract([FILTER, string])]
    const further = [{ '/a': {} }, { '/b': {} }] as const
    const [before, after] = wireDocuments(
      [
        [one, two],
        [two, one],
      ],
      further,
    )
    expect(Object.keys(valueAt(before, 'paths') ?? {})).toEqual(['/0/v1/rerank', '/1/v1/rerank', '/a'])
    expect(Object.keys(valueAt(after, 'paths') ?? {})).toEqual(['/0/v1/rerank', '/1/v1/rerank', '/b'])
    expect(before).toMatchObject({ openapi: '3.1.0', info: { title: 'contract', version: '1' } })
    const idOf = (index: number): unknown => valueAt(before, 'paths', wirePath(index), 'post', 'operationId')
    expect([idOf(0), idOf(1)]).toEqual(['rerank0', 'rerank1'])
  })
})
