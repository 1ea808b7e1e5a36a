import { describe, expect, it } from 'vitest'
import contract from '../fixtures/edition/openapi.json' with { type: 'json' }
import { compileContract, type OpenApi } from '../../src/local/contract.ts'
import type { Fault } from '../../src/local/faults.ts'
import { Refusal } from '../../src/local/refusal.ts'

const VALID = { model: 'm', query: 'q', documents: ['d'] }

const TIERS = "'auto', 'default', 'flex', 'no-limit' or 'over-limit'"

type Expected = readonly [type: string, loc: (string | number)[], msg: string]

describe('the check of a request', () => {
  it.each<[what: string, body: unknown, expected: Expected[]]>([
    [
      'every missing field',
      {},
      [
        ['missing', ['body', 'documents'], 'Field required'],
        ['missing', ['body', 'model'], 'Field required'],
        ['missing', ['body', 'query'], 'Field required'],
      ],
    ],
    [
      'each fault once, all at once',
      { model: 1, query: null, documents: ['a', 2, null], user: 3, service_tier: 'z' },
      [
        ['string_type', ['body', 'documents', 1], 'Input should be a valid string'],
        ['string_type', ['body', 'documents', 2], 'Input should be a valid string'],
        ['string_type', ['body', 'model'], 'Input should be a valid string'],
        ['string_type', ['body', 'query'], 'Input should be a valid string'],
        ['enum', ['body', 'service_tier'], `Input should be ${TIERS}`],
        ['string_type', ['body', 'user'], 'Input should be a valid string'],
      ],
    ],
    [
      'a text in place of a list',
      { ...VALID, documents: 'd' },
      [['list_type', ['body', 'documents'], 'Input should be a valid list']],
    ],
    [
      'a value that is neither listed nor of the type',
      { ...VALID, service_tier: null },
      [['enum', ['body', 'service_tier'], `Input should be ${TIERS}`]],
    ],
    [
      'something other than an object',
      'text',
      [
        [
          'model_attributes_type',
          ['body'],
          'Input should be a valid dictionary or object to extract fields from',
        ],
      ],
    ],
  ])('lists %s, as FastAPI does', (_what, body, expected) => {
    expect(faultsOf(contract, body).map(({ type, loc, msg }) => [type, loc, msg])).toEqual(expected)
  })

  it('echoes what came, and says in the context what was expected', () => {
    expect(faultsOf(contract, { ...VALID, service_tier: 'z' })).toEqual([
      {
        type: 'enum',
        loc: ['body', 'service_tier'],
        msg: `Input should be ${TIERS}`,
        input: 'z',
        ctx: { expected: TIERS },
      },
    ])
  })

  it.each<[what: string, schema: object, value: unknown, type: string, msg: string, ctx?: object]>([
    ['a number', { type: 'number' }, 'x', 'float_type', 'Input should be a valid number'],
    ['a whole number', { type: 'integer' }, 'x', 'int_type', 'Input should be a valid integer'],
    [
      'a fraction',
      { type: 'integer' },
      1.5,
      'int_from_float',
      'Input should be a valid integer, got a number with a fractional part',
    ],
    ['a boolean', { type: 'boolean' }, 'x', 'bool_type', 'Input should be a valid boolean'],
    ['null', { type: 'null' }, 'x', 'none_required', 'Input should be None'],
    ['a type array', { type: ['null', 'string'] }, 1, 'string_type', 'Input should be a valid string'],
    [
      'a nullable type',
      { type: 'string', nullable: true },
      1,
      'string_type',
      'Input should be a valid string',
    ],
    [
      'a union with a reference',
      { anyOf: [{ $ref: '#/components/schemas/New' }, { type: 'null' }] },
      1,
      'string_type',
      'Input should be a valid string',
    ],
    ['a constant', { const: 'a' }, 'b', 'literal_error', "Input should be 'a'", { expected: "'a'" }],
    ['a list of numbers', { enum: [1, 2] }, 3, 'enum', 'Input should be 1 or 2', { expected: '1 or 2' }],
    [
      'a minimum',
      { minimum: 1 },
      0,
      'greater_than_equal',
      'Input should be greater than or equal to 1',
      { ge: 1 },
    ],
    ['a maximum', { maximum: 1 }, 2, 'less_than_equal', 'Input should be less than or equal to 1', { le: 1 }],
    [
      'a lower bound',
      { exclusiveMinimum: 1 },
      1,
      'greater_than',
      'Input should be greater than 1',
      { gt: 1 },
    ],
    ['an upper bound', { exclusiveMaximum: 1 }, 1, 'less_than', 'Input should be less than 1', { lt: 1 }],
    ['a step', { multipleOf: 2 }, 3, 'multiple_of', 'Input should be a multiple of 2', { multiple_of: 2 }],
    [
      'a short text',
      { minLength: 1 },
      '',
      'string_too_short',
      'String should have at least 1 character',
      { min_length: 1 },
    ],
    [
      'a long text',
      { maxLength: 2 },
      'abc',
      'string_too_long',
      'String should have at most 2 characters',
      { max_length: 2 },
    ],
    [
      'a pattern',
      { pattern: '^$&' },
      'b',
      'string_pattern_mismatch',
      "String should match pattern '^$&'",
      { pattern: '^$&' },
    ],
    [
      'a short list',
      { minItems: 1 },
      [],
      'too_short',
      'List should have at least 1 item after validation, not 0',
      { field_type: 'List', min_length: 1, actual_length: 0 },
    ],
    [
      'a long list',
      { maxItems: 0 },
      [1],
      'too_long',
      'List should have at most 0 items after validation, not 1',
      { field_type: 'List', max_length: 0, actual_length: 1 },
    ],
    [
      'a rule without words of its own',
      { uniqueItems: true },
      [1, 1],
      'value_error',
      'Value error, must NOT have duplicate items (items ## 0 and 1 are identical)',
    ],
  ])('words %s as pydantic does', (_what, schema, value, type, msg, ctx) => {
    expect(faultsOf(withField(schema), { ...VALID, new: value })).toEqual([
      { type, loc: ['body', 'new'], msg, input: value, ...(ctx && { ctx }) },
    ])
  })

  it.each([
    ['a text', { pattern: '^(?P<name>a)\\Z' }, 'b'],
    ['a text that is null by default', { pattern: '\\Aa', default: null }, 'b'],
    [
      'fields',
      { patternProperties: { '\\Ax': { type: 'null' } }, additionalProperties: false },
      { x: 1, y: 2 },
    ],
  ])('asks nothing of %s by a pattern that only Python reads', (_what, schema, value) => {
    expect(faultsOf(withField(schema), { ...VALID, new: value })).toEqual([])
  })

  it('asks by the other patterns beside it', () => {
    const patternProperties = { '\\Ax': {}, '^y': { pattern: 'b' } }
    expect(faultsOf(withField({ patternProperties }), { ...VALID, new: { x: 1, y: 'a' } })).toMatchObject([
      { type: 'string_pattern_mismatch', loc: ['body', 'new', 'y'] },
    ])
  })

  it('names a field that is not allowed', () => {
    expect(
      faultsOf(withField({ additionalProperties: false }), { ...VALID, new: { 'a/~b': 1 } }),
    ).toMatchObject([{ type: 'extra_forbidden', loc: ['body', 'new', 'a/~b'] }])
  })

  it('tells the places of a list from the names of an object', () => {
    const schema = { additionalProperties: { items: { type: 'string' } } }
    expect(faultsOf(withField(schema), { ...VALID, new: { '0': ['a', 1] } })).toMatchObject([
      { loc: ['body', 'new', '0', 1] },
    ])
  })

  it('finds schemas by their place, whatever their names', () => {
    const text = JSON.stringify(contract)
      .replaceAll('RerankRequest', 'Other')
      .replaceAll('ServiceTier', 'T~1')
    const renamed = JSON.parse(text.replaceAll('schemas/T~1', 'schemas/T~01')) as OpenApi
    expect(faultsOf(renamed, { service_tier: 1 })).toEqual(faultsOf(contract, { service_tier: 1 }))
  })

  it('finds schemas that are written in place', () => {
    const inlined = structuredClone<OpenApi>(contract)
    Object.assign(inlined.paths['/v1/rerank'].post, {
      requestBody: { content: { 'application/json': { schema: contract.components.schemas.RerankRequest } } },
    })
    expect(faultsOf(inlined, { service_tier: 1 })).toEqual(faultsOf(contract, { service_tier: 1 }))
  })

  it('checks the query parameters that the contract has', () => {
    const changed = structuredClone(contract)
    Object.assign(changed.paths['/v1/rerank'].post, {
      parameters: [
        { name: 'page', in: 'query', required: true, schema: { type: 'integer', minimum: 1 } },
        { name: 'x-page', in: 'header', required: true, schema: { type: 'string' } },
      ],
    })
    expect(faultsOf(changed, VALID, 'page=0')).toMatchObject([
      { type: 'greater_than_equal', loc: ['query', 'page'], input: 0 },
    ])
    expect(faultsOf(changed, {}, '')).toMatchObject([
      { type: 'missing', loc: ['query', 'page'] },
      { loc: ['body', 'documents'] },
      { loc: ['body', 'model'] },
      { loc: ['body', 'query'] },
    ])
    expect(compileContract(changed)(VALID, new URLSearchParams('page=1'))).toBe(VALID)
  })

  it.each([
    ['long', 'x'.repeat(1_000), 'x'.repeat(200) + '…'],
    [
      'long within',
      { ['k'.repeat(1_000)]: 'x'.repeat(1_000) },
      { ['k'.repeat(200) + '…']: 'x'.repeat(200) + '…' },
    ],
    ['wide', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1, 2, 3, 4, 5, 6, 7, '…']],
    ['wide in names', Object.fromEntries(names(9)), Object.fromEntries([...names(8), ['…', '…']])],
    ['deep', JSON.parse('['.repeat(10_000) + ']'.repeat(10_000)), [['…']]],
  ])('echoes only the beginning of what is %s', (_what, value: unknown, echo) => {
    expect(faultsOf(withField({ const: 1 }), { ...VALID, new: value })[0]?.input).toEqual(echo)
  })

  it.each([
    ['no schema', {}],
    ['a content', { content: { 'application/json': { schema: { type: 'number' } } } }],
  ])('takes any text for a parameter with %s', (_what, described) => {
    const changed: OpenApi = structuredClone(contract)
    changed.paths['/v1/rerank'].post.parameters = [{ name: 'new', in: 'query', required: true, ...described }]
    expect(faultsOf(changed, VALID, 'new=x')).toEqual([])
    expect(faultsOf(changed, VALID)).toMatchObject([{ type: 'missing', loc: ['query', 'new'] }])
  })

  it.each(['over-limit', 'flex'])('takes the service tier %s', (service_tier) => {
    expect(faultsOf(contract, { ...VALID, service_tier })).toEqual([])
  })

  it('lists at most 1,000 faults', () => {
    const documents = Array.from({ length: 5_000 }, () => 1)
    expect(faultsOf(contract, { ...VALID, documents })).toHaveLength(1_000)
  })

  it('lists the first fault of a body with more values than can be listed', () => {
    const documents = Array.from({ length: 100_001 }, () => 1)
    expect(faultsOf(contract, { ...VALID, documents })).toMatchObject([{ loc: ['body', 'documents', 0] }])
  })

  it('is not misled by names that every object has', () => {
    const body: unknown = JSON.parse(
      '{"__proto__":{"model":"m"},"query":"q","documents":[],"constructor":1,"toString":2}',
    )
    expect(faultsOf(contract, body)).toMatchObject([{ type: 'missing', loc: ['body', 'model'] }])
  })
})

/** The contract with one more field, `new`, in its request. */
function withField(schema: object): OpenApi {
  const changed = structuredClone(contract)
  Object.assign(changed.components.schemas.RerankRequest.properties, { new: schema })
  Object.assign(changed.components.schemas, { New: { type: 'string' } })
  return changed
}

function names(count: number): [string, number][] {
  return Array.from({ length: count }, (_, index) => [`k${index}`, index])
}

function faultsOf(document: OpenApi, body: unknown, query = ''): Fault[] {
  try {
    compileContract(document)(body, new URLSearchParams(query))
  } catch (error) {
    if (error instanceof Refusal) return error.detail as Fault[]
    throw error
  }
  return []
}
