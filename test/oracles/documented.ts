// Schemas as frameworks write them: FastAPI with pydantic 1 and 2, Spring, NestJS, ASP.NET.

import fc from 'fast-check'
import type { Schema, Vocabulary } from './vocabulary.ts'

const WORDS = { title: fc.constantFrom('A', 'B'), description: fc.constantFrom('One', 'Two') }
const NAMES = ['a', 'b', 'c'] as const
const REFERENCES = ['Shared', 'Tree', 'Filter', 'Level', 'Base', 'Derived'] as const

/** Components that such schemas refer to. */
export const DOCUMENTED = {
  Level: { title: 'Level', type: 'string', enum: ['a', 'ab', 'b'] },
  Filter: {
    anyOf: [
      { $ref: '#/components/schemas/Leaf' },
      {
        type: 'object',
        properties: {
          a: { const: 'ab' },
          b: { type: 'array', items: { $ref: '#/components/schemas/Filter' } },
          c: true,
        },
        required: ['a', 'b'],
      },
    ],
  },
  Leaf: {
    type: 'object',
    properties: { a: { const: 'a' }, b: { type: 'string' }, c: true },
    required: ['a', 'b'],
  },
  Base: { type: 'object', properties: { a: { type: 'string' }, b: true, c: true }, required: ['a'] },
  Derived: {
    allOf: [
      { $ref: '#/components/schemas/Base' },
      { type: 'object', properties: { b: { type: 'integer', format: 'int32' }, a: true, c: true } },
    ],
  },
  Cat: {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'integer' }, c: true },
    required: ['b'],
  },
  Dog: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' }, c: true } },
  Bird: { type: 'object', properties: { a: { const: 'Bird' }, b: true, c: true }, required: ['a'] },
} satisfies Readonly<Record<string, Schema>>

const ALTERNATIVES = ['Cat', 'Dog', 'Bird'] as const

/** Schemas as frameworks write them, around others. */
export function documented(inner: fc.Arbitrary<Schema>, { hasSizes }: Vocabulary): fc.Arbitrary<Schema> {
  const reference = fc.constantFrom(...REFERENCES).map((name) => ({ $ref: `#/components/schemas/${name}` }))
  return fc.oneof(
    optional(inner),
    wrapped(reference),
    field(hasSizes),
    model(inner, hasSizes),
    flagged(inner),
    tagged(inner),
    discriminated(),
    // Nobody relies on it in responses that there are no other members.
    map(hasSizes ? inner : inner.filter((one) => one !== false)),
    tuple(inner),
  )
}

/** pydantic 2: an optional value is one of two, with null as its default. */
function optional(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc.record(
    { anyOf: inner.map((schema) => [schema, { type: 'null' }]), default: fc.constant(null), ...WORDS },
    { requiredKeys: ['anyOf'] },
  )
}

/** pydantic 1 and Spring: what is said beside a reference stands around it, or, since 3.1, beside it. */
function wrapped(reference: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc.oneof(
    fc.record(
      {
        allOf: reference.map((one) => [one]),
        default: fc.constantFrom('a', null),
        deprecated: fc.boolean(),
        ...WORDS,
      },
      { requiredKeys: ['allOf'] },
    ),
    fc
      .tuple(reference, fc.record(WORDS, { requiredKeys: [] }))
      .map(([one, words]) => ({ ...(one as object), ...words })),
    reference,
  )
}

/** ASP.NET and Spring: formats, and limits beside them. */
function field(hasSizes: boolean): fc.Arbitrary<Schema> {
  const size = fc.integer({ min: 0, max: 3 })
  const sized = (limits: Readonly<Record<string, fc.Arbitrary<unknown>>>): typeof limits =>
    hasSizes ? limits : {}
  const text = ['string', 'null']
  return fc.oneof(
    fc.record(
      {
        type: fc.constant('integer'),
        format: fc.constantFrom('int64', ...(hasSizes ? ['int32', 'uint8'] : [])),
        ...sized({ minimum: size, exclusiveMinimum: size }),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        type: fc.constant('number'),
        format: fc.constantFrom('float', 'double'),
        ...sized({ maximum: size }),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ type: fc.constant('string'), format: fc.constantFrom('uuid', 'date', 'password') }),
    fc.record(
      {
        type: fc.constantFrom<unknown>('string', text),
        enum: fc.constantFrom(['a', 'b'], ['a', null], ['ab']),
        default: fc.constant('a'),
      },
      { requiredKeys: ['type', 'enum'] },
    ),
    fc.record(
      { type: fc.constant(text), ...sized({ minLength: size, maxLength: size }) },
      { requiredKeys: ['type'] },
    ),
  )
}

function model(inner: fc.Arbitrary<Schema>, hasSizes: boolean): fc.Arbitrary<Schema> {
  return fc.record(
    {
      type: fc.constant('object'),
      properties: fc.record({ a: inner, b: inner, c: inner }),
      required: fc.subarray([...NAMES]),
      additionalProperties: fc.constantFrom<Schema>(...(hasSizes ? [false] : []), true, {}),
      ...WORDS,
    },
    { requiredKeys: ['type', 'properties'] },
  )
}

/** Spring and OpenAPI 3.0: what travels one way alone, and what may be null. */
function flagged(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  const flags = fc.constantFrom(
    { readOnly: true },
    { writeOnly: true },
    { nullable: true },
    { nullable: true },
  )
  const property = fc
    .tuple(inner, flags)
    .map(([schema, flag]) => (typeof schema === 'object' ? { ...schema, ...flag } : schema))
  return fc.record(
    {
      type: fc.constant('object'),
      properties: fc.record({ a: property, b: fc.oneof(property, inner), c: inner }),
      required: fc.subarray([...NAMES]),
      dependentRequired: fc.constant({ c: ['a'] }),
    },
    { requiredKeys: ['type', 'properties'] },
  )
}

/** Alternatives that a discriminator tells apart, by their names or by those of a mapping. */
export function discriminated(): fc.Arbitrary<Schema> {
  const target = fc.constantFrom(...ALTERNATIVES).map((name) => `#/components/schemas/${name}`)
  const mapping = fc.record({ a: target, ab: target, Bird: target, Cat: target }, { requiredKeys: [] })
  return fc
    .record({
      list: fc.subarray([...ALTERNATIVES], { minLength: 1 }),
      keyword: fc.constantFrom('oneOf', 'anyOf'),
      discriminator: fc.record(
        { propertyName: fc.constant('a'), mapping },
        { requiredKeys: ['propertyName'] },
      ),
    })
    .map(({ list, keyword, discriminator }) => ({
      [keyword]: list.map((name) => ({ $ref: `#/components/schemas/${name}` })),
      discriminator,
    }))
}

/** Alternatives told apart by a name, as a mapping says and each says for itself. */
function tagged(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc
    .tuple(fc.constantFrom('oneOf', 'anyOf'), fc.subarray(['a', 'ab', 'b'], { minLength: 1 }), inner, inner)
    .map(([keyword, tags, one, other]) => ({
      [keyword]: tags.map((tag, index) => ({
        type: 'object',
        properties: { a: { type: 'string', enum: [tag] }, b: index === 0 ? one : other, c: true },
        required: ['a'],
      })),
    }))
}

function map(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return inner.map((schema) => ({ type: 'object', additionalProperties: schema }))
}

function tuple(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc
    .tuple(inner, inner)
    .map((some) => ({ type: 'array', prefixItems: some, minItems: 2, maxItems: 2 }))
}
