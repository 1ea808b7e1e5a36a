import { describe, expect, it } from 'vitest'
import { areDisjoint, isAnything, kindsOf, tellsApart } from '../../../../scripts/spec/diff/meaning/kinds.ts'

const branches = (...schemas: unknown[]): ReturnType<typeof kindsOf> =>
  schemas.flatMap((value) => kindsOf({ value, pointer: '#' }))

const said = (schema: unknown): unknown[] =>
  branches(schema).map(({ keywords }) =>
    Object.fromEntries([...keywords].map(([key, { value }]) => [key, value])),
  )

/** An object that names itself. */
const named = (kind: object, required: unknown = ['kind']): object => ({
  type: 'object',
  properties: { other: {}, kind },
  required,
})
const [CAT, DOG, BIRD] = [{ const: 'cat' }, { enum: ['dog', 'wolf'] }, { const: 'bird' }].map((kind) =>
  named(kind),
)

describe('a schema says', () => {
  it.each([
    [
      'what it names of each type',
      { type: ['string', 'null'], maxLength: 3 },
      [{ type: 'string', maxLength: 3 }, { type: 'null' }],
    ],
    [
      'the type of what it lists',
      { enum: ['a', null, [1]] },
      [{ type: 'string', enum: ['a'] }, { type: 'null' }, { type: 'array', enum: [[1]] }],
    ],
    [
      'that listed numbers are integers',
      { type: 'number', enum: [1, 2] },
      [{ type: 'integer', enum: [1, 2] }],
    ],
    ['or not all of them', { enum: [1, 2.5] }, [{ type: 'number', enum: [1, 2.5] }]],
    ['nothing of what its type is not', { type: 'integer', enum: ['a'] }, []],
    [
      'nothing by keywords that are as if they were not there',
      { type: 'array', uniqueItems: false, minItems: 0, items: {} },
      [{ type: 'array' }],
    ],
    ['nothing by a pattern that each text fits', { type: 'string', pattern: '.*' }, [{ type: 'string' }]],
    ['nothing by an empty list of keys', { type: 'object', required: [] }, [{ type: 'object' }]],
    ['nothing at all', true, [{}]],
  ])('%s', (_, schema, expected) => {
    expect(said(schema)).toEqual(expected)
  })

  it('of properties, where they may be', () => {
    expect(
      branches(CAT, { type: 'string', properties: { a: {} } }).map(({ properties }) => [
        ...properties.keys(),
      ]),
    ).toEqual([['other', 'kind'], []])
  })
})

describe('no value fits two of', () => {
  it.each([
    ['one', [{}]],
    ['different types', [{ type: 'string' }, { type: 'integer' }, { type: 'null' }]],
    ['objects that name themselves', [CAT, DOG, BIRD]],
    ['those beside text', [{ type: 'string' }, CAT, DOG]],
  ])('%s', (_, schemas) => {
    expect(areDisjoint(branches(...schemas))).toBe(true)
  })
})

describe('a value may fit two of', () => {
  it.each([
    ['anything and text', [{}, { type: 'string' }]],
    ['integers and numbers', [{ type: 'integer' }, { type: 'number' }]],
    [
      'two kinds of text beside others',
      [{ type: 'null' }, { type: 'string', maxLength: 3 }, { type: 'string' }],
    ],
    ['objects of the same name', [CAT, DOG, named({ const: 'wolf' })]],
    ['objects of which one may go without a name', [CAT, named({ const: 'x' }, [])]],
    ['objects of which one may have any name', [CAT, named({ type: 'string' })]],
    ['objects without properties', [{ type: 'object' }, CAT]],
  ])('%s', (_, schemas) => {
    expect(areDisjoint(branches(...schemas))).toBe(false)
  })
})

it.each([
  ['kind', [CAT, DOG], true],
  ['kind', [CAT, { type: 'null' }, { type: 'string' }], true],
  ['other', [CAT, DOG], false],
  ['kind', [CAT, named({ const: 'cat' })], false],
  ['kind', [CAT, named(true as unknown as object)], false],
  ['kind', [CAT, named({ const: 'x' }, 'kind')], false],
])('a property %s tells objects apart, or not', (property, schemas, expected) => {
  expect(tellsApart(property, branches(...schemas))).toBe(expected)
})

it.each([
  [true, true],
  [{}, true],
  [{ title: 'A', description: 'b' }, true],
  [{ title: 'A', type: 'string' }, false],
  [false, false],
])('%j lets everything through, or not', (schema, expected) => {
  expect(isAnything(schema)).toBe(expected)
})
