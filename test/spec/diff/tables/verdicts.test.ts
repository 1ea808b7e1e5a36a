// Each cell of the table of keywords: a schema that says less and one that says more, both ways, both directions.

import { describe, expect, it } from 'vitest'
import { compareOperations } from '../../../../scripts/spec/diff/tables/operation.ts'
import { KEYWORDS } from '../../../../scripts/spec/diff/tables/verdicts.ts'
import { extractContract, type Contract } from '../../../../scripts/spec/contract/index.ts'
import { edited, SCHEMAS } from '../../../scripts/document.ts'

const string = { type: 'string' }
const integer = { type: 'integer' }
const object = { type: 'object', properties: { a: string, b: string } }
const list = { type: 'array', items: string }
const needsA = { required: ['a'] }
const short = { maxLength: 5 }

/** What the verdicts on four changes are: a request is tighter or looser, an answer is tighter or looser. */
const USUAL = 'breaking compatible compatible breaking'
/** Of an answer that holds other sizes and shapes than it did, no client relies on. */
const SIZES = 'breaking compatible compatible compatible'
const ALL = 'breaking breaking breaking breaking'

const ROWS: readonly [keyword: string, loose: object, tight: object, expected: string][] = [
  ['type', {}, string, USUAL],
  ['enum', { enum: ['a', 'b'] }, { enum: ['a'] }, USUAL],
  ['required', object, { ...object, ...needsA }, USUAL],
  ['items', { type: 'array' }, list, USUAL],
  ['prefixItems', { type: 'array' }, { type: 'array', prefixItems: [string] }, ALL],
  ['allOf', { allOf: [object] }, { allOf: [object, { ...object, ...needsA }] }, USUAL],
  ['anyOf', object, { ...object, anyOf: [needsA, { required: ['b'] }] }, USUAL],
  ['oneOf', object, { ...object, oneOf: [needsA, { required: ['b'] }] }, USUAL],
  ['maxItems', list, { ...list, maxItems: 5 }, SIZES],
  ['maxLength', string, { ...string, ...short }, SIZES],
  ['maxProperties', object, { ...object, maxProperties: 5 }, SIZES],
  ['maximum', integer, { ...integer, maximum: 5 }, SIZES],
  ['minItems', list, { ...list, minItems: 5 }, SIZES],
  ['minLength', string, { ...string, minLength: 5 }, SIZES],
  ['minProperties', object, { ...object, minProperties: 1 }, SIZES],
  ['minimum', integer, { ...integer, minimum: 5 }, SIZES],
  ['pattern', string, { ...string, pattern: '^a' }, SIZES],
  ['multipleOf', integer, { ...integer, multipleOf: 2 }, SIZES],
  ['uniqueItems', list, { ...list, uniqueItems: true }, SIZES],
  ['additionalProperties', object, { ...object, additionalProperties: false }, SIZES],
  ['unevaluatedProperties', object, { ...object, unevaluatedProperties: false }, SIZES],
  ['format', string, { ...string, format: 'date' }, USUAL],
  ['contentEncoding', string, { ...string, contentEncoding: 'base64' }, ALL],
  ['contentMediaType', string, { ...string, contentMediaType: 'image/png' }, ALL],
  ['contentSchema', string, { ...string, contentSchema: object }, USUAL],
  ['patternProperties', object, { ...object, patternProperties: { '^x': string } }, USUAL],
  ['propertyNames', object, { ...object, propertyNames: { maxLength: 5 } }, USUAL],
  ['dependentRequired', object, { ...object, dependentRequired: { a: ['b'] } }, USUAL],
  ['dependentSchemas', object, { ...object, dependentSchemas: { a: { required: ['b'] } } }, USUAL],
  ['unevaluatedItems', list, { ...list, unevaluatedItems: false }, USUAL],
  ['contains', list, { ...list, contains: short }, USUAL],
  [
    'minContains',
    { ...list, contains: short },
    { ...list, contains: short, minContains: 2 },
    'breaking breaking compatible breaking',
  ],
  ['maxContains', { ...list, contains: short }, { ...list, contains: short, maxContains: 2 }, USUAL],
  ['not', object, { ...object, not: needsA }, USUAL],
  ['if', { ...object, then: needsA }, { ...object, if: needsA, then: needsA }, ALL],
  ['then', { ...object, if: needsA }, { ...object, if: needsA, then: { required: ['b'] } }, USUAL],
  ['else', { ...object, if: needsA }, { ...object, if: needsA, else: { required: ['b'] } }, USUAL],
]

/** The verdicts at a place on a schema that says more than before, and on one that says less. */
function verdicts(place: string, loose: object, tight: object): string[] {
  const contractOf = (schema: object): Contract => extractContract(edited([`${SCHEMAS}/${place}`, schema]))
  const [less, more] = [contractOf(loose), contractOf(tight)]
  return [compareOperations(less, more), compareOperations(more, less)].flatMap((changes) =>
    changes.map((change) => change.class),
  )
}

describe('the verdict on', () => {
  it.each(ROWS)('%s', (_, loose, tight, expected) => {
    const places = ['RerankRequest/properties/x', 'RerankDocument/properties/x']
    expect(places.flatMap((place) => verdicts(place, loose, tight)).join(' ')).toBe(expected)
  })

  it('each keyword is stated here', () => {
    expect(ROWS.map(([keyword]) => keyword)).toEqual(Object.keys(KEYWORDS))
  })
})
