import { describe, expect, it } from 'vitest'
import { compareContracts } from '../../../scripts/pipeline/compare.ts'
import { KEYWORDS } from '../../../scripts/pipeline/compare/tables/verdicts.ts'
import { extractContract } from '../../../scripts/pipeline/contract.ts'
import { SCHEMA } from '../../../scripts/pipeline/contract/vocabulary.ts'
import type { Change } from '../../../scripts/pipeline/drift.ts'
import { edited, SCHEMAS, type Edit } from '../document.ts'

const FIELDS = `${SCHEMAS}/RerankRequest/properties`
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })

async function changes(edits: readonly Edit[], given: readonly Edit[] = []): Promise<readonly Change[]> {
  const before = extractContract(edited(...given))
  return (await compareContracts(before, extractContract(edited(...given, ...edits)))).changes
}

/** Schemas that refer twice to the next one: written out they are 2^`levels`. */
const doubling = (levels: number): Edit[] => [
  [`${FIELDS}/deep`, ref('Level0')],
  ...Array.from({ length: levels }, (_, level): Edit => {
    const next = ref(`Level${level + 1}`)
    return [`${SCHEMAS}/Level${level}`, { type: 'object', properties: { a: next, b: next } }]
  }),
  [`${SCHEMAS}/Level${levels}`, { type: 'string' }],
]

describe('the tables', () => {
  it('know every keyword that the contract may hold', () => {
    const judgedElsewhere = [
      ...['$ref', 'nullable', 'const', 'properties'],
      ...['title', 'description', 'example', 'examples'],
      ...['default', 'deprecated', 'readOnly', 'writeOnly', 'discriminator'],
    ]
    const known = new Set([...Object.keys(KEYWORDS), ...judgedElsewhere])
    expect(Object.keys(SCHEMA).filter((keyword) => !known.has(keyword))).toEqual([])
  })
})

describe('a change', () => {
  it('of a schema that is used in several places is told once', async () => {
    const found = await changes(
      [[`${SCHEMAS}/ServiceTier/enum`, ['auto']]],
      [[`${FIELDS}/second_tier`, ref('ServiceTier')]],
    )
    expect(found.filter(({ pointer }) => pointer.startsWith(`#${SCHEMAS}/ServiceTier`))).toHaveLength(1)
  })

  it('is told in our words where oasdiff has others for it', async () => {
    const items = { anyOf: [{ type: 'string' }, { type: 'integer' }] }
    expect((await changes([[`${FIELDS}/documents/items`, items]])).map(({ text }) => text)).toEqual([
      'request.documents[]: may be integer as well',
    ])
  })

  it('is told worst first, and points into the new contract', async () => {
    const found = await changes([
      ['/info/version', '2'],
      [`${FIELDS}/top_n`, { type: 'integer' }],
      [`${FIELDS}/query/maxLength`, 5],
    ])
    expect(found.map(({ class: name, pointer }) => [name, pointer])).toEqual([
      ['breaking', `#${FIELDS}/query/maxLength`],
      ['compatible', `#${FIELDS}/top_n`],
      ['version', '#/info/version'],
    ])
  })

  it('is one printable line, whatever upstream puts into it', async () => {
    const found = await changes([[`${FIELDS}/${'x'.repeat(2_000)}\u202e\n`, { type: 'string' }]])
    expect(found).toHaveLength(1)
    expect(found[0]?.text).toMatch(/^[\x20-\x7e…]{1,501}$/)
  })
})

describe('schemas that refer to schemas', () => {
  it('end where they hold themselves', async () => {
    const node = { type: 'object', properties: { next: ref('Node') } }
    const given: Edit[] = [
      [`${SCHEMAS}/Node`, node],
      [`${FIELDS}/node`, ref('Node')],
    ]
    expect(await changes([], given)).toEqual([])
    const unrolled: Edit = [`${FIELDS}/node`, { type: 'object', properties: { next: ref('Node') } }]
    expect(await changes([unrolled], given)).toEqual([])
  })

  it('end where they are made of themselves', async () => {
    const given: Edit[] = [
      [`${SCHEMAS}/Node`, { anyOf: [ref('Node'), { type: 'string' }] }],
      [
        `${SCHEMAS}/Other`,
        { type: 'object', properties: { node: { anyOf: [ref('Other'), { type: 'null' }] } } },
      ],
      [`${FIELDS}/other`, ref('Other')],
    ]
    expect(await changes([], given)).toEqual([])
  })

  it('are refused where they are without measure', async () => {
    await expect(changes([], doubling(30))).rejects.toThrow('the schemas are too involved to be compared')
  })

  it('are compared where they are many', async () => {
    expect(await changes([[`${SCHEMAS}/Level8`, { type: 'integer' }]], doubling(8))).toMatchObject([
      { class: 'breaking', text: expect.stringMatching(/type was "string", is "integer"/) as unknown },
    ])
  })
})
