// Schemas that are written so that a comparison would take for ever, or go too deep.

import { describe, expect, it } from 'vitest'
import { compareOperations } from '../../../../scripts/spec/diff/tables/operation.ts'
import { extractContract, type Contract } from '../../../../scripts/spec/contract/index.ts'
import { edited, SCHEMAS, type Edit } from '../../../scripts/document.ts'

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const object = (key: string, schema: object): object => ({ properties: { [key]: schema }, required: [key] })

function contract(schemas: readonly object[]): Contract {
  const components = schemas.map((schema, index): Edit => [`${SCHEMAS}/N${index}`, schema])
  return extractContract(edited([`${SCHEMAS}/RerankRequest/properties/node`, ref('N0')], ...components))
}

/** Each schema holds the next one, and the last one the first. */
const ring = (count: number): Contract =>
  contract(Array.from({ length: count }, (_, index) => object('a', ref(`N${(index + 1) % count}`))))

/** Each schema offers the next one by two names, and the last one is a value. */
const choices = (count: number, type: string): Contract =>
  contract([
    ...Array.from({ length: count }, (_, index) => ref(`N${index + 1}`)).map((next) => ({
      anyOf: [object('a', next), object('b', next)],
    })),
    { type },
  ])

describe('a comparison is refused', () => {
  it.each([
    ['of choices within choices', choices(30, 'string'), choices(30, 'integer')],
    ['of schemas that repeat themselves after other numbers of steps', ring(60), ring(61)],
  ])('%s', (_, before, after) => {
    expect(() => compareOperations(before, after)).toThrow('the schemas are too involved to be compared')
  })
})

describe('a comparison is made', () => {
  it('of some choices within choices', () => {
    const changes = compareOperations(choices(4, 'string'), choices(4, 'integer'))
    expect(changes.map(({ class: name }) => name)).toContain('breaking')
  })

  it('of schemas that repeat themselves after a few steps', () => {
    expect(compareOperations(ring(10), ring(11))).toEqual([])
  })
})
