// What the corpus has no case of: it is rare, or of a class like another one there.

import { describe } from 'vitest'
import { POST } from '../../../scripts/document.ts'
import { tells } from './tells.ts'

const ANSWERS = `${POST}/responses`
const HEADER = `${ANSWERS}/200/headers/X-Id`
const string = { type: 'string' }
const integer = { type: 'integer' }
const json = { 'application/json': { schema: string } }

describe('changes of answers', () => {
  tells([
    ['a class of success', [[`${ANSWERS}/2XX`, { description: 'OK' }]], ['breaking answer 2XX: is new']],
    [
      'one that is gone',
      [[`${ANSWERS}/202`, undefined]],
      ['breaking answer 202: is gone'],
      [[`${ANSWERS}/202`, { description: 'OK' }]],
    ],
    [
      'the body of an error that is gone',
      [[`${ANSWERS}/422/content`, undefined]],
      ['breaking answer 422: application/json is gone'],
    ],
    [
      'the body of an error that is new',
      [[`${ANSWERS}/429/content`, json]],
      ['compatible answer 429: application/json is new'],
      [[`${ANSWERS}/429`, { description: 'No' }]],
    ],
    [
      'samples',
      [[`${ANSWERS}/422/content/application~1json/examples`, { one: { value: 1 } }]],
      ['docs answer 422: examples is new: {"one":{"value":1}}'],
    ],
    [
      'words of a header',
      [[`${HEADER}/description`, 'An id']],
      ['docs answer 200 header x-id: description is new: "An id"'],
      [[`${ANSWERS}/200/headers`, { 'X-Id': { schema: string } }]],
    ],
    [
      'samples of a header',
      [
        [`${HEADER}/example`, 'a'],
        [`${HEADER}/examples`, { one: { value: 'b' } }],
      ],
      [
        'docs answer 200 header x-id: example is new: "a"',
        'docs answer 200 header x-id: examples is new: {"one":{"value":"b"}}',
      ],
      [[`${ANSWERS}/200/headers`, { 'X-Id': { schema: string } }]],
    ],
    [
      'a deprecated header',
      [[`${HEADER}/deprecated`, true]],
      ['compatible answer 200 header x-id: is deprecated now'],
      [[`${ANSWERS}/200/headers`, { 'X-Id': { schema: string } }]],
    ],
    [
      'a header of another type',
      [[`${HEADER}/schema`, integer]],
      ['breaking answer 200 header x-id: type was "string", is "integer"'],
      [[`${ANSWERS}/200/headers`, { 'X-Id': { schema: string } }]],
    ],
    [
      'a header that is always there',
      [[`${HEADER}/required`, true]],
      ['compatible answer 200 header x-id: is always there now'],
      [[`${ANSWERS}/200/headers`, { 'X-Id': { schema: string } }]],
    ],
    [
      'a header that may be missing',
      [[`${HEADER}/required`, false]],
      ['breaking answer 200 header x-id: may be missing now'],
      [[`${ANSWERS}/200/headers`, { 'X-Id': { required: true, schema: string } }]],
    ],
    [
      'an optional header that is gone',
      [[`${ANSWERS}/200/headers`, undefined]],
      ['compatible answer 200 header x-id: is gone'],
      [[`${ANSWERS}/200/headers`, { 'X-Id': { schema: string } }]],
    ],
    [
      'a header in other letters',
      [[`${ANSWERS}/200/headers`, { 'x-id': { schema: string } }]],
      [],
      [[`${ANSWERS}/200/headers`, { 'X-Id': { schema: string } }]],
    ],
  ])
})
