import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { generate } from '../../../scripts/spec/codegen/index.ts'
import { createRerankClient, type ClientOptions } from '../../../src/index.ts'
import { ts } from '../../../scripts/spec/lib/typescript.ts'
import { edited, POST, REQUEST_JSON, SCHEMAS, type Edit } from '../../scripts/document.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const RESPONSE_JSON = `${POST}/responses/200/content/application~1json`
const IN_REQUEST = `${SCHEMAS}/RerankRequest/properties`
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const object = (properties: object, ...required: string[]): object => ({
  type: 'object',
  properties,
  required,
})
const FILTER = {
  anyOf: [
    object({ op: { const: 'eq' }, key: { type: 'string' } }, 'op', 'key'),
    object({ op: { const: 'and' }, filters: { type: 'array', items: ref('Filter') } }, 'op', 'filters'),
  ],
}

/** Contracts by what is special about them, and what the generated code says where that is of interest. */
const CONTRACTS: readonly (readonly [what: string, edits: readonly Edit[], says: readonly string[]])[] = [
  ['is as ever', [], ['export interface RerankRequest {', 'results: RerankResult[]']],
  [
    'has new fields',
    [
      [`${IN_REQUEST}/top_n`, { type: 'integer', description: 'How many', default: 3 }],
      [`${IN_REQUEST}/weights`, { type: 'array', items: { type: 'array', items: { type: 'number' } } }],
      [`${SCHEMAS}/RerankResult/properties/tags`, { type: 'array', items: { type: 'string' } }],
    ],
    [
      '* How many\n   *\n   * @default 3\n   */\n  top_n?: number | undefined',
      'weights?: readonly (readonly number[])[] |',
    ],
  ],
  [
    'has schemas of other names',
    [
      [REQUEST_JSON, { schema: ref('Zebra') }],
      [
        `${SCHEMAS}/Zebra`,
        object(
          { query: { type: 'string' }, documents: { type: 'array', items: { type: 'string' } } },
          'query',
        ),
      ],
      [`${SCHEMAS}/RerankResponse/properties/usage`, ref('Yak')],
      [`${SCHEMAS}/Yak`, object({ tokens: { type: 'integer' } }, 'tokens')],
    ],
    ['export interface RerankRequest {', 'export interface RerankUsage {', 'usage: RerankUsage'],
  ],
  [
    'has everything in place',
    [
      [
        REQUEST_JSON,
        { schema: object({ query: { type: 'string' }, model: { type: 'string' } }, 'query', 'model') },
      ],
      [
        RESPONSE_JSON,
        {
          schema: object({ results: { type: 'array', items: object({ document: object({}) }) } }, 'results'),
        },
      ],
    ],
    ['export type RerankUsage = never', 'model?: string | undefined', 'export interface RerankResult {'],
  ],
  [
    'says that parts may be null',
    [
      [`${IN_REQUEST}/service_tier`, { anyOf: [ref('ServiceTier'), { type: 'null' }] }],
      [`${SCHEMAS}/RerankResult/properties/document`, { anyOf: [ref('RerankDocument'), { type: 'null' }] }],
      [
        `${SCHEMAS}/RerankResponse/properties/results`,
        { anyOf: [{ type: 'array', items: ref('RerankResult') }, { type: 'null' }] },
      ],
      [`${SCHEMAS}/RerankResponse/properties/usage`, { anyOf: [ref('RerankUsage'), { type: 'null' }] }],
    ],
    [
      'service_tier?: ServiceTier | null | undefined',
      'document: RerankDocument | null',
      'usage: RerankUsage | null',
    ],
  ],
  [
    'takes any tier',
    [[`${IN_REQUEST}/service_tier`, { type: 'string' }]],
    ['service_tier?: ServiceTier | undefined', 'export type ServiceTier = string'],
  ],
  [
    'lost fields',
    [
      [`${IN_REQUEST}/service_tier`, undefined],
      [`${IN_REQUEST}/model`, undefined],
      [`${SCHEMAS}/RerankRequest/required`, ['query']],
      [`${SCHEMAS}/RerankResponse/properties/usage`, undefined],
      [`${SCHEMAS}/RerankResponse/required`, ['results']],
    ],
    ['export type ServiceTier = never', 'export type RerankUsage = never'],
  ],
  [
    'has unions',
    [
      [`${SCHEMAS}/RerankResult/properties/document`, { anyOf: [{ type: 'string' }, ref('RerankDocument')] }],
      [
        REQUEST_JSON,
        {
          schema: {
            oneOf: [
              ref('RerankRequest'),
              object({ text: { type: 'string' }, model: { type: 'string' } }, 'model'),
            ],
          },
        },
      ],
    ],
    ['document: string | RerankDocument', 'export type RerankRequest =\n'],
  ],
  [
    'composes objects',
    [
      [
        `${SCHEMAS}/RerankResult`,
        {
          allOf: [
            ref('Base'),
            object({ document: ref('RerankDocument'), index: { type: 'integer' } }, 'index'),
          ],
          required: ['relevance_score'],
        },
      ],
      [`${SCHEMAS}/Base`, object({ relevance_score: { type: 'number' }, index: { type: 'integer' } })],
    ],
    ['export interface RerankResult {', '  relevance_score: number', 'document?: RerankDocument'],
  ],
  [
    'takes any other field',
    [
      [`${SCHEMAS}/RerankRequest/additionalProperties`, true],
      [`${SCHEMAS}/RerankDocument/additionalProperties`, true],
      [`${SCHEMAS}/RerankUsage/additionalProperties`, { type: 'integer' }],
      [`${SCHEMAS}/RerankResult/additionalProperties`, { type: 'string' }],
    ],
    ['export interface RerankDocument {', 'export type RerankResult = {'],
  ],
  [
    'holds what holds itself',
    [
      [`${SCHEMAS}/Filter`, FILTER],
      [`${IN_REQUEST}/filter`, ref('Filter')],
      [`${SCHEMAS}/RerankDocument/properties/filter`, ref('Filter')],
      [`${SCHEMAS}/RerankDocument/properties/parts`, { type: 'array', items: ref('RerankDocument') }],
    ],
    [
      'filter?: RerankRequestFilter | undefined',
      'readonly RerankRequestFilter[]',
      'parts?: RerankDocument[]',
    ],
  ],
  [
    'tells objects apart',
    [
      [`${SCHEMAS}/Cat`, object({ kind: { const: 'cat' }, lives: { type: 'integer' } }, 'kind')],
      [`${SCHEMAS}/Dog`, object({ kind: { const: 'dog' }, tricks: { type: 'integer' } }, 'kind')],
      [
        `${SCHEMAS}/RerankResult/properties/pet`,
        {
          oneOf: [ref('Cat'), ref('Dog')],
          discriminator: { propertyName: 'kind', mapping: { cat: 'Cat', dog: 'Dog' } },
        },
      ],
      [
        `${SCHEMAS}/RerankResult/properties/other`,
        { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind' } },
      ],
    ],
    ['pet?: RerankResultOther | RerankResultOther2'],
  ],
  [
    'names fields oddly',
    [
      [`${IN_REQUEST}/a-b`, ref('RerankUsage')],
      [`${IN_REQUEST}/a b`, object({ a_b: ref('RerankDocument'), '1': { enum: ["'", '"', 1, null] } })],
      [`${IN_REQUEST}/x~1y`, { type: ['string', 'null'], deprecated: true }],
      [
        `${SCHEMAS}/RerankUsage/properties/it's`,
        { type: 'array', prefixItems: [{ type: 'string' }, ref('RerankDocument')] },
      ],
    ],
    ["'a-b'?: RerankRequestAB2 | undefined", '   * @deprecated\n'],
  ],
]

const directory = mkdtempSync(join(tmpdir(), 'rerank-types-'))
const fileOf = (what: string, name: string): string => join(directory, `${what.replaceAll(' ', '-')}-${name}`)
const mistakes = new Map<string, string[]>()

beforeAll(async () => {
  writeFileSync(join(directory, 'callers.ts'), readFileSync(new URL('callers.ts', import.meta.url)))
  for (const [what, edits] of CONTRACTS) {
    for (const [path, code] of await generate(extractContract(edited(...edits)), ROOT)) {
      writeFileSync(fileOf(what, basename(path)), code)
    }
    writeFileSync(fileOf(what, 'use.ts'), comparison(what))
  }
  const program = ts.createProgram(
    CONTRACTS.map(([what]) => fileOf(what, 'use.ts')),
    {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      types: [],
    },
  )
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
    const name = file && dirname(file.fileName) === directory ? basename(file.fileName) : ''
    mistakes.set(name, [...(mistakes.get(name) ?? []), ts.flattenDiagnosticMessageText(messageText, '\n')])
  }
})
afterAll(() => rmSync(directory, { recursive: true }))

describe.each(CONTRACTS)('of a contract that %s', (what, _, says) => {
  it('the named types are those of the wire', () => {
    expect(mistakes.get(basename(fileOf(what, 'use.ts')))).toBeUndefined()
  })

  it('the named types read well', () => {
    const code = readFileSync(fileOf(what, 'rerank.ts'), 'utf8')
    for (const text of says) expect(code).toContain(text)
  })
})

it('the model that callers may leave out is the one that the client fills in', async () => {
  const files = await generate(extractContract(edited()), ROOT)
  const [, model] = /@default '(.*)'\n.*\n  model\?/.exec(files.get('src/generated/rerank.ts') ?? '') ?? []
  const sent: string[] = []
  const fetch: ClientOptions['fetch'] = async (input, init) => {
    sent.push(await new Request(input, init).text())
    throw new Error('not sent')
  }
  const client = createRerankClient({ apiKey: 'k', fetch, maxRetries: 0 })
  await expect(client.rerank({ query: 'q', documents: ['a'] })).rejects.toThrow()
  expect(sent.map((body): unknown => JSON.parse(body))).toMatchObject([{ model }])
})

it('many references to many schemas are written once each', async () => {
  const chain = Array.from({ length: 60 }, (_, index): Edit => {
    const next = ref(`Link${index + 1}`)
    return [`${SCHEMAS}/Link${index}`, object({ a: next, b: next })]
  })
  const edits: Edit[] = [
    ...chain,
    [`${SCHEMAS}/Link60`, { type: 'string' }],
    [`${IN_REQUEST}/chain`, ref('Link0')],
  ]
  const files = await generate(extractContract(edited(...edits)), ROOT)
  expect(files.get('src/generated/rerank.ts')?.match(/^export /gm)).toHaveLength(6 + 60)
})

it('upstream’s words start no tag, no link and no markup', async () => {
  const description = 'A <b> {@link x} \\{y\\}\n@example */ z'
  const files = await generate(
    extractContract(edited([`${IN_REQUEST}/query/description`, description])),
    ROOT,
  )
  expect(files.get('src/generated/rerank.ts')).toContain(
    '   * A \\<b> \\{\\@link x\\} \\\\\\{y\\\\\\}\n   * \\@example *\\/ z\n',
  )
})

/** Code that compiles where the named types and those of the wire are assignable to each other. */
function comparison(what: string): string {
  return `import type { RerankRequest, RerankResponse } from '${fileOf(what, 'rerank.ts')}'
import type { paths } from '${fileOf(what, 'schema.ts')}'
import type { Callers } from '${join(directory, 'callers.ts')}'
type Operation = paths['/v1/rerank']['post']
type Wire = NonNullable<Operation['requestBody']>['content']['application/json']
type WireResponse = Operation['responses'][200]['content']['application/json']
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : 'not all of the wire') : 'more than the wire'
export const request: Same<RerankRequest, Callers<Wire>> = true
export const response: Same<RerankResponse, WireResponse> = true
`
}
