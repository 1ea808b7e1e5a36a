import { describe, expect, it } from 'vitest'
import { contractText, extractContract } from '../../../scripts/pipeline/contract.ts'
import { valueAt } from '../../../scripts/pipeline/json.ts'
import { edited, POST, SCHEMAS, TEXT, type Edit } from '../document.ts'

const USAGE = '#/components/schemas/RerankUsage'

describe('keeps', () => {
  it('200 levels of nesting', () => {
    // Six levels lead to the place.
    const nested = Array.from({ length: 194 }).reduce<unknown>((inner) => [inner], 'deep')
    expect(() => extractContract(edited([`${TEXT}/x-deep`, nested]))).not.toThrow()
  })

  it('what the operation reaches, also in a circle', () => {
    const contract = extractContract(
      edited(
        [`${SCHEMAS}/A`, { items: { $ref: '#/components/schemas/B' } }],
        [`${SCHEMAS}/B`, { not: { $ref: '#/components/schemas/A' } }],
        [`${TEXT}/anyOf`, [{ $ref: '#/components/schemas/A' }]],
      ),
    )
    expect(valueAt(contract, 'components', 'schemas', 'A')).toBeDefined()
    expect(valueAt(contract, 'components', 'schemas', 'B')).toBeDefined()
  })

  it('schemas that only a discriminator names, and writes their names as references', () => {
    const discriminator = { propertyName: 'kind', mapping: { a: 'A' } }
    const contract = extractContract(edited([`${SCHEMAS}/A`, true], [`${TEXT}/discriminator`, discriminator]))
    expect(contractText(contract)).toContain('"a": "#/components/schemas/A"')
    expect(valueAt(contract, 'components', 'schemas', 'A')).toBe(true)
  })

  it('components of every kind that the operation refers to', () => {
    const components = {
      responses: { Gone: { description: 'Gone', headers: { 'X-Id': { $ref: '#/components/headers/Id' } } } },
      headers: {
        Id: { schema: { type: 'string' }, examples: { one: { $ref: '#/components/examples/One' } } },
      },
      examples: { One: { value: 1 } },
      parameters: { Verbose: { name: 'verbose', in: 'query', schema: { type: 'boolean' } } },
    }
    const contract = extractContract(
      edited(
        ...Object.entries(components).map(([kind, members]) => [`/components/${kind}`, members] as const),
        [`${POST}/responses/410`, { $ref: '#/components/responses/Gone' }],
        [`${POST}/parameters/1`, { $ref: '#/components/parameters/Verbose' }],
      ),
    )
    expect(valueAt(contract, 'components')).toMatchObject(components)
  })

  it('words beside a reference in OpenAPI 3.1', () => {
    const contract = extractContract(edited([`${TEXT}/not`, { $ref: USAGE, description: 'Not usage' }]))
    expect(contractText(contract)).toContain('Not usage')
  })

  it('the security of the document where the operation has none', () => {
    const contract = extractContract(
      edited(['/security', [{ HTTPBearer: [] }]], [`${POST}/security`, undefined]),
    )
    expect(valueAt(contract, 'security')).toEqual([{ HTTPBearer: [] }])
    expect(valueAt(contract, 'components', 'securitySchemes', 'HTTPBearer')).toBeDefined()
  })

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json;version=1'])(
    'a body of %s as application/json',
    (spelling) => {
      const content = {
        [spelling]: { schema: { $ref: '#/components/schemas/RerankRequest' } },
        'text/plain': {},
      }
      const contract = extractContract(edited([`${POST}/requestBody/content`, content]))
      expect(contractText(contract)).toBe(contractText(extractContract(edited())))
    },
  )
})

describe('leaves out', () => {
  const same: readonly (readonly [what: string, edits: readonly Edit[]])[] = [
    [
      'extensions',
      [
        [`${TEXT}/x-enum-descriptions`, ['evil']],
        [`${POST}/x-code`, 'evil'],
        ['/x-root', 'evil'],
      ],
    ],
    [
      'unknown keys',
      [
        [`${TEXT}/unknown`, 'evil'],
        [`${POST}/unknown`, 'evil'],
      ],
    ],
    ['callbacks', [[`${POST}/callbacks`, { a: {} }]]],
    ['external docs', [[`${POST}/externalDocs`, { url: '/' }]]],
    ['links', [[`${POST}/responses/200/links`, { a: {} }]]],
    ['other methods', [['/paths/~1v1~1rerank/get', { responses: {} }]]],
    ['other media types', [[`${POST}/responses/200/content/text~1csv`, { schema: { type: 'string' } }]]],
    ['definitions that nothing can refer to', [[`${TEXT}/$defs`, { Evil: { type: 'string' } }]]],
    ['responses with an impossible status', [[`${POST}/responses/evil`, { description: 'evil' }]]],
    ['unused schemas', [[`${SCHEMAS}/Evil`, { type: 'string' }]]],
    ['unused security schemes', [['/components/securitySchemes/Evil', { type: 'http' }]]],
    ['security that the operation replaces', [['/security', [{ Evil: [] }]]]],
  ]
  it.each(same)('%s', (_, edits) => {
    expect(contractText(extractContract(edited(...edits)))).toBe(contractText(extractContract(edited())))
  })

  it('what stands beside a reference in OpenAPI 3.0', () => {
    const contract = extractContract(
      edited(['/openapi', '3.0.3'], [`${TEXT}/not`, { $ref: USAGE, title: 'Beside' }]),
    )
    expect(contractText(contract)).not.toContain('Beside')
  })
})
