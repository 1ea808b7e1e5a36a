import { describe, expect, it } from 'vitest'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { PipelineError } from '../../../scripts/spec/lib/failure.ts'
import { edited, POST, REQUEST_JSON, SCHEMAS, TEXT, type Edit } from '../../scripts/document.ts'

const jsonOf = (mediaType: object): object => ({
  content: { 'application/json': { schema: {}, ...mediaType } },
})
const USAGE = '#/components/schemas/RerankUsage'

describe('refuses', () => {
  const nested = (levels: number): unknown =>
    Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 'deep')

  const documents: readonly (readonly [what: string, document: unknown, message: string])[] = [
    ['null', null, 'the document is not OpenAPI 3.x'],
    ['a list', [], 'the document is not OpenAPI 3.x'],
    ['text', 'openapi', 'the document is not OpenAPI 3.x'],
    ['Swagger 2.0', { swagger: '2.0' }, 'the document is not OpenAPI 3.x'],
    ['OpenAPI 4', edited(['/openapi', '4.0.0']), '#/openapi is "4.0.0", not OpenAPI 3.x'],
    ['words before a version', edited(['/openapi', 'v3.1.0']), '#/openapi is "v3.1.0", not OpenAPI 3.x'],
    ['words after a version', edited(['/openapi', '3.1.0-b']), '#/openapi is "3.1.0-b", not OpenAPI 3.x'],
    ['a version that is a number', edited(['/openapi', 3.1]), '#/openapi is not text'],
    [
      '201 levels of nesting',
      edited([`${TEXT}/const`, nested(195)]),
      'the document nests deeper than 200 levels, at #/components/schemas/RerankDocument/properties/text/const/0/',
    ],
    [
      'a million levels of nesting',
      edited([`${TEXT}/const`, nested(1_000_000)]),
      'the document nests deeper than 200 levels, at #/components/schemas/RerankDocument/properties/text/const/0/0',
    ],
    [
      '201 levels where a reference stood',
      edited(
        [
          '/components/responses',
          { Deep: { description: 'Deep', ...jsonOf({ schema: { const: nested(192) } }) } },
        ],
        [`${POST}/responses/400`, { $ref: '#/components/responses/Deep' }],
      ),
      'the document nests deeper than 200 levels, at #/paths/~1v1~1rerank/post/responses/400/',
    ],
    [
      'more than a mebibyte',
      edited([`${TEXT}/const`, 'x'.repeat(1024 * 1024)]),
      'the contract of POST /v1/rerank is more than 1 MiB of text',
    ],
    [
      'more than a mebibyte with its indentation',
      edited([`${TEXT}/const`, Array.from({ length: 300 }, () => nested(180))]),
      'the contract of POST /v1/rerank is more than 1 MiB of text',
    ],
    [
      'more than 64 KiB that a reference stands for',
      edited(
        ['/components/responses', { Long: { description: 'x'.repeat(64 * 1024) } }],
        [`${POST}/responses/400`, { $ref: '#/components/responses/Long' }],
      ),
      '#/components/responses/Long is more than 64 KiB of text',
    ],
    [
      '101 parameters',
      edited([
        `${POST}/parameters`,
        Array.from({ length: 101 }, (_, at) => ({ name: `p${at}`, in: 'query' })),
      ]),
      `#${POST}/parameters holds more than 100 items`,
    ],
    [
      '101 parameters of the path and the operation',
      edited([
        '/paths/~1v1~1rerank/parameters',
        Array.from({ length: 100 }, (_, at) => ({ name: `p${at}`, in: 'query' })),
      ]),
      '#/paths/~1v1~1rerank holds more than 100 parameters for its operation',
    ],
    [
      'a parameter that is there twice',
      edited([
        `${POST}/parameters`,
        [
          { name: 'X-Trace', in: 'header' },
          { name: 'x-trace', in: 'header', required: true },
        ],
      ]),
      `#${POST}/parameters has two parameters with the same place and name`,
    ],
    [
      '301 components',
      edited(
        [TEXT, { $ref: '#/components/schemas/C0' }],
        ...Array.from({ length: 300 }, (_, at): Edit => [
          `${SCHEMAS}/C${at}`,
          at === 299 ? {} : { $ref: `#/components/schemas/C${at + 1}` },
        ]),
      ),
      'is one of more than 300 components',
    ],
    [
      'a schema that is only itself',
      edited(
        [TEXT, { $ref: '#/components/schemas/A' }],
        [`${SCHEMAS}/A`, { $ref: '#/components/schemas/B', description: 'B' }],
        [`${SCHEMAS}/B`, { $ref: '#/components/schemas/A' }],
      ),
      '#/components/schemas/A refers to itself in a circle',
    ],
  ]
  it.each(documents)('%s', (_, document, message) => {
    expect(() => extractContract(document)).toThrow(message)
  })

  const edits: readonly (readonly [what: string, edit: Edit, message: string])[] = [
    ['no info', ['/info', undefined], 'the document has no "info"'],
    ['no title', ['/info/title', undefined], '#/info has no "title"'],
    ['no version', ['/info/version', undefined], '#/info has no "version"'],
    ['an empty version', ['/info/version', ' '], '#/info/version is empty'],
    ['a version that is a number', ['/info/version', 1], '#/info/version is not text'],
    ['a long version', ['/info/version', 'v'.repeat(101)], '#/info/version is longer than 100 characters'],
    ['a version of two lines', ['/info/version', '1\n2'], '#/info/version is not one line of printable text'],
    [
      'a hidden character in it',
      ['/info/version', '1\u202e2'],
      '#/info/version is not one line of printable text',
    ],
    [
      'letters that no header can carry',
      ['/info/version', 'v版本é-2'],
      '#/info/version is not printable ASCII: "v版本é-2"',
    ],
    ['no paths', ['/paths', undefined], 'the document has no "paths"'],
    ['no /v1/rerank', ['/paths', { '/v1/other': {} }], '#/paths has no "/v1/rerank"'],
    [
      'nothing in paths',
      ['/paths', {}],
      '#/paths is empty, so the document describes no endpoint; ask upstream',
    ],
    ['no POST', ['/paths/~1v1~1rerank', { get: {} }], '#/paths/~1v1~1rerank has no "post"'],
    ['no request body', [`${POST}/requestBody`, undefined], `#${POST} has no "requestBody"`],
    [
      'no JSON request body',
      [`${POST}/requestBody/content`, { 'text/plain': {} }],
      'POST /v1/rerank has no application/json request body',
    ],
    ['no 200', [`${POST}/responses/200`, undefined], 'POST /v1/rerank has no application/json 200 response'],
    [
      'no JSON in the 200',
      [`${POST}/responses/200/content`, { 'text/html': {} }],
      'POST /v1/rerank has no application/json 200 response',
    ],
    ['an unknown type', [`${TEXT}/type`, 'file'], `#${TEXT}/type is "file", not one of array, boolean`],
    ['a negative length', [`${TEXT}/minLength`, -1], `#${TEXT}/minLength is not a whole number`],
    [
      'an infinite number',
      [`${TEXT}/minimum`, JSON.parse('1e999')],
      `#${TEXT}/minimum is not a finite number`,
    ],
    [
      'an infinite default',
      [`${TEXT}/default`, JSON.parse('1e999')],
      `#${TEXT}/default is not a finite number`,
    ],
    [
      'a limit that is neither a flag nor a number',
      [`${TEXT}/exclusiveMinimum`, 'x'],
      `#${TEXT}/exclusiveMinimum is not a finite number`,
    ],
    [
      'a response that refers to a schema',
      [`${POST}/responses/422`, { $ref: USAGE }],
      `#${POST}/responses/422/$ref refers to "${USAGE}", which is not in #/components/responses/`,
    ],
    ['a flag that is text', [`${TEXT}/nullable`, 'yes'], `#${TEXT}/nullable is neither true nor false`],
    ['an enumeration of nothing', [`${TEXT}/enum`, []], `#${TEXT}/enum is an empty list`],
    ['no type of several', [`${TEXT}/type`, []], `#${TEXT}/type is an empty list`],
    ['a pattern that is no text', [`${TEXT}/pattern`, 1], `#${TEXT}/pattern is not text`],
    ['a schema that is a list', [`${TEXT}/contains`, []], `#${TEXT}/contains is not an object`],
    ['branches that are no list', [`${TEXT}/anyOf`, {}], `#${TEXT}/anyOf is not a list`],
    [
      'a parameter without a name',
      [`${POST}/parameters/0/name`, undefined],
      `#${POST}/parameters/0 has no "name"`,
    ],
    [
      'an unknown security scheme',
      [`${POST}/security`, [{ Other: [] }]],
      'refers to "Other", which is missing',
    ],
  ]
  it.each(edits)('%s', (_, edit, message) => {
    expect(() => extractContract(edited(edit))).toThrow(message)
  })

  const references: readonly (readonly [what: string, target: unknown, message: string])[] = [
    [
      'a remote one',
      'https://example.com/evil.json',
      'refers to "https://example.com/evil.json", which is not in',
    ],
    [
      'a remote one with a pointer',
      'https://example.com/a#/components/schemas/RerankUsage',
      'which is not in',
    ],
    ['a file', './evil.json', 'which is not in #/components/schemas/'],
    ['an absolute file', 'file:///etc/passwd', 'which is not in #/components/schemas/'],
    ['one outside components', '#/paths/~1v1~1rerank', 'which is not in #/components/schemas/'],
    ['the whole document', '#', 'which is not in #/components/schemas/'],
    ['an anchor', '#RerankUsage', 'which is not in #/components/schemas/'],
    [
      'another kind of component',
      '#/components/securitySchemes/HTTPBearer',
      'which is not in #/components/schemas/',
    ],
    ['a missing one', '#/components/schemas/Missing', 'refers to "Missing", which is missing from'],
    ['what every object inherits', '#/components/schemas/toString', 'which is missing from'],
    ['a prototype', '#/components/schemas/__proto__', 'which is not a valid name of a component'],
    ['one below a component that is not there', `${USAGE}/properties/none`, 'which is missing from'],
    ['a prototype below a component', `${USAGE}/__proto__/x`, 'which is not a valid name of a component'],
    ['an escaped one', '#/components/schemas/Rerank%55sage', 'which is not a valid name of a component'],
    ['no name', '#/components/schemas/', 'which is not a valid name of a component'],
    ['an object', {}, '$ref is not text'],
  ]
  it.each(references)('a reference to %s', (_, target, message) => {
    const pointer = `${SCHEMAS}/RerankResponse/properties/usage`
    expect(() => extractContract(edited([pointer, { $ref: target }]))).toThrow(message)
    expect(() => extractContract(edited([pointer, { $ref: target }]))).toThrow(`#${pointer}/$ref `)
  })

  it('a place inside a component whose name another component has', () => {
    const document = edited(
      [`${SCHEMAS}/RerankUsage/$defs`, { Count: { type: 'integer' } }],
      [`${SCHEMAS}/RerankUsage.defs.Count`, { type: 'string' }],
      [`${SCHEMAS}/RerankUsage/properties/total_tokens`, { $ref: `${USAGE}/$defs/Count` }],
    )
    expect(() => extractContract(document)).toThrow(
      `#${SCHEMAS}/RerankUsage/properties/total_tokens/$ref refers to "RerankUsage/$defs/Count", which would get the name "RerankUsage.defs.Count", which another component has`,
    )
  })

  it('two places inside a component that would share a name', () => {
    const document = edited(
      [`${SCHEMAS}/RerankUsage/$defs`, { Count: { type: 'integer' } }],
      [`${SCHEMAS}/RerankUsage/defs`, { Count: { type: 'string' } }],
      [`${SCHEMAS}/RerankUsage/properties/total_tokens`, { $ref: `${USAGE}/$defs/Count` }],
      [`${SCHEMAS}/RerankUsage/properties/prompt_tokens`, { $ref: `${USAGE}/defs/Count` }],
    )
    expect(() => extractContract(document)).toThrow(
      'would get the name "RerankUsage.defs.Count", which another component has',
    )
  })

  it.each(['$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor'])(
    'the keyword %s',
    (keyword) => {
      expect(() => extractContract(edited([`${TEXT}/${keyword}`, '#text']))).toThrow(
        `#${TEXT} holds "${keyword}"`,
      )
    },
  )

  it.each(['/info', POST, REQUEST_JSON, `${POST}/responses`])(
    'a reference that would stand for %s',
    (pointer) => {
      expect(() => extractContract(edited([`${pointer}/$ref`, USAGE]))).toThrow(/holds (the name )?"\$ref"/)
    },
  )

  it.each(['__proto__', '$ref', 'hasOwnProperty'])('a property named %s', (name) => {
    expect(() => extractContract(edited([`${SCHEMAS}/RerankDocument/properties/${name}`, {}]))).toThrow(
      `holds the name "${name}"`,
    )
  })

  it.each(
    ['default', 'const', 'enum'].flatMap((position) =>
      ['$ref', 'externalValue', 'discriminator', 'allOf', '__proto__'].map((key) => [position, key] as const),
    ),
  )('a %s with %s inside', (position, key) => {
    const value: unknown = JSON.parse(`[{ "deep": { "${key}": "https://example.com/" } }]`)
    expect(() => extractContract(edited([`${TEXT}/${position}`, value]))).toThrow(`holds the name "${key}"`)
  })

  it.each([USAGE, '#/components/pathItems/../x', '#/components/pathItems/__proto__', 'https://example.com/'])(
    'a path item that is %s',
    ($ref) => {
      expect(() => extractContract(edited(['/paths/~1v1~1rerank', { $ref }]))).toThrow(
        '#/paths/~1v1~1rerank does not refer to a path item',
      )
    },
  )

  it('a mapping to a remote schema', () => {
    const discriminator = { propertyName: 'kind', mapping: { a: 'https://example.com/a.json' } }
    expect(() => extractContract(edited([`${TEXT}/discriminator`, discriminator]))).toThrow(
      '/discriminator/mapping/a refers to "https://example.com/a.json", which is not a valid name of a component',
    )
  })

  it('a request body that refers to itself', () => {
    const itself = { $ref: '#/components/requestBodies/Body' }
    expect(() =>
      extractContract(
        edited([`${POST}/requestBody`, itself], ['/components/requestBodies', { Body: itself }]),
      ),
    ).toThrow(`#${POST}/requestBody refers to itself in a circle`)
  })
})

describe('messages', () => {
  it('quote upstream on one printable line of bounded length', () => {
    const hostile = `\u001b[31m\r\n\u2028\u202e::error::${'x'.repeat(10_000)}`
    const refused = (): unknown => extractContract(edited([`${TEXT}/type`, hostile]))
    expect(refused).toThrow(PipelineError)
    expect(refused).toThrow(/^[\x20-\x7e…]{1,500}$/)
  })

  it('stay on one printable line of bounded length when a key is hostile', () => {
    const hostile = `\u001b[31m\r\n\u2028\u202e${'x'.repeat(10_000)}`
    const refused = (): unknown =>
      extractContract(edited([`${SCHEMAS}/RerankDocument/properties/${hostile}`, { type: 'evil' }]))
    expect(refused).toThrow(/^[\x20-\x7e…]{1,501}$/)
  })
})

describe('leaves out', () => {
  it.each([
    ['a title that is a list', `${TEXT}/title`, []],
    ['an example that tools would act on', `${TEXT}/example`, { $ref: 'https://example.com/' }],
    ['examples that are a list', `${REQUEST_JSON}/examples`, [{ id: 'a' }]],
    ['an operation id with code', `${POST}/operationId`, 'a"; b'],
    ['tags that are no list', `${POST}/tags`, 'inference'],
    ['a server without a URL', '/servers/0', { url: '' }],
    ['an identifier of a schema', `${TEXT}/$id`, 'Text'],
    ['an anchor', `${TEXT}/$anchor`, 'text'],
    ['a header that OpenAPI says to ignore', `${POST}/parameters/1`, { name: 'Authorization', in: 'header' }],
  ] as const)('%s', (_, pointer, value) => {
    const without = extractContract(edited([pointer, undefined]))
    const list = pointer.endsWith('/servers/0') ? { ...without, servers: [] } : without
    expect(extractContract(edited([pointer, value]))).toEqual(list)
  })
})
