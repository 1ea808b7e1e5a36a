// Schemas that refer to each other in every way: compared in a moment, and not walked for ever.

import { describe, expect, it } from 'vitest'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { compareContracts } from '../../../scripts/spec/diff/index.ts'
import type { DriftClass } from '../../../scripts/spec/drift.ts'
import { edited, SCHEMAS, type Edit } from '../../scripts/document.ts'

const FIELDS = `${SCHEMAS}/RerankRequest/properties`
const RESULT = `${SCHEMAS}/RerankResult/properties`
const string = { type: 'string' }
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** Ten alternatives that hold one of ten others, which lead back. */
const unions: readonly Edit[] = [
  [`${FIELDS}/union`, { oneOf: times(10, (one) => ref(`U${one}`)) }],
  [`${RESULT}/union`, { anyOf: times(10, (one) => ref(`U${one}`)) }],
  ...times(10, (one): Edit => [
    `${SCHEMAS}/U${one}`,
    {
      type: 'object',
      properties: { kind: { const: `u${one}` }, inner: { oneOf: times(10, (other) => ref(`V${other}`)) } },
      required: ['kind', 'inner'],
    },
  ]),
  ...times(10, (one): Edit => [
    `${SCHEMAS}/V${one}`,
    {
      type: 'object',
      properties: {
        kind: { const: `v${one}` },
        back: { anyOf: times(10, (other) => ref(`U${other}`)) },
        text: string,
      },
      required: ['kind'],
    },
  ]),
]

/** A filter of four operators that take filters. */
const operators: readonly Edit[] = [
  [`${FIELDS}/filter`, ref('Filter')],
  [`${RESULT}/filter`, ref('Filter')],
  [`${SCHEMAS}/Filter`, { anyOf: [...['And', 'Or', 'Not', 'Xor', 'Equal'].map(ref)] }],
  ...['And', 'Or', 'Not', 'Xor'].map((name): Edit => [
    `${SCHEMAS}/${name}`,
    {
      type: 'object',
      properties: { [name]: { type: 'array', items: ref('Filter') }, also: ref('Filter') },
      required: [name],
    },
  ]),
  [
    `${SCHEMAS}/Equal`,
    { type: 'object', properties: { key: string, value: string }, required: ['key', 'value'] },
  ],
]

const linked: readonly Edit[] = [
  [`${FIELDS}/linked`, ref('L0')],
  [`${RESULT}/linked`, ref('L0')],
  ...times(250, (at): Edit => [
    `${SCHEMAS}/L${at}`,
    {
      type: 'object',
      properties: {
        a: ref(`L${(at + 1) % 250}`),
        b: { type: 'array', items: ref(`L${(at * 7 + 3) % 250}`) },
      },
    },
  ]),
]

async function classOf(given: readonly Edit[], ...edits: readonly Edit[]): Promise<DriftClass> {
  const [before, after] = [given, [...given, ...edits]].map((all) =>
    extractContract(edited(...structuredClone(all))),
  )
  if (!before || !after) throw new Error('there are two contracts')
  return (await compareContracts(before, after)).drift
}

describe.each([
  ['ten times ten alternatives', unions],
  ['four operators that hold each other', operators],
  ['250 schemas that are linked', linked],
])('%s', (_, given) => {
  it('are the same as they are', async () => {
    expect(await classOf(given)).toBe('none')
  })

  it('are the same beside a new field', async () => {
    expect(await classOf(given, [`${FIELDS}/more`, string])).toBe('compatible')
  })

  it('may arrive', async () => {
    expect(await classOf([], ...given)).toBe('compatible')
  })
})

it('a change deep in what refers to itself is found', async () => {
  expect(await classOf(operators, [`${SCHEMAS}/Equal/properties/value`, { type: 'integer' }])).toBe(
    'breaking',
  )
  expect(await classOf(linked, [`${SCHEMAS}/L200/properties/c`, string])).toBe('compatible')
})
