import { describe, expect, it } from 'vitest'
import { locate } from '../../../scripts/spec/diff/locate.ts'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { edited, POST, SCHEMAS } from '../../scripts/document.ts'

const string = { type: 'string' }
const FIELDS = `#${SCHEMAS}/RerankRequest/properties`
const PARAMETER = `#${POST}/parameters/0`

const CONTRACT = extractContract(
  edited(
    [`${POST}/parameters/0/schema`, { type: 'object', properties: { a: string } }],
    [`${POST}/responses/204`, { description: 'Nothing' }],
    [`${SCHEMAS}/RerankRequest/properties/map`, { type: 'object', additionalProperties: string }],
    [
      `${SCHEMAS}/RerankRequest/properties/pet`,
      {
        anyOf: [
          { type: 'object', properties: { a: string } },
          { type: 'object', properties: { b: string } },
        ],
      },
    ],
  ),
)

describe('a path of keys leads to', () => {
  it.each<[what: string, root: string, keys: string[], pointer: string | undefined]>([
    ['the request', 'request', [], `#${POST}/requestBody/content/application~1json/schema`],
    ['a field', 'request', ['query'], `${FIELDS}/query`],
    ['an item', 'request', ['documents', '[]'], `${FIELDS}/documents/items`],
    ['a value by any name', 'request', ['map', '[*]'], `${FIELDS}/map/additionalProperties`],
    ['a field of the second alternative', 'request', ['pet', 'b'], `${FIELDS}/pet/anyOf/1/properties/b`],
    ['no field', 'request', ['nothing'], undefined],
    ['nothing behind no field', 'request', ['nothing', 'more'], undefined],
    ['an answer', 'answer 200', ['results', '[]', 'index'], `#${SCHEMAS}/RerankResult/properties/index`],
    ['an error', 'answer 422', ['detail'], `#${SCHEMAS}/HTTPValidationError/properties/detail`],
    ['no answer', 'answer 500', [], undefined],
    ['an answer without a body', 'answer 204', [], undefined],
    ['the parameters', 'parameters', [], `#${POST}/parameters`],
    ['those of a place', 'parameters', ['query'], `#${POST}/parameters`],
    ['a parameter', 'parameters', ['query', 'ai_project_id'], PARAMETER],
    ['a field of one', 'parameters', ['query', 'ai_project_id', 'a'], `${PARAMETER}/schema/properties/a`],
    ['no parameter', 'parameters', ['header', 'ai_project_id'], undefined],
    ['nothing in no parameter', 'parameters', ['header', 'ai_project_id', 'a'], undefined],
  ])('%s', (_, root, keys, pointer) => {
    expect(locate(CONTRACT, root, keys)).toBe(pointer)
  })
})
