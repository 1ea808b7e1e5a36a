import { describe, expect, it } from 'vitest'
import { typesOf } from '../../../scripts/spec/codegen/index.ts'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { assertCompiles } from '../../../scripts/spec/lib/compiler.ts'
import { edited, SCHEMAS, type Edit } from '../../scripts/document.ts'

const string = { type: 'string' }
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })

/** The type of a schema, as one line without comments. */
async function typeOf(schema: unknown, ...edits: readonly Edit[]): Promise<string> {
  const document = edited(
    [`${SCHEMAS}/X`, schema],
    [`${SCHEMAS}/RerankRequest/properties/x`, ref('X')],
    ...edits,
  )
  const types = await typesOf(extractContract(document))
  assertCompiles(types, 'schema.ts')
  const code = types.replaceAll(/\/\*\*.*?\*\//gs, '').replaceAll(/\s+/g, ' ')
  return /\bX: (.*?); \};? \w+: (?:never|\{)/.exec(code)?.[1] ?? code
}

describe('a schema keeps its fields', () => {
  const fields = { a: string, b: string }

  it.each(['anyOf', 'allOf', 'oneOf'])('beside an %s of required names', async (key) => {
    const schema = { type: 'object', properties: fields, [key]: [{ required: ['a'] }, { required: ['b'] }] }
    expect(await typeOf(schema)).toMatch(/^\{ a\?: string; b\?: string/)
  })

  it('beside a reference', async () => {
    const code = await typeOf({ ...ref('RerankUsage'), properties: fields })
    expect(code).toMatch(/components\["schemas"\]\["RerankUsage"\]/)
    expect(code).toMatch(/a\?: string/)
  })

  it('beside a choice', async () => {
    const choice = { properties: fields, anyOf: [ref('RerankUsage'), ref('RerankDocument')] }
    expect(await typeOf({ type: 'object', ...choice })).toMatch(
      /a\?: string.*&.*RerankUsage.*\|.*RerankDocument/,
    )
  })
})

it('any JSON value is an alias that holds itself', async () => {
  const json = {
    anyOf: [
      string,
      { type: 'null' },
      { type: 'array', items: ref('X') },
      { type: 'object', additionalProperties: ref('X') },
    ],
  }
  const document = edited([`${SCHEMAS}/X`, json], [`${SCHEMAS}/RerankRequest/properties/x`, ref('X')])
  const types = await typesOf(extractContract(document))
  assertCompiles(types, 'schema.ts')
  expect(types).toMatch(/X: Recursive1_X;/)
  expect(types).toMatch(/export type Recursive1_X = string \| null \| Recursive1_X\[\]/)
})

it('alternatives that name themselves keep their names', async () => {
  const pet = (kind: string): object => ({
    type: 'object',
    properties: { kind: { const: kind } },
    required: ['kind'],
  })
  const choice = { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind' } }
  const document = edited(
    [`${SCHEMAS}/Cat`, pet('cat')],
    [`${SCHEMAS}/Dog`, pet('dog')],
    [`${SCHEMAS}/RerankRequest/properties/x`, choice],
  )
  expect(await typesOf(extractContract(document))).toMatch(/kind: "cat"/)
})
