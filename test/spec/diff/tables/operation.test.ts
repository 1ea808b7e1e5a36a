// What the corpus has no case of: it is rare, or of a class like another one there.

import { describe } from 'vitest'
import { POST, SCHEMAS } from '../../../scripts/document.ts'
import { tells } from './tells.ts'

const PATH_ITEM = '/paths/~1v1~1rerank'
const BODY = `${POST}/requestBody`
const JSON_BODY = `${BODY}/content/application~1json`
const SCHEMES = '/components/securitySchemes'
const string = { type: 'string' }
const integer = { type: 'integer' }

describe('changes of an operation', () => {
  tells([
    [
      'the summary of the path',
      [[`${PATH_ITEM}/summary`, 'Ranks']],
      ['docs /v1/rerank: summary is new: "Ranks"'],
    ],
    [
      'the description of the path',
      [[`${PATH_ITEM}/description`, 'Ranks']],
      ['docs /v1/rerank: description is new: "Ranks"'],
    ],
    [
      'the description of the endpoint',
      [[`${POST}/description`, 'Ranks']],
      ['docs POST /v1/rerank: description reads otherwise: "Ranks"'],
    ],
    [
      'the description of the body',
      [[`${BODY}/description`, 'Candidates']],
      ['docs request: description is new: "Candidates"'],
    ],
    [
      'an empty description',
      [[`${BODY}/description`, '']],
      ['docs /v1/rerank.requestBody.description: reads otherwise: ""'],
    ],
    [
      'samples of the body',
      [[`${JSON_BODY}/examples`, { one: { value: 1 } }]],
      ['docs request: examples is new: {"one":{"value":1}}'],
    ],
    [
      'a body that is required',
      [[`${BODY}/required`, true]],
      ['breaking request: is required now'],
      [[`${BODY}/required`, false]],
    ],
    [
      'a body that is required and stays so',
      [['/info/version', '2']],
      ['version info: version was "20260506-297d05704", is "2"'],
    ],
    [
      'servers that are gone',
      [['/servers', undefined]],
      [
        'docs servers: were ["https://api.tokenfactory.nebius.com"], are nothing; this package goes on calling its own base URL',
      ],
    ],
    [
      'servers of the path',
      [[`${PATH_ITEM}/servers`, [{ url: 'https://b.example' }]]],
      [
        'docs servers: were ["https://api.tokenfactory.nebius.com"], are ["https://b.example"]; this package goes on calling its own base URL',
      ],
    ],
    [
      'servers that others stand before',
      [['/servers', [{ url: 'https://b.example' }]]],
      [],
      [[`${POST}/servers`, [{ url: 'https://c.example' }]]],
    ],
    [
      'a deprecation that is taken back',
      [[`${POST}/deprecated`, false]],
      ['compatible POST /v1/rerank: is deprecated no longer'],
      [[`${POST}/deprecated`, true]],
    ],
  ])
})

describe('changes of words', () => {
  tells([
    [
      'of a scheme that is gone',
      [[`${SCHEMES}/HTTPBearer/description`, undefined]],
      ['docs securitySchemes.HTTPBearer.description: is gone'],
      [[`${SCHEMES}/HTTPBearer/description`, 'A key']],
    ],
    [
      'of a field with a slash',
      [[`${SCHEMAS}/RerankRequest/not/properties/a~1b/title`, 'B']],
      ['docs RerankRequest.not.a/b.title: reads otherwise: "B"'],
      [[`${SCHEMAS}/RerankRequest/not`, { properties: { 'a/b': { title: 'A' } } }]],
    ],
    [
      'that are no words but a field’s name',
      [[`${SCHEMAS}/RerankRequest/not/properties/title`, string]],
      ['breaking request: not reads otherwise'],
      [[`${SCHEMAS}/RerankRequest/not`, { properties: { title: integer } }]],
    ],
  ])
})
