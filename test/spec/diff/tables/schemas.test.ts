// What the corpus has no case of: it is rare, or of a class like another one there.

import { describe } from 'vitest'
import { SCHEMAS } from '../../../scripts/document.ts'
import { tells } from './tells.ts'

const string = { type: 'string' }
const integer = { type: 'integer' }
const FIELDS = `${SCHEMAS}/RerankRequest/properties`
const ANSWERED = `${SCHEMAS}/RerankDocument/properties`
const number = { type: 'number' }
const none = { type: 'null' }
const object = (properties: object): object => ({ type: 'object', properties })
const kind = (name: string): object => ({ ...object({ kind: { const: name } }), required: ['kind'] })
const filter = (schema: object): [string, unknown][] => [[`${FIELDS}/filter`, schema]]
const page = (schema: object): [string, unknown][] => [[`${ANSWERED}/page`, schema]]
const untold = (name: string): object => ({ ...object({ kind: string, [name]: string }), required: ['kind'] })

describe('changes of bounds', () => {
  tells([
    [
      'numbers that are no integers',
      filter({ ...number, maximum: 10.2 }),
      ['breaking request.filter: maximum 10.5 became maximum 10.2'],
      filter({ ...number, maximum: 10.5 }),
    ],
    [
      'integers, and then any numbers',
      filter({ ...number, maximum: 10 }),
      ['compatible request.filter: type was "integer", is "number"'],
      filter({ ...integer, maximum: 10 }),
    ],
    [
      'at most another number',
      filter({ ...number, maximum: 12 }),
      ['compatible request.filter: maximum 10 became maximum 12'],
      filter({ ...number, maximum: 10 }),
    ],
    [
      'less than a number that is gone',
      filter(number),
      ['compatible request.filter: exclusiveMaximum is gone (10)'],
      filter({ ...number, exclusiveMaximum: 10 }),
    ],
    [
      'answers',
      page({ ...integer, minimum: 1 }),
      ['compatible answer 200.results[].document.page: minimum is new (1)'],
      page(integer),
    ],
  ])
})

describe('changes of alternatives', () => {
  tells([
    [
      'words within those of which one alone may fit',
      filter({ oneOf: [object({ a: { ...string, title: 'B' } }), object({ b: string })] }),
      ['docs request.filter.a: title reads otherwise: "B"'],
      filter({ oneOf: [object({ a: { ...string, title: 'A' } }), object({ b: string })] }),
    ],
    [
      'a further one of answers that another one covers',
      page({ anyOf: [string, integer, { enum: ['a', 'b'] }] }),
      ['compatible answer 200.results[].document.page: may be "a", "b" as well'],
      page({ anyOf: [string, integer] }),
    ],
    [
      'those that break the least',
      filter({ anyOf: [object({ a: string }), object({ a: integer })] }),
      [
        'compatible request.filter.a: minLength is gone (1)',
        'compatible request.filter.a: maxLength is gone (5)',
        'compatible request.filter.a: pattern is gone ("^a")',
        'compatible request.filter.a: multipleOf is gone (2)',
        'compatible request.filter.a: minimum is gone (1)',
        'compatible request.filter.a: maximum is gone (5)',
      ],
      filter({
        anyOf: [
          object({ a: { ...string, minLength: 1, maxLength: 5, pattern: '^a' } }),
          object({ a: { ...integer, minimum: 1, maximum: 5, multipleOf: 2 } }),
        ],
      }),
    ],
    [
      'those that differ the least',
      filter({ anyOf: [object({ a: string, b: string, y: string }), object({ a: string, x: string })] }),
      ['compatible request.filter.x: is new', 'compatible request.filter.y: is new'],
      filter({ anyOf: [object({ a: string }), object({ a: string, b: string })] }),
    ],
    [
      'one of another format',
      filter({ anyOf: [{ ...string, format: 'date' }, integer, none] }),
      ['breaking request.filter: can be string (uri) no longer'],
      filter({ anyOf: [{ ...string, format: 'date' }, { ...string, format: 'uri' }, integer, none] }),
    ],
    [
      'those without a type not at all',
      filter({ anyOf: [{ pattern: '^b' }, none] }),
      [
        'breaking request.filter: can be anything no longer',
        'compatible request.filter: may be anything as well',
      ],
      filter({ anyOf: [{ pattern: '^a' }, none] }),
    ],
    [
      'a value that fits two is refused',
      filter({
        oneOf: [
          { ...string, maxLength: 5 },
          { ...string, pattern: '^a' },
        ],
      }),
      ['breaking request.filter: a value that fits two alternatives is refused'],
      filter({
        anyOf: [
          { ...string, maxLength: 5 },
          { ...string, pattern: '^a' },
        ],
      }),
    ],
    [
      'a value that fits two is accepted',
      filter({
        anyOf: [
          { ...string, maxLength: 5 },
          { ...string, pattern: '^a' },
        ],
      }),
      ['compatible request.filter: a value that fits two alternatives is accepted'],
      filter({
        oneOf: [
          { ...string, maxLength: 5 },
          { ...string, pattern: '^a' },
        ],
      }),
    ],
    [
      'words of those of which one alone may fit',
      filter({
        oneOf: [
          { ...string, title: 'B', maxLength: 5 },
          { ...string, pattern: '^a' },
        ],
      }),
      ['docs request.filter: title of "A" is gone', 'docs request.filter: title of "B" is new: "B"'],
      filter({
        oneOf: [
          { ...string, title: 'A', maxLength: 5 },
          { ...string, pattern: '^a' },
        ],
      }),
    ],
  ])
})

describe('changes of discriminators', () => {
  tells([
    [
      'where alternatives that named no text do',
      filter({ anyOf: [kind('a'), kind('b')], discriminator: { propertyName: 'kind' } }),
      [
        'breaking request.filter: discriminator is new',
        'breaking request.filter.a: is gone',
        'breaking request.filter.kind: enum is new (["a"])',
        'breaking request.filter.b: is gone',
        'breaking request.filter.kind: enum is new (["b"])',
      ],
      filter({ anyOf: [untold('a'), untold('b')] }),
    ],
    [
      'of answers, where alternatives that named a text do not',
      page({ anyOf: [untold('a'), untold('b')] }),
      [
        'breaking answer 200.results[].document.page: discriminator is gone',
        'breaking answer 200.results[].document.page.kind: enum is gone (["a"])',
        'compatible answer 200.results[].document.page.a: is new',
        'breaking answer 200.results[].document.page.kind: enum is gone (["b"])',
        'compatible answer 200.results[].document.page.b: is new',
      ],
      page({ anyOf: [kind('a'), kind('b')], discriminator: { propertyName: 'kind' } }),
    ],
    [
      'of answers',
      page({ anyOf: [kind('a'), kind('b')], discriminator: { propertyName: 'kind' } }),
      ['compatible answer 200.results[].document.page: discriminator is new'],
      page({ anyOf: [kind('a'), kind('b')] }),
    ],
    [
      'whose name nobody tells apart',
      filter({ anyOf: [kind('a'), kind('b')], discriminator: { propertyName: 'sort' } }),
      ['breaking request.filter: discriminator is new'],
      filter({ anyOf: [kind('a'), kind('b')] }),
    ],
    [
      'that name one more',
      [[`${FIELDS}/filter/discriminator/mapping/d`, '#/components/schemas/Kind']],
      ['compatible request.filter: discriminator gains "d"'],
      [
        [`${SCHEMAS}/Kind`, kind('a')],
        ...filter({
          anyOf: [kind('a'), kind('b')],
          discriminator: { propertyName: 'kind', mapping: { c: '#/components/schemas/Kind' } },
        }),
      ],
    ],
  ])
})

describe('changes of notes', () => {
  tells([
    [
      'another default that is false',
      filter({ default: false }),
      ['breaking request.filter: default was true, is false'],
      filter({ default: true }),
    ],
    [
      'a field to be sent again',
      filter(string),
      ['breaking request.filter: readOnly is gone (true)'],
      filter({ ...string, readOnly: true }),
    ],
    [
      'a field that is answered again',
      page(string),
      ['compatible answer 200.results[].document.page: writeOnly is gone (true)'],
      page({ ...string, writeOnly: true }),
    ],
    [
      'a deprecation that is taken back',
      filter(string),
      ['compatible request.filter: deprecated is gone (true)'],
      filter({ ...string, deprecated: true }),
    ],
    [
      'a field of answers that is deprecated',
      page({ ...string, deprecated: true }),
      ['compatible answer 200.results[].document.page: deprecated is new (true)'],
      page(string),
    ],
  ])
})
