import { describe, expect, it } from 'vitest'
import { compareContracts } from '../../../scripts/spec/diff/index.ts'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import type { Change } from '../../../scripts/spec/drift.ts'
import { RefusedError } from '../../../scripts/spec/lib/failure.ts'
import { sentence, told } from '../../../scripts/spec/report/sentences.ts'
import { edited, POST, SCHEMAS, type Edit } from '../../scripts/document.ts'

const FIELDS = `${SCHEMAS}/RerankRequest/properties`
const PARAMETER = { name: 'trace', in: 'query', schema: { type: 'string' } }
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const pet = (kind: string): object => ({
  type: 'object',
  properties: { kind: { const: kind } },
  required: ['kind'],
})

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

describe('a change', () => {
  it('of a schema that is used in several places is told once', async () => {
    const found = await changes(
      [[`${SCHEMAS}/ServiceTier/enum`, ['auto']]],
      [[`${FIELDS}/second_tier`, ref('ServiceTier')]],
    )
    expect(found.filter(({ pointer }) => pointer.startsWith(`#${SCHEMAS}/ServiceTier`))).toHaveLength(1)
  })

  it('of more values than a line shows is told once', async () => {
    const many = Array.from({ length: 9 }, (_, index) => `v${index}`)
    const found = await changes([
      [`${SCHEMAS}/ServiceTier/enum`, ['auto', 'default', 'flex', 'no-limit', 'over-limit', ...many]],
    ])
    expect(found).toHaveLength(1)
  })

  it('is told beside another one in the same place', async () => {
    const found = await changes([
      [`${SCHEMAS}/RerankDocument/properties/text/title`, 'Title'],
      [`${SCHEMAS}/RerankDocument/properties/text/description`, 'Description'],
    ])
    expect(found.map(sentence)).toEqual([
      'response 200.results[].document.text: title changed to "Title"',
      'response 200.results[].document.text: description changed to "Description"',
    ])
  })

  it('of alternatives is told once a place', async () => {
    const pets = ['Cat', 'Dog', 'Fox'].map((name): Edit => [`${SCHEMAS}/${name}`, pet(name)])
    const found = await changes(
      [[`${FIELDS}/pet`, { anyOf: [ref('Cat'), ref('Dog'), ref('Fox')] }]],
      [...pets, [`${FIELDS}/pet`, { anyOf: [ref('Cat')] }]],
    )
    expect(found.map(sentence)).toEqual(['request.pet.kind: enum gains "Dog", "Fox"'])
  })

  it('of a lost alternative is told by its tag alone, however it holds itself', async () => {
    const node = (op: string, of: object): object => ({
      type: 'object',
      properties: { op: { const: op }, of },
      required: ['op', 'of'],
    })
    const filters = [node('and', { type: 'array', items: ref('Filter') }), node('not', ref('Filter'))]
    const leaf = {
      type: 'object',
      properties: { op: { const: 'is' }, field: { type: 'string' } },
      required: ['op'],
    }
    const found = await changes(
      [[`${SCHEMAS}/Filter`, { anyOf: [filters[0], leaf] }]],
      [
        [`${FIELDS}/filter`, ref('Filter')],
        [`${SCHEMAS}/Filter`, { anyOf: [...filters, leaf] }],
      ],
    )
    expect(found.map(sentence)).toEqual(['request.filter.op: enum loses "not"'])
  })

  it('to anything is told once, not field by field', async () => {
    const found = await changes([[`${POST}/responses/422/content/application~1json/schema`, undefined]])
    expect(found.map(sentence)).toEqual([
      'response 422: was object, is now anything',
      'response 422: title removed',
    ])
  })

  it('of a field of a response that is gone is told once', async () => {
    const found = await changes([[`${SCHEMAS}/RerankDocument/properties/multi_modal`, undefined]])
    expect(found.map(sentence)).toEqual(['response 200.results[].document.multi_modal: removed'])
  })

  it.each([
    [{ type: 'integer' }, { format: 'int32' }, 'format added ("int32")'],
    [{ type: 'number' }, { type: 'integer' }, 'was number, is now integer'],
    [{ anyOf: [{ type: 'string' }] }, { not: { const: 'a' } }, 'excludes more values (not, oneOf)'],
    [{ type: 'array' }, { contains: {}, minContains: 2 }, 'contains added ({"contains":{},"minContains":2})'],
    [
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      { anyOf: [{ type: 'string', deprecated: true }, { type: 'integer' }] },
      'has a deprecated alternative',
    ],
    [
      { type: 'object', properties: { a: {} } },
      { additionalProperties: true },
      'may now have members of any name',
    ],
  ])('of %j by %j says: %s', async (given, more, text) => {
    const found = await changes([[`${FIELDS}/x`, { ...given, ...more }]], [[`${FIELDS}/x`, given]])
    expect(found.map(sentence)).toContain(`request.x: ${text}`)
  })

  it('of types is told with both', async () => {
    const items = { anyOf: [{ type: 'string' }, { type: 'integer' }] }
    expect((await changes([[`${FIELDS}/documents/items`, items]])).map(sentence)).toEqual([
      'request.documents[]: was string, is now integer or string',
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
    expect(found.map(sentence)[0]).toMatch(/^[\x20-\x7e…]{1,501}$/)
  })
})

describe('words that people shall look at', () => {
  const HIDDEN = 'contains invisible characters: read it before you merge'
  const tag = (name: string): string => `contains the tag "${name}": read it before you merge`
  const flagged = async (...edits: Parameters<typeof changes>): Promise<string[]> =>
    (await changes(...edits)).filter(({ kind }) => kind === 'words-suspicious').map(({ what }) => told(what))
  const odd = '\u202e @deprecated'
  const both = [tag('@deprecated'), HIDDEN]
  const QUERY = `${FIELDS}/query/description`

  it.each<[string, Edit, string[]]>([
    ['a tag and what hides', [QUERY, odd], both],
    ['words of a new field', [`${FIELDS}/top_n`, { type: 'integer', description: odd }], both],
    ['words of a new parameter', [`${POST}/parameters/1`, { ...PARAMETER, description: odd }], both],
    ['words of a new status', [`${POST}/responses/429`, { description: odd }], both],
    ['words of a way to sign in', ['/components/securitySchemes/HTTPBearer/description', odd], both],
    ['nothing in an address', [QUERY, 'Mail to a@b.example'], []],
  ])('are %s', async (_, edit, expected) => {
    expect(await flagged([edit])).toEqual(expected)
  })

  it.each([
    ['a further tag', 'See @user.', 'See @user. @deprecated', [tag('@deprecated')]],
    ['a tag beside another that begins with it', '@deprecated-not', '@deprecated', [tag('@deprecated')]],
    ['another character that hides', '\u2764\ufe0f', '\u2764\ufe0f \u202e', [HIDDEN]],
    ['one more of them', 'a\u202e', 'a\u202eb\u202e', [HIDDEN]],
    ['not what was there', 'See @user \u202e', 'Look at @user \u202e', []],
  ])('are %s', async (_, before, after, expected) => {
    expect(await flagged([[QUERY, after]], [[QUERY, before]])).toEqual(expected)
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

  it('are compared where they would be without measure, written out', async () => {
    expect(await changes([], doubling(60))).toEqual([])
    expect(await changes([[`${SCHEMAS}/Level60`, { type: 'integer' }]], doubling(60))).toMatchObject([
      { class: 'breaking', kind: 'request-type-changed' },
    ])
  })

  it('are refused where they make types that do not compile', async () => {
    const itself: Edit = [`${SCHEMAS}/RerankRequest/allOf`, [ref('RerankRequest')]]
    await expect(changes([itself])).rejects.toThrow(RefusedError)
  })

  it('are compared where they are many', async () => {
    expect(await changes([[`${SCHEMAS}/Level8`, { type: 'integer' }]], doubling(8))).toMatchObject([
      { class: 'breaking', what: { subject: 'type', before: ['string'], after: ['integer'] } },
    ])
  })
})
