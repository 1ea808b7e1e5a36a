// What the corpus has no case of: it is rare, or of a class like another one there.

import { describe } from 'vitest'
import { POST } from '../../../scripts/document.ts'
import { tells } from './tells.ts'

const SECURITY = `${POST}/security`
const SCHEMES = '/components/securitySchemes'
const key = (where: string, name: string): object => ({ type: 'apiKey', in: where, name })
const flows = (tokenUrl: string): object => ({
  authorizationCode: {
    authorizationUrl: 'https://a.example',
    tokenUrl,
    refreshUrl: 'https://r.example',
    scopes: {},
  },
  clientCredentials: { tokenUrl, scopes: {} },
})

describe('changes of how calls sign in', () => {
  tells([
    [
      'a way that asks for more than another',
      [[SECURITY, [{ HTTPBearer: [] }]]],
      ['compatible security: more than is needed now: http bearer and apiKey query k'],
      [
        [`${SCHEMES}/Key`, key('query', 'k')],
        [SECURITY, [{ HTTPBearer: [] }, { HTTPBearer: [], Key: [] }]],
      ],
    ],
    [
      'a way for one that asks for more than another',
      [[SECURITY, [{ HTTPBearer: [] }, { Key: [] }]]],
      ['compatible security: is enough now: apiKey query k'],
      [
        [`${SCHEMES}/Key`, key('query', 'k')],
        [SECURITY, [{ HTTPBearer: [] }, { HTTPBearer: [], Key: [] }]],
      ],
    ],
    [
      'two ways that stay',
      [['/info/version', '2']],
      ['version info: version was "20260506-297d05704", is "2"'],
      [
        [`${SCHEMES}/Key`, key('query', 'k')],
        [SECURITY, [{ HTTPBearer: [] }, { Key: [] }]],
      ],
    ],
    [
      'another second key',
      [[SECURITY, [{ HTTPBearer: [], B: [] }]]],
      [
        'breaking security: no longer enough: apiKey query a and http bearer',
        'compatible security: is enough now: apiKey cookie b and http bearer',
      ],
      [
        [`${SCHEMES}/A`, key('query', 'a')],
        [`${SCHEMES}/B`, key('cookie', 'b')],
        [SECURITY, [{ HTTPBearer: [], A: [] }]],
      ],
    ],
    [
      'a key in other letters',
      [[`${SCHEMES}/HTTPBearer/name`, 'K']],
      [
        'breaking security: no longer enough: apiKey query k',
        'compatible security: is enough now: apiKey query K',
      ],
      [[`${SCHEMES}/HTTPBearer`, key('query', 'k')]],
    ],
    [
      'a header in other letters',
      [[`${SCHEMES}/HTTPBearer/name`, 'K']],
      [],
      [[`${SCHEMES}/HTTPBearer`, key('header', 'k')]],
    ],
    ['a place that says nothing', [[`${SCHEMES}/HTTPBearer/in`, 'query']], []],
    [
      'another address for tokens',
      [[`${SCHEMES}/HTTPBearer/flows`, flows('https://c.example')]],
      [
        'breaking security: no longer enough: oauth2 clientCredentials https://b.example authorizationCode https://a.example https://b.example https://r.example',
        'compatible security: is enough now: oauth2 clientCredentials https://c.example authorizationCode https://a.example https://c.example https://r.example',
      ],
      [[`${SCHEMES}/HTTPBearer`, { type: 'oauth2', flows: flows('https://b.example') }]],
    ],
    [
      'another address that tells of them',
      [[`${SCHEMES}/HTTPBearer/openIdConnectUrl`, 'https://b.example']],
      [
        'breaking security: no longer enough: openIdConnect https://a.example',
        'compatible security: is enough now: openIdConnect https://b.example',
      ],
      [[`${SCHEMES}/HTTPBearer`, { type: 'openIdConnect', openIdConnectUrl: 'https://a.example' }]],
    ],
  ])
})
