// Random pairs of schemas and the values that tell them apart.

import fc from 'fast-check'
import { documented, DOCUMENTED } from './documented.ts'
import type { Schema, Vocabulary } from './vocabulary.ts'

const NAMES = ['a', 'b', 'c'] as const
const TEXTS = ['', 'a', 'b', 'ab', 'abc', 'abcde'] as const
const NUMBERS = [-1, 0, 0.5, 1, 2, 3, 4, 6] as const

/** The reference to the components that random schemas share. */
export const SHARED = ['Shared', 'Tree'] as const

/** Schemas of a depth. */
export function schemas(vocabulary: Vocabulary, depth = 2): fc.Arbitrary<Schema> {
  const inner =
    depth <= 0 ? fc.constant<Schema>({ type: 'string' }) : fc.memo((n) => schemas(vocabulary, n))(depth - 1)
  const leaf = fc.oneof(
    { weight: 3, arbitrary: strings(vocabulary) },
    { weight: 3, arbitrary: numbers(vocabulary) },
    { weight: 1, arbitrary: fc.constantFrom<Schema>({ type: 'boolean' }, { type: 'null' }, {}, true, false) },
    { weight: 2, arbitrary: literals() },
  )
  if (depth <= 0) return leaf
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 3, arbitrary: objects(inner, vocabulary) },
    { weight: 2, arbitrary: lists(inner, vocabulary) },
    { weight: 2, arbitrary: choices(inner) },
    { weight: 1, arbitrary: together(inner) },
    { weight: 4, arbitrary: documented(inner, vocabulary) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...SHARED).map((name) => ({ $ref: `#/components/schemas/${name}` })),
    },
    ...(vocabulary.hasLogic ? [{ weight: 2, arbitrary: logic(inner, vocabulary) }] : []),
  )
}

function strings({ hasSizes }: Vocabulary): fc.Arbitrary<Schema> {
  const sizes = { minLength: size(), maxLength: size(), pattern: fc.constantFrom('^a', 'b$', '^[ab]+$', '') }
  return record({ type: fc.constant('string') }, hasSizes ? sizes : {})
}

function numbers({ hasSizes }: Vocabulary): fc.Arbitrary<Schema> {
  const number = fc.constantFrom(...NUMBERS)
  const bounds = {
    minimum: number,
    maximum: number,
    exclusiveMinimum: number,
    exclusiveMaximum: number,
    multipleOf: fc.constantFrom(0.5, 1, 2, 3),
  }
  return record({ type: fc.constantFrom('number', 'integer') }, hasSizes ? bounds : {})
}

function literals(): fc.Arbitrary<Schema> {
  const value = fc.oneof(
    fc.constantFrom<unknown>(...TEXTS),
    fc.constantFrom<unknown>(...NUMBERS),
    fc.constantFrom<unknown>(null, true, false, { a: 'a' }, { a: 1, b: 'b' }, ['a'], []),
  )
  const list = fc.uniqueArray(value, { minLength: 1, maxLength: 4, selector: (one) => JSON.stringify(one) })
  return fc.oneof(
    value.map((one) => ({ const: one })),
    list.map((some) => ({ enum: some })),
    fc.subarray([...TEXTS], { minLength: 1 }).map((some) => ({ type: 'string', enum: some })),
    fc
      .subarray(['string', 'integer', 'null', 'object', 'number', 'array'], { minLength: 1 })
      .map((type) => ({ type })),
  )
}

function lists(inner: fc.Arbitrary<Schema>, { hasSizes }: Vocabulary): fc.Arbitrary<Schema> {
  const sizes = { minItems: size(), maxItems: size(), uniqueItems: fc.boolean() }
  const contains = { contains: inner, minContains: size(), maxContains: size() }
  return record(
    { type: fc.constant('array') },
    {
      items: inner,
      prefixItems: fc.array(inner, { minLength: 1, maxLength: 2 }),
      ...(hasSizes ? { ...sizes, ...contains } : {}),
    },
  )
}

/** Objects that list every name, or say what others may be, so that all that may be sent is said. */
function objects(inner: fc.Arbitrary<Schema>, { hasSizes, hasLogic }: Vocabulary): fc.Arbitrary<Schema> {
  const required = fc.subarray([...NAMES])
  const others = hasSizes ? inner : inner.filter((one) => one !== false)
  const member = { a: inner, b: inner, c: inner }
  const sizes = { minProperties: size(), maxProperties: size() }
  const conditions = {
    dependentRequired: fc.record({ a: fc.subarray(['b', 'c']) }),
    dependentSchemas: fc.record({ b: inner }),
    // Nobody relies on it in responses that a name is not there.
    ...(hasSizes
      ? {
          propertyNames: fc.constantFrom<Schema>(
            { pattern: '^[ab]' },
            { enum: ['a', 'b'] },
            { maxLength: 1 },
          ),
        }
      : {}),
    patternProperties: fc
      .constantFrom('^a', 'b$')
      .chain((pattern) => inner.map((schema) => ({ [pattern]: schema }))),
  }
  const more = { required, ...(hasSizes ? sizes : {}), ...(hasLogic ? conditions : {}) }
  return fc.oneof(
    record({ type: fc.constant('object'), properties: fc.record(member) }, more),
    record(
      {
        type: fc.constant('object'),
        properties: fc.record(member, { requiredKeys: [] }),
        additionalProperties: hasSizes ? fc.oneof(fc.boolean(), inner) : others,
      },
      more,
    ),
    record({ type: fc.constant('object') }, { additionalProperties: others, ...more }),
  )
}

function choices(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  const list = fc.array(inner, { minLength: 1, maxLength: 3 })
  const tagged = fc
    .uniqueArray(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 3 })
    .chain((tags) =>
      fc.tuple(
        ...tags.map((tag) =>
          inner.map((other) => ({
            type: 'object',
            properties: { a: { const: tag }, b: other, c: true },
            required: ['a'],
          })),
        ),
      ),
    )
  return fc.oneof(
    fc.tuple(fc.constantFrom('anyOf', 'oneOf'), list).map(([key, some]) => ({ [key]: some })),
    fc.tuple(fc.constantFrom('anyOf', 'oneOf'), tagged).map(([key, some]) => ({ [key]: some })),
  )
}

function together(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc.oneof(
    fc.array(inner, { minLength: 1, maxLength: 2 }).map((some) => ({ allOf: some })),
    fc
      .tuple(inner, fc.array(inner, { minLength: 1, maxLength: 2 }))
      .map(([one, some]) => (typeof one === 'object' ? { ...one, anyOf: some } : { anyOf: some })),
  )
}

function logic(inner: fc.Arbitrary<Schema>, { hasSizes }: Vocabulary): fc.Arbitrary<Schema> {
  return fc.oneof(
    inner.map((schema) => ({ not: schema })),
    fc
      .tuple(inner, inner)
      .map(([one, other]) => (typeof one === 'object' ? { ...one, not: other } : { not: other })),
    fc.record({ if: inner, then: inner, else: inner }, { requiredKeys: ['if'] }),
    inner.map((schema) =>
      typeof schema === 'object' && hasSizes ? { ...schema, unevaluatedProperties: false } : schema,
    ),
  )
}

function size(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 3 })
}

function record(
  always: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  sometimes: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Schema> {
  const some = fc.subarray(Object.keys(sometimes), { maxLength: Math.min(2, Object.keys(sometimes).length) })
  return some.chain((keys) =>
    fc.record({
      ...always,
      ...Object.fromEntries(keys.map((key) => [key, sometimes[key] ?? fc.constant(0)])),
    }),
  )
}

/** Components that random schemas refer to. */
export const COMPONENTS = {
  ...DOCUMENTED,
  Shared: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' }, c: true } },
  Tree: {
    type: 'object',
    properties: {
      a: { type: 'string' },
      b: { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
      c: true,
    },
    required: ['a'],
  },
} satisfies Readonly<Record<string, Schema>>

/** Texts of formats. */
export const FORMATTED = ['2026-11-24', '0b8f4d0e-6a55-4d0a-9a3c-2b6f8c1d7e90'] as const

/** Values of every kind that generated schemas speak of. */
export const VALUES: readonly unknown[] = valuesOf()

function valuesOf(): unknown[] {
  const numbers = [...NUMBERS, -2, 1.5, 2.5, 5, 7, 12, 300, -200, 2 ** 40]
  const flat: unknown[] = [null, true, false, ...TEXTS, 'c', 'xb', 'aab', ...FORMATTED, ...numbers]
  const few: unknown[] = [
    null,
    true,
    'a',
    'b',
    'abc',
    0,
    1,
    2.5,
    4,
    {},
    [],
    { a: 'a' },
    ['a'],
    { a: 'ab', b: 1 },
  ]
  const members = [undefined, ...few]
  const objects = members.flatMap((a) =>
    members.flatMap((b) => [undefined, 'a', 1, null, {}].map((c) => object({ a, b, c }))),
  )
  const pairs = few.flatMap((one) => [[one], ...few.map((other) => [one, other])])
  const triples = [
    ['a', 'a', 'a'],
    [1, 2, 3],
    ['a', 1, null],
    [{}, {}, {}],
    [0, 1, 4, 4],
  ]
  const named = [{ d: 'a' }, { a: 'a', d: 1 }, { ab: 1 }, { b: [], ab: 'a' }, { xb: 2 }]
  return [...flat, ...objects, [], ...pairs, ...triples, ...named]
}

function object(members: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
