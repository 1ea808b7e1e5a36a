import { mkdirSync, rmSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { historyOf } from '../../../scripts/spec/release/history.ts'
import { regenerate, staleFiles } from '../../../scripts/spec/release/regenerate.ts'
import { valueAt } from '../../../scripts/spec/lib/json.ts'
import { edited, PINNED_TEXT, SCHEMAS, TEXT, wholeApi, type Edit } from '../../scripts/document.ts'
import { GENERATED } from '../../scripts/generated.ts'
import { copyOfRepository, writtenFiles } from '../../scripts/repository.ts'

const A = { $ref: '#/components/schemas/A' }
const PET = {
  type: 'object',
  required: ['kind'],
  properties: { kind: { type: 'string' } },
  oneOf: [{ $ref: '#/components/schemas/Cat' }],
  discriminator: { propertyName: 'kind', mapping: { cat: 'Cat' } },
}
const NEWER: Edit = ['/info/version', '20260916-b712a99a4']
const NEW_VERSION = edited(NEWER)
const RENAMED: readonly Edit[] = [
  [`${SCHEMAS}/Text`, valueAt(edited(), 'components', 'schemas', 'RerankDocument')],
  [`${SCHEMAS}/RerankResult/properties/document/allOf`, [{ $ref: '#/components/schemas/Text' }]],
]

describe('a regeneration', () => {
  it('changes nothing when the contract is the same', async () => {
    const root = copyOfRepository(GENERATED)
    const before = writtenFiles(root)
    expect(await regenerate(root, wholeApi(3, 3))).toMatchObject({ written: [] })
    expect(writtenFiles(root)).toEqual(before)
  })

  it('writes the contract, the code that holds it and a changeset', async () => {
    const root = copyOfRepository(GENERATED)
    const result = await regenerate(root, NEW_VERSION)
    expect(result).toEqual({
      written: [
        'openapi.json',
        'src/generated/spec.ts',
        expect.stringMatching(/^specs\/[\da-f]{64}\.json$/),
        expect.stringMatching(/^\.changeset\/upstream-\w+\.md$/),
      ],
      from: '20260506-297d05704',
      to: '20260916-b712a99a4',
      corrections: [],
    })
    expect(await staleFiles(root)).toEqual([])
  })

  it('keeps the contract, with the day on which it was taken over', async () => {
    const root = copyOfRepository(GENERATED)
    await regenerate(root, NEW_VERSION, '2026-11-30')
    await regenerate(root, NEW_VERSION, '2026-12-01')
    await regenerate(root, edited(), '2026-12-02')
    expect(await historyOf(root)).toEqual([
      {
        version: '20260506-297d05704',
        date: '2026-11-24',
        digest: expect.stringMatching(/^[\da-f]{64}$/) as unknown,
      },
      {
        version: '20260916-b712a99a4',
        date: '2026-11-30',
        digest: expect.stringMatching(/^[\da-f]{64}$/) as unknown,
      },
    ])
  })

  it('takes over what is corrected', async () => {
    const root = copyOfRepository(GENERATED)
    const action = {
      target: '$.info',
      description: 'Misspelt',
      'x-until': '20270101',
      update: { title: 'Right' },
    }
    const overlay = { overlay: '1.0.0', info: { title: 'Corrections', version: '1' }, actions: [action] }
    writeFileSync(join(root, 'specs/overlay.json'), JSON.stringify(overlay))
    const { corrections } = await regenerate(root, edited(['/info/title', 'Rigth']))
    expect(corrections).toMatchObject([{ reason: 'Misspelt', state: 'applied' }])
    expect(readFileSync(join(root, 'src/generated/spec.ts'), 'utf8')).toContain("title: 'Right'")
    expect(
      await regenerate(root, JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8'))),
    ).toMatchObject({
      written: [],
      corrections: [{ state: 'idle' }],
    })
  })

  it('changes nothing the second time', async () => {
    const root = copyOfRepository(GENERATED)
    await regenerate(root, NEW_VERSION)
    const once = writtenFiles(root)
    expect(await regenerate(root, NEW_VERSION)).toMatchObject({ written: [] })
    expect(writtenFiles(root)).toEqual(once)
  })

  it('writes a changeset with the bump of the drift, and its changes', async () => {
    const root = copyOfRepository(GENERATED)
    await regenerate(root, edited([`${SCHEMAS}/RerankRequest/properties/top_n`, { type: 'integer' }]))
    const [, text] = Object.entries(writtenFiles(root)).find(([path]) => path.startsWith('.changeset/')) ?? []
    expect(text).toContain("'nebius-rerank': minor")
    expect(text).toContain('- compatible: `client.rerank`: request field `top_n` added')
  })

  it('takes back the changesets that led away from a contract that is there again', async () => {
    const root = copyOfRepository(GENERATED)
    const before = writtenFiles(root)
    await regenerate(root, NEW_VERSION)
    await regenerate(root, edited(['/info/version', '20261001-aaaaaaaaa']))
    const { written } = await regenerate(root, edited())
    expect(written.filter((path) => path.startsWith('.changeset/'))).toHaveLength(2)
    expect(writtenFiles(root)).toEqual(before)
  })

  it('takes them back also where the contract was written otherwise in between', async () => {
    const root = copyOfRepository(GENERATED)
    const before = writtenFiles(root)
    const newest: Edit = ['/info/version', '20261001-aaaaaaaaa']
    await regenerate(root, NEW_VERSION)
    await regenerate(root, edited(NEWER, ...RENAMED))
    await regenerate(root, edited(newest, ...RENAMED))
    const { written } = await regenerate(root, edited())
    expect(written.filter((path) => path.startsWith('.changeset/'))).toHaveLength(2)
    expect(writtenFiles(root)).toEqual(before)
  })

  it('takes them back also where the way began with other words for the same', async () => {
    const root = copyOfRepository(GENERATED)
    const before = writtenFiles(root)
    await regenerate(root, edited(...RENAMED))
    await regenerate(root, edited(NEWER, ...RENAMED))
    await regenerate(root, edited())
    expect(writtenFiles(root)).toEqual(before)
  })

  it('keeps the changesets that lead to a contract that is there again', async () => {
    const root = copyOfRepository(GENERATED)
    await regenerate(root, NEW_VERSION)
    const once = writtenFiles(root)
    await regenerate(root, edited(['/info/version', '20261001-aaaaaaaaa']))
    await regenerate(root, NEW_VERSION)
    expect(writtenFiles(root)).toEqual(once)
  })

  it('writes nothing where the contract says the same in other words of its own', async () => {
    const root = copyOfRepository(GENERATED)
    expect(await regenerate(root, edited(...RENAMED))).toMatchObject({ written: [] })
  })

  it('starts a repository without a changeset', async () => {
    const root = copyOfRepository(GENERATED)
    const before = writtenFiles(root)
    rmSync(join(root, 'openapi.json'))
    rmSync(join(root, 'src/generated'), { recursive: true })
    expect(await regenerate(root, edited())).toMatchObject({ from: undefined })
    expect(writtenFiles(root)).toEqual(before)
  })

  it('takes back a contract that is not in canonical form, without a changeset', async () => {
    const root = copyOfRepository(GENERATED)
    const before = writtenFiles(root)
    writeFileSync(join(root, 'openapi.json'), JSON.stringify(JSON.parse(PINNED_TEXT)))
    expect(await regenerate(root, edited())).toMatchObject({ written: ['openapi.json'] })
    expect(writtenFiles(root)).toEqual(before)
  })

  it.each([
    ['the document is refused', edited([TEXT, { $ref: 'https://example.com/' }]), 'which is not in'],
    [
      'a schema is a part of itself',
      edited([TEXT, A], [`${SCHEMAS}/A`, { allOf: [A] }]),
      'the generated types do not compile, at line',
    ],
    [
      'a schema discriminates between its own heirs',
      edited(
        [TEXT, { $ref: '#/components/schemas/Pet' }],
        [`${SCHEMAS}/Pet`, PET],
        [`${SCHEMAS}/Cat`, { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'object' }] }],
      ),
      'the generated types do not compile, at line',
    ],
  ])('writes nothing when %s', async (_, document, message) => {
    const root = copyOfRepository(GENERATED)
    const before = writtenFiles(root)
    await expect(regenerate(root, document)).rejects.toThrow(message)
    expect(writtenFiles(root)).toEqual(before)
  })

  it('writes nothing when the pinned contract is broken', async () => {
    const root = copyOfRepository(GENERATED)
    writeFileSync(join(root, 'openapi.json'), '<<<<<<< HEAD')
    const before = writtenFiles(root)
    await expect(regenerate(root, NEW_VERSION)).rejects.toThrow(
      'the pinned openapi.json is not usable; restore it',
    )
    expect(writtenFiles(root)).toEqual(before)
  })
})

describe('the check of what is committed', () => {
  it('names the files of a folder that is missing', async () => {
    const root = copyOfRepository(GENERATED)
    rmSync(join(root, 'src/generated'), { recursive: true })
    expect(await staleFiles(root)).toEqual([
      'src/generated/schema.ts is missing',
      'src/generated/rerank.ts is missing',
      'src/generated/spec.ts is missing',
    ])
  })

  it('names the contract where it is not kept', async () => {
    const root = copyOfRepository(GENERATED)
    rmSync(join(root, 'specs'), { recursive: true })
    expect(await staleFiles(root)).toEqual([expect.stringMatching(/^specs\/[\da-f]{64}\.json is missing$/)])
  })

  it('names what is a directory in place of a file', async () => {
    const root = copyOfRepository(GENERATED)
    rmSync(join(root, 'openapi.json'))
    mkdirSync(join(root, 'openapi.json'))
    await expect(staleFiles(root)).rejects.toThrow('cannot read openapi.json: it is a directory')
  })

  it('names a contract that is not in canonical form', async () => {
    const root = copyOfRepository(GENERATED)
    writeFileSync(join(root, 'openapi.json'), PINNED_TEXT.trimEnd())
    expect(await staleFiles(root)).toEqual(['openapi.json is not what openapi.json generates'])
  })

  it('names code that was edited, is missing or does not belong', async () => {
    const root = copyOfRepository(GENERATED)
    writeFileSync(join(root, 'src/generated/schema.ts'), 'export interface paths {}\n')
    rmSync(join(root, 'src/generated/spec.ts'))
    writeFileSync(join(root, 'src/generated/other.ts'), '')
    expect(await staleFiles(root)).toEqual([
      'src/generated/schema.ts is not what openapi.json generates',
      'src/generated/spec.ts is missing',
      'src/generated/other.ts is not generated: remove it',
    ])
  })
})
