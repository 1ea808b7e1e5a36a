import { describe, expect, it } from 'vitest'
import { contractText, extractContract } from '../../../scripts/spec/contract/index.ts'
import { parseJsonText } from '../../../scripts/spec/lib/json-text.ts'
import { valueAt } from '../../../scripts/spec/lib/json.ts'
import { edited, PINNED_TEXT, POST, REQUEST_JSON, SCHEMAS, TEXT, type Edit } from '../../scripts/document.ts'

const USAGE = '#/components/schemas/RerankUsage'

const nested = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 'deep')

describe('keeps', () => {
  it('200 levels of nesting', () => {
    // Six levels lead to the place.
    expect(() => extractContract(edited([`${TEXT}/const`, nested(194)]))).not.toThrow()
  })

  it('any nesting of what the operation does not reach', () => {
    expect(() => extractContract(edited([`${TEXT}/x-deep`, nested(1_000_000)]))).not.toThrow()
  })

  it.each([
    ['small objects', `[${'{},'.repeat(100_000)}{}]`],
    ['levels', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['names', `{${Array.from({ length: 50_000 }, (_, at) => `"${at}":{}`).join()}}`],
  ])('the same of a document with many %s elsewhere', (_, bulk) => {
    const text = PINNED_TEXT.replace('"paths": {', `"x-bulk": ${bulk}, "paths": {"/v1/other": ${bulk},`)
      .replace('"schemas": {', `"schemas": {"Other": ${bulk},`)
      .replace('"title": "RerankRequest"', `"title": "RerankRequest", "x-bulk": ${bulk}`)
    expect(contractText(extractContract(parseJsonText(text)))).toBe(PINNED_TEXT)
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

  it('schemas that a discriminator names by reference', () => {
    const discriminator = { propertyName: 'kind', mapping: { a: USAGE } }
    const contract = extractContract(edited([`${TEXT}/discriminator`, discriminator]))
    expect(contractText(contract)).toContain(`"a": "${USAGE}"`)
  })

  it('components of every kind that the operation refers to', () => {
    const components = {
      headers: {
        Id: { schema: { type: 'string' }, examples: { one: { $ref: '#/components/examples/One' } } },
      },
      examples: { One: { value: 1 } },
    }
    const contract = extractContract(
      edited(
        ...Object.entries(components).map(([kind, members]) => [`/components/${kind}`, members] as const),
        [`${POST}/responses/422/headers`, { 'X-Id': { $ref: '#/components/headers/Id' } }],
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

  it.each(['3.1.0', '3.1.12', '3.12.0'])('the edition %s', (edition) => {
    expect(valueAt(extractContract(edited(['/openapi', edition])), 'openapi')).toBe(edition)
  })

  it.each<readonly [what: string, edit: Edit]>([
    ['a length of 0', [`${TEXT}/minLength`, 0]],
    [
      'more than 64 KiB where it is written itself',
      [`${POST}/responses/404`, { description: 'x'.repeat(65_537) }],
    ],
    ['a version of 100 characters', ['/info/version', 'v'.repeat(100)]],
    ['plain data of every kind', [`${TEXT}/example`, [null, true, 'a', 1.5, [], { a: false }]]],
    ['a pattern that only Python reads', [`${TEXT}/pattern`, '(?P<a>.)\\Z']],
    ['names by a pattern that only Python reads', [`${TEXT}/patternProperties`, { '\\Aa': true }]],
    [
      '100 parameters',
      [`${POST}/parameters`, Array.from({ length: 100 }, (_, at) => ({ name: `p${at + 100}`, in: 'query' }))],
    ],
    [
      'names that differ in case alone, but for headers',
      [`${POST}/parameters`, ['A', 'a'].map((name) => ({ name, in: 'query' }))],
    ],
  ])('%s', (_, [pointer, value]) => {
    const keys = pointer
      .slice(1)
      .split('/')
      .map((key) => key.replaceAll('~1', '/'))
    expect(valueAt(extractContract(edited([pointer, value])), ...keys)).toEqual(value)
  })

  it('the plain one of two spellings of application/json', () => {
    const content = {
      'Application/JSON': { schema: { type: 'string' } },
      'application/json': { schema: { $ref: '#/components/schemas/RerankRequest' } },
    }
    const contract = extractContract(edited([`${POST}/requestBody/content`, content]))
    expect(contractText(contract)).toBe(contractText(extractContract(edited())))
  })

  it('the same one of two odd spellings, whichever comes first', () => {
    const spelled = [
      ['Application/JSON', { schema: { type: 'string' } }],
      ['APPLICATION/JSON', { schema: { type: 'integer' } }],
    ]
    const textOf = (content: unknown[][]): string =>
      contractText(
        extractContract(edited([`${POST}/responses/422/content`, Object.fromEntries(content) as unknown])),
      )
    expect(textOf(spelled)).toBe(textOf(spelled.toReversed()))
  })

  it.each([
    'application/json; charset=utf-8',
    'application/json ;charset=utf-8',
    'Application/JSON',
    'application/json;version=1',
  ])('a body of %s as application/json', (spelling) => {
    const content = {
      [spelling]: { schema: { $ref: '#/components/schemas/RerankRequest' } },
      'text/plain': {},
    }
    const contract = extractContract(edited([`${POST}/requestBody/content`, content]))
    expect(contractText(contract)).toBe(contractText(extractContract(edited())))
  })
})

describe('leaves out, and refuses nothing for it', () => {
  const HUGE = 'x'.repeat(5 * 1024 * 1024)

  it.each<readonly [what: string, edit: Edit]>([
    ['a title that is a list', [`${TEXT}/title`, []]],
    ['a description that is a number', [`${TEXT}/description`, 1]],
    ['an operation id that is none', [`${POST}/operationId`, 'a"; b']],
    ['tags that are no list', [`${POST}/tags`, 'inference']],
    ['servers that are nowhere', ['/servers', [{ url: '' }, { description: 'none' }, 'https://example.com']]],
    ...['$ref', 'externalValue', 'discriminator', 'allOf', '__proto__'].map(
      (key): readonly [string, Edit] => [
        `a sample with ${key} inside`,
        [`${TEXT}/example`, JSON.parse(`[{ "deep": { "${key}": "https://example.com/" } }]`)],
      ],
    ),
    ['a sample of infinity', [`${TEXT}/example`, JSON.parse('1e999')]],
    ['samples as a list', [`${REQUEST_JSON}/examples`, [{ query: 'q' }]]],
    ['a sample that nests too deep', [`${TEXT}/example`, nested(1_000)]],
    ['a sample that is nowhere', [`${REQUEST_JSON}/examples`, { a: { $ref: '#/components/examples/Gone' } }]],
  ])('%s', (_, edit) => {
    const [pointer] = edit
    const without = edited([pointer, pointer === '/servers' ? [] : undefined])
    expect(contractText(extractContract(edited(edit)))).toBe(contractText(extractContract(without)))
  })

  it('samples, where they make a contract of more than a mebibyte', () => {
    const contract = extractContract(
      edited([`${TEXT}/example`, Array.from({ length: 300 }, () => nested(180))]),
    )
    expect(valueAt(contract, 'components', 'schemas', 'RerankDocument', 'properties', 'text')).toEqual({
      title: 'Text',
      description: 'Text of the document',
      type: 'string',
    })
    expect(contractText(contract)).not.toContain('"examples"')
  })

  it('all words, where those alone make one', () => {
    const contract = extractContract(edited([`${TEXT}/description`, 'x'.repeat(1024 * 1024)]))
    expect(contractText(contract)).not.toContain('"description"')
    expect(contract.info.title).toBe('Nebius OpenAI-compatible inference API')
  })

  it.each(['description', 'example'])('a %s that is too large to be read', (key) => {
    const text = JSON.stringify(edited([`${TEXT}/${key}`, HUGE]))
    const without = edited([`${TEXT}/${key}`, undefined])
    expect(contractText(extractContract(parseJsonText(text)))).toBe(contractText(extractContract(without)))
  })

  it.each([
    ['of more than a line', 'A\n\ttitle', 'A title'],
    ['with what nobody sees', '♾️ Infer\u200bence', '♾ Inference'],
    ['of 201 characters', 'x'.repeat(201), 'x'.repeat(200)],
    ['of nothing', ' \u200b', '-'],
  ])('of a title %s what does not print', (_, title, expected) => {
    expect(extractContract(edited(['/info/title', title])).info.title).toBe(expected)
  })
})

describe('writes where it is used', () => {
  const pinned = edited()
  const move = (kind: string, at: string, value: unknown, reference: object = {}): unknown =>
    edited(
      [`/components/${kind}`, { Moved: value }],
      [at, { $ref: `#/components/${kind}/Moved`, ...reference }],
    )
  const at = (...keys: string[]): unknown => valueAt(pinned, 'paths', '/v1/rerank', 'post', ...keys)

  it.each([
    ['a request body', move('requestBodies', `${POST}/requestBody`, at('requestBody'))],
    ['a response', move('responses', `${POST}/responses/200`, at('responses', '200'))],
    [
      'a parameter',
      move('parameters', `${POST}/parameters/0`, Reflect.get(Object(at('parameters')) as object, 0)),
    ],
    [
      'what is behind two references',
      edited(
        ['/components/responses', { A: { $ref: '#/components/responses/B' }, B: at('responses', '422') }],
        [`${POST}/responses/422`, { $ref: '#/components/responses/A' }],
      ),
    ],
  ])('%s', (_, document) => {
    expect(contractText(extractContract(document))).toBe(PINNED_TEXT)
  })

  it('the parameters of a path among those of its operation, whose own come first', () => {
    const header = (name: string, description: string): object => ({ name, in: 'header', description })
    const contract = extractContract(
      edited(
        ['/paths/~1v1~1rerank/parameters', [header('X-Trace', 'of the path'), header('X-Other', 'alone')]],
        [`${POST}/parameters`, [header('x-trace', 'of the operation')]],
      ),
    )
    expect(valueAt(contract, 'paths', '/v1/rerank', 'parameters')).toBeUndefined()
    expect(valueAt(contract, 'paths', '/v1/rerank', 'post', 'parameters')).toEqual([
      header('x-other', 'alone'),
      header('x-trace', 'of the operation'),
    ])
    expect(contractText(extractContract(JSON.parse(contractText(contract))))).toBe(contractText(contract))
  })

  it('what is used twice', () => {
    const gone = { $ref: '#/components/responses/Gone' }
    const contract = extractContract(
      edited(
        ['/components/responses', { Gone: { description: 'Gone' } }],
        [`${POST}/responses/404`, gone],
        [`${POST}/responses/410`, gone],
      ),
    )
    const responses = valueAt(contract, 'paths', '/v1/rerank', 'post', 'responses')
    expect(responses).toMatchObject({ 404: { description: 'Gone' }, 410: { description: 'Gone' } })
  })

  it.each([
    ['3.1.0', 'Beside'],
    ['3.0.3', 'Validation Error'],
  ])('a description beside the reference as OpenAPI %s has it', (version, description) => {
    const document = move('responses', `${POST}/responses/422`, at('responses', '422'), {
      description: 'Beside',
    })
    const contract = extractContract({ ...Object(document), openapi: version })
    expect(valueAt(contract, 'paths', '/v1/rerank', 'post', 'responses', '422', 'description')).toBe(
      description,
    )
  })
})

describe('writes as OpenAPI 3.1 does', () => {
  const usage = { $ref: USAGE }
  it.each<[was: object, is: object]>([
    [{ type: 'string', nullable: true }, { type: ['null', 'string'] }],
    [{ type: 'string', nullable: false }, { type: 'string' }],
    [
      { type: ['string', 'null'], nullable: true, minLength: 1 },
      { type: ['null', 'string'], minLength: 1 },
    ],
    [
      { type: 'string', enum: ['a'], nullable: true },
      { type: ['null', 'string'], enum: ['a', null] },
    ],
    [
      { description: 'Words', allOf: [usage], nullable: true },
      { description: 'Words', anyOf: [{ allOf: [usage] }, { type: 'null' }] },
    ],
    [{ enum: ['a'], nullable: true }, { anyOf: [{ enum: ['a'] }, { type: 'null' }] }],
    [
      { type: 'object', nullable: true, allOf: [usage] },
      { anyOf: [{ type: 'object', allOf: [usage] }, { type: 'null' }] },
    ],
    [{ title: 'Anything', nullable: true }, { title: 'Anything' }],
    [{ minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
    [{ maximum: 1, exclusiveMaximum: true }, { exclusiveMaximum: 1 }],
    [
      { minimum: 1, exclusiveMinimum: false, maximum: 2, exclusiveMaximum: false },
      { minimum: 1, maximum: 2 },
    ],
    [{ exclusiveMinimum: true }, {}],
  ])('%j', (was, is) => {
    const old = extractContract(edited(['/openapi', '3.0.3'], [TEXT, was]))
    expect(contractText(old)).toBe(contractText(extractContract(edited([TEXT, is]))))
    expect(valueAt(old, 'components', 'schemas', 'RerankDocument', 'properties', 'text')).toEqual(is)
  })

  it('keys in the same order, also when it is read again', () => {
    const schema = {
      nullable: true,
      oneOf: [usage],
      minimum: 1,
      exclusiveMinimum: true,
      not: { type: 'array' },
    }
    const text = contractText(extractContract(edited(['/openapi', '3.0.3'], [TEXT, schema])))
    expect(contractText(extractContract(JSON.parse(text)))).toBe(text)
  })
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
