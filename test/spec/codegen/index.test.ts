import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { extractContract } from '../../../scripts/spec/contract/index.ts'
import { digestOf } from '../../../scripts/spec/contract/index.ts'
import { generate, toolMoves, typesOf } from '../../../scripts/spec/codegen/index.ts'
import { edited, PINNED_TEXT, SCHEMAS, TEXT } from '../../scripts/document.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const committed = (path: string): string => readFileSync(new URL(path, `file://${ROOT}`), 'utf8')

describe('the generated code', () => {
  it('of the committed contract is the committed code', async () => {
    const files = await generate(extractContract(JSON.parse(committed('openapi.json'))), ROOT)
    expect([...files]).toEqual(
      ['schema.ts', 'rerank.ts', 'spec.ts']
        .map((name) => `src/generated/${name}`)
        .map((path) => [path, committed(path)]),
    )
  })

  it('shows what could not be seen, and names no source map', async () => {
    const description = 'a\u200bb //# sourceMappingURL=x //# sourceURL = y'
    const files = await generate(extractContract(edited([`${TEXT}/description`, description])), ROOT)
    expect(files.get('src/generated/schema.ts')).toContain(
      'a\\u200bb //# sourceMapping\\u0055RL=x //# source\\u0055RL = y',
    )
  })

  it('gives fields with a default a type that may be left out', async () => {
    const code = await typesOf(
      extractContract(
        edited([`${SCHEMAS}/RerankDocument/properties/kind`, { type: 'string', default: 'a' }]),
      ),
    )
    expect(code).toMatch(/\bkind\?: string/)
  })

  it('is written once, however often it is asked for', () => {
    const contract = extractContract(edited())
    expect(typesOf(contract)).toBe(typesOf(contract))
  })

  it('of what is no OpenAPI is refused', async () => {
    const contract = { ...extractContract(edited()), openapi: '2.0' }
    await expect(typesOf(contract)).rejects.toThrow(
      /^openapi-typescript cannot write this contract as types: \S/,
    )
  })
})

it('a contract is known by the SHA-256 of its text', () => {
  const digest = createHash('sha256').update(PINNED_TEXT).digest('hex')
  expect(digestOf(extractContract(edited()))).toBe(digest)
})

describe('the tools that moved', () => {
  const header = committed('src/generated/schema.ts').split('\n')[0] ?? ''

  it.each([
    ['none, where all are as they were', (line: string) => line, []],
    ['none, where the header names none', () => '/* Written by hand. */', []],
    ['none, where only a later line names one', (line: string) => `/* */\n${line.replace(/\d/, '9')}`, []],
    [
      'each that is of another version',
      () => '/* with openapi-typescript 1.2.3-beta.1 and prettier 1.0.0; do not edit. */',
      [/^openapi-typescript 1\.2\.3-beta\.1 → \d+\.\d+\.\d+$/, /^prettier 1\.0\.0 → \d+\.\d+\.\d+$/],
    ],
  ])('are %s', (_, change, moves) => {
    const expected = moves.map((move) => expect.stringMatching(move) as string)
    expect(toolMoves(`${change(header)}\nexport {}\n`)).toEqual(expected)
  })
})
