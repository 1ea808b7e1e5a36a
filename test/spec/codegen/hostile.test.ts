import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Diagnostic } from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { generate } from '../../../scripts/spec/codegen/index.ts'
import { PipelineError } from '../../../scripts/spec/lib/failure.ts'
import { ts } from '../../../scripts/spec/lib/typescript.ts'
import { edited, POST, REQUEST_JSON, SCHEMAS, TEXT, type Edit } from '../../scripts/document.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const ACT = 'globalThis.canary = true'

const PAYLOADS: readonly (readonly [what: string, payload: string])[] = [
  ['ends a comment', `*/ ${ACT} /*`],
  ['ends a comment twice', `**//*/ ${ACT} /**/`],
  ['ends a string', `' ${ACT} '`],
  ['ends a quoted string', `" ; ${ACT} ; "`],
  ['ends an escaped string', `\\' ; ${ACT} ; \\"`],
  ['ends with a backslash', 'text\\'],
  ['is a template', `\`\${${ACT}}\``],
  ['ends a line', `\n${ACT}\n`],
  ['ends a line with a carriage return', `\r${ACT}\r\n`],
  ['ends a line with a separator', `\u2028${ACT}\u2029`],
  ['ends a block', `} ${ACT} {`],
  ['ends an index', `"]; ${ACT}; ["`],
  ['is a unicode escape', `\\u0027; ${ACT}; \\x27`],
  ['is a compiler directive', '@ts-nocheck'],
  ['is a compiler directive on a line', `\n// @ts-ignore\n// @ts-expect-error`],
  ['is a reference directive', '\n/// <reference path="/etc/passwd" />\n'],
  ['is a JSX pragma', '@jsx evil @jsxImportSource evil'],
  ['is a tag', '@deprecated {@link file:///etc/passwd}'],
  ['is a source map', '\n//# sourceMappingURL=file:///etc/passwd\n//# sourceURL=evil'],
  ['is bidirectional', '\u202e\u2066 reversed \u2069'],
  ['is invisible', 'in\u200bvisible\u{e0041}\ufeff'],
  ['is a lone surrogate', '\ud800'],
  ['is markup', '<script>canary = true</script> ](javascript:canary) | @everyone'],
  ['is a path', '../../../etc/passwd'],
  ['is a shell command', '$(touch canary); `touch canary`'],
  ['is a percent sign', '100%'],
  ['is a pointer', '#/components/schemas/Missing'],
  ['is a constructor', 'constructor'],
  ['is a number', '1e3'],
  ['is no ASCII', '版本-é'],
  ['is long', 'x'.repeat(5_000)],
]

const always = (): boolean => true
const never = (): boolean => false
const asOneLine = (payload: string): boolean => payload.length <= 100 && /^[\x20-\x7e]*$/.test(payload)
const asShownLine = (payload: string): boolean => asOneLine(payload) || payload === '版本-é'
const asName = (payload: string): boolean => /^[A-Za-z0-9._-]+$/.test(payload)
const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** Every position that upstream's text can take, and which text is let through there; the rest is refused. */
const POSITIONS: readonly (readonly [
  position: string,
  accepts: (payload: string) => boolean,
  edits: (payload: string) => readonly Edit[],
])[] = [
  ['schema title', always, (payload) => [[`${TEXT}/title`, payload]]],
  ['schema description', always, (payload) => [[`${SCHEMAS}/RerankUsage/description`, payload]]],
  [
    'enum value',
    always,
    (payload) => [[`${SCHEMAS}/RerankDocument/properties/hostile`, { enum: [payload, 'other'] }]],
  ],
  ['constant', always, (payload) => [[`${SCHEMAS}/RerankDocument/properties/constant`, { const: payload }]]],
  [
    'constant object',
    always,
    (payload) => [[`${SCHEMAS}/RerankDocument/properties/object`, { const: { [payload]: [payload] } }]],
  ],
  ['default', always, (payload) => [[`${TEXT}/default`, payload]]],
  ['default object', always, (payload) => [[`${SCHEMAS}/RerankUsage/default`, { [payload]: payload }]]],
  ['example', always, (payload) => [[`${TEXT}/example`, payload]]],
  ['examples', always, (payload) => [[`${TEXT}/examples`, [payload, { [payload]: payload }]]]],
  ['examples that are no list', always, (payload) => [[`${SCHEMAS}/RerankUsage/examples`, payload]]],
  ['pattern', always, (payload) => [[`${TEXT}/pattern`, payload]]],
  [
    'property name',
    always,
    (payload) => [[`${SCHEMAS}/RerankUsage/properties`, { [payload]: { type: 'string', title: payload } }]],
  ],
  [
    'pattern of property names',
    always,
    (payload) => [[`${SCHEMAS}/ValidationError/patternProperties`, { [payload]: { type: 'string' } }]],
  ],
  ['required name', always, (payload) => [[`${SCHEMAS}/RerankUsage/required`, [payload]]]],
  [
    'dependent name',
    always,
    (payload) => [[`${SCHEMAS}/RerankUsage/dependentRequired`, { [payload]: [payload] }]],
  ],
  [
    'discriminating property',
    always,
    (payload) => [[`${SCHEMAS}/RerankResult/discriminator`, { propertyName: payload }]],
  ],
  [
    'discriminating value',
    always,
    (payload) => [
      [
        `${SCHEMAS}/RerankResponse/discriminator`,
        { propertyName: 'kind', mapping: { [payload]: 'RerankUsage' } },
      ],
    ],
  ],
  [
    'parameter name',
    always,
    (payload) => [[`${POST}/parameters/1`, { name: payload, in: 'cookie', description: payload }]],
  ],
  [
    'path parameter name',
    always,
    (payload) => [['/paths/~1v1~1rerank/parameters', [{ name: payload, in: 'cookie' }]]],
  ],
  [
    'header name',
    always,
    (payload) => [[`${POST}/responses/200/headers`, { [payload]: { description: payload } }]],
  ],
  [
    'example name',
    always,
    (payload) => [[`${REQUEST_JSON}/examples`, { [payload]: { summary: payload, value: payload } }]],
  ],
  ['media type example', always, (payload) => [[`${REQUEST_JSON}/example`, { [payload]: payload }]]],
  ['summary', always, (payload) => [[`${POST}/summary`, payload]]],
  ['description', always, (payload) => [[`${POST}/description`, payload]]],
  ['path summary', always, (payload) => [['/paths/~1v1~1rerank/summary', payload]]],
  ['response description', always, (payload) => [[`${POST}/responses/422/description`, payload]]],
  ['request body description', always, (payload) => [[`${POST}/requestBody/description`, payload]]],
  ['tag', always, (payload) => [[`${POST}/tags`, [payload]]]],
  ['scope', always, (payload) => [[`${POST}/security`, [{ HTTPBearer: [payload] }]]]],
  [
    'security scheme description',
    always,
    (payload) => [['/components/securitySchemes/HTTPBearer/description', payload]],
  ],
  ['extension', always, (payload) => [[`${SCHEMAS}/ServiceTier/x-enum-descriptions`, [payload, payload]]]],
  ['extension name', always, (payload) => [[`${TEXT}/x-${escaped(payload)}`, payload]]],
  ['unknown key', always, (payload) => [[`${SCHEMAS}/ServiceTier/${escaped(payload)}`, payload]]],
  ['another path', always, (payload) => [[`/paths/${escaped(payload)}`, { post: { summary: payload } }]]],
  ['another media type', always, (payload) => [[`${POST}/responses/422/content/${escaped(payload)}`, {}]]],
  ['another component', always, (payload) => [[`${SCHEMAS}/${escaped(payload)}`, { title: payload }]]],
  ['title', always, (payload) => [['/info/title', payload]]],
  ['version', asOneLine, (payload) => [['/info/version', payload]]],
  ['format', asShownLine, (payload) => [[`${TEXT}/format`, payload]]],
  ['server', always, (payload) => [['/servers', [{ url: payload }]]]],
  ['security scheme', asShownLine, (payload) => [['/components/securitySchemes/HTTPBearer/scheme', payload]]],
  ['operation id', always, (payload) => [[`${POST}/operationId`, payload]]],
  [
    'name of a component',
    asName,
    (payload) => [
      [`${SCHEMAS}/${escaped(payload)}`, { type: 'string' }],
      [`${SCHEMAS}/RerankDocument/properties/component`, { $ref: `#/components/schemas/${payload}` }],
    ],
  ],
  [
    'name of a security scheme',
    asName,
    (payload) => [
      [`/components/securitySchemes/${escaped(payload)}`, { type: 'http' }],
      [`${POST}/security/1`, { [payload]: [] }],
    ],
  ],
  ['OpenAPI version', never, (payload) => [['/openapi', payload]]],
  ['reference', never, (payload) => [[TEXT, { $ref: payload }]]],
  ['missing component', never, (payload) => [[TEXT, { $ref: `#/components/schemas/${payload}` }]]],
  [
    'mapping',
    never,
    (payload) => [[`${TEXT}/discriminator`, { propertyName: 'a', mapping: { a: payload } }]],
  ],
  ['type', never, (payload) => [[`${TEXT}/type`, payload]]],
  ['place of a parameter', never, (payload) => [[`${POST}/parameters/0/in`, payload]]],
  ['only media type', never, (payload) => [[`${POST}/requestBody/content`, { [payload]: { schema: {} } }]]],
  ['anchor', always, (payload) => [[`${TEXT}/$anchor`, payload]]],
]

const directory = mkdtempSync(join(tmpdir(), 'hostile-'))
const fileOf = (payload: string, name: string): string =>
  join(directory, `${PAYLOADS.findIndex(([, other]) => other === payload)}-${name}`)
let mistakes: readonly Diagnostic[]

beforeAll(async () => {
  for (const [, payload] of PAYLOADS) {
    const edits = POSITIONS.filter(([, accepts]) => accepts(payload)).flatMap(([, , edits]) => edits(payload))
    for (const [path, code] of await generate(extractContract(edited(...edits)), ROOT)) {
      writeFileSync(fileOf(payload, basename(path)), code)
    }
    writeFileSync(fileOf(payload, 'use.ts'), useOf(payload))
  }
  mistakes = typeCheck(PAYLOADS.map(([, payload]) => fileOf(payload, 'use.ts')))
}, 60_000)
afterAll(() => rmSync(directory, { recursive: true }))

describe('takes or refuses each text', () => {
  it.each(POSITIONS)('as %s', (_, accepts, edits) => {
    const expected = PAYLOADS.map(([what, payload]) => [what, accepts(payload) ? 'taken' : 'refused'])
    expect(PAYLOADS.map(([what, payload]) => [what, outcomeOf(edits(payload))])).toEqual(expected)
  })
})

describe.each(PAYLOADS)('text that %s', (_, payload) => {
  it('leaves types that compile and mean the same text', () => {
    const files = ['schema.ts', 'rerank.ts', 'spec.ts', 'use.ts'].map((name) => fileOf(payload, name))
    const found = mistakes.filter(({ file }) => file !== undefined && files.includes(file.fileName))
    expect(found.map(({ messageText }) => messageText)).toEqual([])
  })

  it('leaves nothing to run', async () => {
    expect(await exportsOf(fileOf(payload, 'schema.ts'))).toEqual({})
    expect(await exportsOf(fileOf(payload, 'rerank.ts'))).toEqual({})
    expect(globalThis).not.toHaveProperty('canary')
  })

  it('leaves literals that run as what they are', async () => {
    const { spec, ...others } = await exportsOf(fileOf(payload, 'spec.ts'))
    expect(others).toEqual({})
    expect(spec).toMatchObject(asOneLine(payload) ? { title: payload, version: payload } : {})
    expect(globalThis).not.toHaveProperty('canary')
  })

  it.each(['schema.ts', 'rerank.ts'])('leaves no hidden character, tag or directive in %s', (name) => {
    const code = readFileSync(fileOf(payload, name), 'utf8')
    expect(code).not.toMatch(/[\u0080-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\r]/)
    expect(code).not.toMatch(/source(Mapping)?URL=/)
    expect(code).not.toMatch(/^\s*\*\s*@(?!description|default|example|constant|enum)/m)
  })
})

function outcomeOf(edits: readonly Edit[]): string {
  try {
    extractContract(edited(...edits))
    return 'taken'
  } catch (error) {
    return error instanceof PipelineError ? 'refused' : `failed: ${String(error)}`
  }
}

/** Code that compiles only if the generated types hold the payload as it is. */
function useOf(payload: string): string {
  const literal = JSON.stringify(payload)
  return `import type { components, paths } from '${fileOf(payload, 'schema.ts')}'
import type { RerankDocument, RerankUsage } from '${fileOf(payload, 'rerank.ts')}'
import { spec } from '${fileOf(payload, 'spec.ts')}'
type Schemas = components['schemas']
export const value: Schemas['RerankDocument']['hostile'] = ${literal}
export const constant: Schemas['RerankDocument']['constant'] = ${literal}
export const name: keyof Schemas['RerankUsage'] = ${literal}
export const named: RerankDocument['hostile'] = ${literal}
export const namedConstant: RerankDocument['constant'] = ${literal}
export const namedName: keyof RerankUsage = ${literal}
export const parameter: keyof NonNullable<paths['/v1/rerank']['post']['parameters']['cookie']> = ${literal}
export const title: string = spec.title
`
}

function typeCheck(files: readonly string[]): readonly Diagnostic[] {
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.Preserve,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: [],
  })
  return ts.getPreEmitDiagnostics(program)
}

/** Runs a module as JavaScript. */
async function exportsOf(path: string): Promise<Record<string, unknown>> {
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), { compilerOptions: options })
  const script = path.replace(/\.ts$/, '.mjs')
  writeFileSync(script, outputText)
  const loaded: unknown = await import(/* @vite-ignore */ pathToFileURL(script).href)
  if (typeof loaded !== 'object' || loaded === null) throw new Error('not a module')
  return { ...loaded }
}
