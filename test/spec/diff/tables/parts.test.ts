// What the corpus has no case of: it is rare, or of a class like another one there.

import { describe } from 'vitest'
import { SCHEMAS } from '../../../scripts/document.ts'
import { tells } from './tells.ts'

const string = { type: 'string' }
const integer = { type: 'integer' }
const FIELDS = `${SCHEMAS}/RerankRequest/properties`
const object = (properties: object): object => ({ type: 'object', properties })
const filter = (schema: object): [string, unknown][] => [[`${FIELDS}/filter`, schema]]
const named = (more: object): object => object({ name: { ...string, ...more } })

describe('changes of parts', () => {
  tells([
    [
      'of which one becomes two',
      filter({ allOf: [named({ minLength: 1 }), named({ pattern: '^a' }), named({ format: 'uri' })] }),
      [
        'compatible request.filter: a part of allOf is gone',
        'breaking request.filter: a part of allOf is new',
        'breaking request.filter: a part of allOf is new',
      ],
      filter({ allOf: [named({ minLength: 1 }), named({ maxLength: 4 })] }),
    ],
    [
      'of which two become one',
      filter({ allOf: [named({ minLength: 1 }), named({ maxLength: 4 })] }),
      [
        'compatible request.filter: a part of allOf is gone',
        'compatible request.filter: a part of allOf is gone',
        'breaking request.filter: a part of allOf is new',
      ],
      filter({ allOf: [named({ minLength: 1 }), named({ pattern: '^a' }), named({ format: 'uri' })] }),
    ],
    [
      'of another choice that holds as well',
      filter({
        ...object({ c: string }),
        anyOf: [object({ a: string }), object({ b: string })],
        oneOf: [object({ d: string }), object({ e: string })],
      }),
      ['breaking request.filter: oneOf is new'],
      filter({ ...object({ c: string }), anyOf: [object({ a: string }), object({ b: string })] }),
    ],
    [
      'of which one differs',
      [[`${FIELDS}/filter/allOf/1/properties/name/maxLength`, 3]],
      ['breaking request.filter.name: maxLength was 4, is 3'],
      filter({
        allOf: [object({ name: { ...string, minLength: 1 } }), object({ name: { ...string, maxLength: 4 } })],
      }),
    ],
    [
      'of which one is gone',
      [[`${FIELDS}/filter/allOf/2`, undefined]],
      ['compatible request.filter: a part of allOf is gone'],
      filter({
        allOf: [
          object({ name: { ...string, minLength: 1 } }),
          object({ name: { ...string, maxLength: 4 } }),
          object({ name: { ...string, pattern: '^a' } }),
        ],
      }),
    ],
    [
      'of a choice that holds as well',
      [[`${FIELDS}/filter/anyOf/0/properties/a`, integer]],
      ['breaking request.filter.a: type was "string", is "integer"'],
      filter({ ...object({ c: string }), anyOf: [object({ a: string }), object({ b: string })] }),
    ],
    [
      'of a choice that holds no longer',
      [[`${FIELDS}/filter/oneOf`, undefined]],
      ['compatible request.filter: oneOf is gone'],
      filter({
        ...object({ c: string }),
        anyOf: [object({ a: string }), object({ b: string })],
        oneOf: [object({ d: string }), object({ e: string })],
      }),
    ],
  ])
})
