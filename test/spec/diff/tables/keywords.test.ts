// What the corpus has no case of: it is rare, or of a class like another one there.

import { describe } from 'vitest'
import { SCHEMAS } from '../../../scripts/document.ts'
import { tells } from './tells.ts'

const string = { type: 'string' }
const integer = { type: 'integer' }
const FIELDS = `${SCHEMAS}/RerankRequest/properties`
const ANSWERED = `${SCHEMAS}/RerankDocument/properties`
const number = { type: 'number' }
const object = (properties: object): object => ({ type: 'object', properties })
const filter = (schema: object): [string, unknown][] => [[`${FIELDS}/filter`, schema]]
const page = (schema: object): [string, unknown][] => [[`${ANSWERED}/page`, schema]]

describe('changes of keywords', () => {
  tells([
    [
      'a keyword of integers that may be any numbers',
      filter({ ...number, multipleOf: 4 }),
      [
        'compatible request.filter: type was "integer", is "number"',
        'breaking request.filter: multipleOf was 2, is 4',
      ],
      filter({ ...integer, multipleOf: 2 }),
    ],
    [
      'a schema that nothing fits, before and after',
      filter({ type: 'array', items: false, maxItems: 0, title: 'B' }),
      ['docs request.filter: title reads otherwise: "B"'],
      filter({ type: 'array', items: false, maxItems: 0, title: 'A' }),
    ],
    [
      'a new property where none but those named was allowed',
      filter({ ...object({ a: string, b: string }), additionalProperties: false }),
      ['compatible request.filter.b: is new'],
      filter({ ...object({ a: string }), additionalProperties: false }),
    ],
    [
      'a new property of an answer, where any was of another type',
      page({ ...object({ a: integer }), additionalProperties: string }),
      ['compatible answer 200.results[].document.page.a: is new'],
      page({ ...object({}), additionalProperties: string }),
    ],
    [
      'integers beside numbers of the same bounds',
      filter({ anyOf: [{ ...number, minimum: 1 }] }),
      [],
      filter({
        anyOf: [
          { ...integer, minimum: 1 },
          { ...number, minimum: 1 },
        ],
      }),
    ],
    [
      'not',
      filter({ not: integer }),
      ['breaking request.filter: not reads otherwise'],
      filter({ not: string }),
    ],
    ['not, gone', filter({}), ['compatible request.filter: not is gone'], filter({ not: string })],
    [
      'if, gone',
      filter({ then: string }),
      ['breaking request.filter: if is gone'],
      filter({ if: integer, then: string }),
    ],
    [
      'contains',
      filter({ type: 'array', contains: string }),
      ['breaking request.filter (contains): type was "integer", is "string"'],
      filter({ type: 'array', contains: integer }),
    ],
    [
      'contains beside maxContains, then alone',
      filter({ type: 'array', contains: number }),
      [
        'compatible request.filter (contains): type was "integer", is "number"',
        'compatible request.filter: maxContains is gone (1)',
      ],
      filter({ type: 'array', contains: integer, maxContains: 1 }),
    ],
    [
      'prefixItems',
      filter({ type: 'array', prefixItems: [integer] }),
      ['breaking request.filter: prefixItems had 0, has 1'],
      filter({ type: 'array' }),
    ],
    [
      'prefixItems, gone',
      filter({ type: 'array' }),
      ['breaking request.filter: prefixItems had 1, has 0'],
      filter({ type: 'array', prefixItems: [integer] }),
    ],
    [
      'prefixItems, fewer',
      filter({ type: 'array', prefixItems: [string] }),
      [
        'breaking request.filter: prefixItems had 2, has 1',
        'breaking request.filter[0]: type was "integer", is "string"',
      ],
      filter({ type: 'array', prefixItems: [integer, string] }),
    ],
    [
      'items',
      filter({ type: 'array', items: integer }),
      ['breaking request.filter: items is new'],
      filter({ type: 'array' }),
    ],
    ['items of anything', filter({ type: 'array', items: {} }), [], filter({ type: 'array' })],
    [
      'additionalProperties of anything',
      filter({ type: 'object', additionalProperties: true }),
      ['compatible request.filter: additionalProperties is new'],
      filter({ type: 'object' }),
    ],
    [
      'additionalProperties of anything, gone',
      page({ type: 'object' }),
      ['compatible answer 200.results[].document.page: additionalProperties is gone'],
      page({ type: 'object', additionalProperties: { title: 'Any' } }),
    ],
    [
      'additionalProperties',
      filter({ type: 'object', additionalProperties: integer }),
      ['breaking request.filter[*]: type was "string", is "integer"'],
      filter({ type: 'object', additionalProperties: string }),
    ],
    [
      'propertyNames',
      filter({ type: 'object', propertyNames: { maxLength: 5 } }),
      ['breaking request.filter (propertyNames): maxLength was 8, is 5'],
      filter({ type: 'object', propertyNames: { maxLength: 8 } }),
    ],
    [
      'patternProperties',
      filter({ type: 'object', patternProperties: { '^a': integer } }),
      ['breaking request.filter["^a"] (patternProperties): type was "string", is "integer"'],
      filter({ type: 'object', patternProperties: { '^a': string } }),
    ],
    [
      'patternProperties, one for another',
      filter({ type: 'object', patternProperties: { '^b': string } }),
      [
        'compatible request.filter: patternProperties "^a" is gone',
        'breaking request.filter: patternProperties "^b" is new',
      ],
      filter({ type: 'object', patternProperties: { '^a': string } }),
    ],
    [
      'dependentSchemas',
      filter({ type: 'object', dependentSchemas: { a: { required: ['b'] } } }),
      ['breaking request.filter: dependentSchemas "a" is new'],
      filter({ type: 'object' }),
    ],
    [
      'dependentRequired',
      filter({ type: 'object', dependentRequired: { a: ['b'] } }),
      ['breaking request.filter: dependentRequired is new ({"a":["b"]})'],
      filter({ type: 'object' }),
    ],
    [
      'format of answers',
      page({ ...string, format: 'date' }),
      ['compatible answer 200.results[].document.page: format is new ("date")'],
      page(string),
    ],
    [
      'contentMediaType',
      filter({ ...string, contentMediaType: 'text/csv' }),
      ['breaking request.filter: contentMediaType is new ("text/csv")'],
      filter(string),
    ],
    [
      'minContains',
      filter({ type: 'array', minContains: 2 }),
      ['breaking request.filter: minContains is new (2)'],
      filter({ type: 'array' }),
    ],
    [
      'required without a field',
      filter({ type: 'object', required: ['a'] }),
      ['breaking request.filter.a: is required now'],
      filter({ type: 'object' }),
    ],
    [
      'required no longer, without a field',
      filter({ type: 'object' }),
      ['compatible request.filter.a: is required no longer'],
      filter({ type: 'object', required: ['a'] }),
    ],
    [
      'a required field, gone',
      filter({ type: 'object' }),
      ['breaking request.filter.a: is gone'],
      filter({ ...object({ a: string }), required: ['a'] }),
    ],
    [
      'a field of any name',
      filter(object({ 'a b': string })),
      ['compatible request.filter["a b"]: is new'],
      filter({ type: 'object' }),
    ],
    [
      'a type beside others',
      filter({ minLength: 1 }),
      ['compatible request.filter: type is gone ("string")'],
      filter({ ...string, minLength: 1 }),
    ],
    [
      'another type, and nothing more',
      filter({ ...number, minimum: 1 }),
      ['breaking request.filter: type was "string", is "number"'],
      filter({ ...string, minLength: 1 }),
    ],
  ])
})
