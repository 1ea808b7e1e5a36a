// What the corpus has no case of: it is rare, or of a class like another one there.

import { describe } from 'vitest'
import { POST } from '../../../scripts/document.ts'
import { tells } from './tells.ts'

const PARAMETER = `${POST}/parameters/0`
const string = { type: 'string' }
const list = { type: 'array', items: string }
const json = { 'application/json': { schema: string } }
const parameter = (more: object): object => ({ name: 'x', in: 'query', schema: string, ...more })

describe('changes of parameters', () => {
  tells([
    [
      'samples',
      [[`${PARAMETER}/examples`, { one: { value: 'a' } }]],
      ['docs parameter query.ai_project_id: examples is new: {"one":{"value":"a"}}'],
    ],
    [
      'a text or a list that is not exploded',
      [[`${PARAMETER}/explode`, false]],
      ['breaking parameter query.x: was sent as form exploded, is sent as form'],
      [[PARAMETER, parameter({ schema: { anyOf: [string, list] } })]],
    ],
    [
      'a text that becomes a list, and is not exploded',
      [
        [`${PARAMETER}/explode`, false],
        [`${PARAMETER}/schema`, list],
      ],
      ['breaking parameter query.x: type was "string", is "array"'],
      [[PARAMETER, parameter({})]],
    ],
    ['words', [[`${PARAMETER}/example`, 'a']], ['docs parameter query.ai_project_id: example is new: "a"']],
    [
      'a deprecation',
      [[`${PARAMETER}/deprecated`, true]],
      ['compatible parameter query.ai_project_id: is deprecated now'],
    ],
    [
      'a deprecation that is taken back',
      [[`${PARAMETER}/deprecated`, false]],
      ['compatible parameter query.ai_project_id: is deprecated no longer'],
      [[`${PARAMETER}/deprecated`, true]],
    ],
    [
      'a required one that is gone',
      [[`${POST}/parameters`, []]],
      ['breaking parameter query.x: is gone'],
      [[PARAMETER, parameter({ required: true })]],
    ],
    [
      'the style of a list',
      [[`${PARAMETER}/style`, 'spaceDelimited']],
      ['breaking parameter query.x: was sent as form exploded, is sent as spaceDelimited'],
      [[PARAMETER, parameter({ schema: list })]],
    ],
    [
      'a list that is exploded',
      [[`${PARAMETER}/explode`, true]],
      ['breaking parameter header.x: was sent as simple, is sent as simple exploded'],
      [[PARAMETER, parameter({ in: 'header', schema: list })]],
    ],
    [
      'a list of a cookie, exploded as it was',
      [[`${PARAMETER}/explode`, true]],
      [],
      [[PARAMETER, parameter({ in: 'cookie', schema: list })]],
    ],
    [
      'the style of a header, written out',
      [[`${PARAMETER}/style`, 'simple']],
      [],
      [[PARAMETER, parameter({ in: 'header' })]],
    ],
    [
      'a text that becomes a list',
      [[`${PARAMETER}/schema`, list]],
      ['breaking parameter query.x: type was "string", is "array"'],
      [[PARAMETER, parameter({})]],
    ],
    [
      'reserved characters',
      [[`${PARAMETER}/allowReserved`, true]],
      ['breaking parameter query.ai_project_id: was sent as form, is sent as form allowReserved'],
    ],
    [
      'an empty value',
      [[`${PARAMETER}/allowEmptyValue`, true]],
      ['breaking parameter query.ai_project_id: was sent as form, is sent as form allowEmptyValue'],
    ],
    [
      'a text that is sent as JSON',
      [[PARAMETER, { name: 'x', in: 'query', content: json }]],
      ['breaking parameter query.x: was sent as form, is sent as form JSON'],
      [[PARAMETER, parameter({})]],
    ],
    [
      'what is sent as JSON',
      [[`${PARAMETER}/content/application~1json/schema/maxLength`, 5]],
      ['breaking parameter query.x: maxLength is new (5)'],
      [[PARAMETER, { name: 'x', in: 'query', content: json }]],
    ],
    [
      'one that may be anything',
      [[`${PARAMETER}/schema`, string]],
      ['breaking parameter query.x: type is new ("string")'],
      [[PARAMETER, { name: 'x', in: 'query' }]],
    ],
  ])
})
