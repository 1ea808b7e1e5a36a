import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { staleFiles } from '../../../scripts/spec/release/regenerate.ts'
import { GENERATED } from '../../scripts/generated.ts'
import { copyOfRepository } from '../../scripts/repository.ts'

const SCHEMA = 'src/generated/schema.ts'
const SAME = ['', ''] as const

/** What the check says where an older generator wrote the types, with one text for another. */
async function complaints(tool: RegExp, [from, to]: readonly [string, string]): Promise<string[]> {
  const root = copyOfRepository(GENERATED)
  const path = join(root, SCHEMA)
  const code = readFileSync(path, 'utf8')
  expect(code).toContain(from)
  writeFileSync(path, code.replace(tool, '$1 0.1.0').replace(from, to))
  const [stale, ...others] = await staleFiles(root)
  expect(stale).toBe(`${SCHEMA} is not what openapi.json generates`)
  return others
}

describe('the check of generated code names a tool that moved', () => {
  it.each([
    ['without a bump where the code is the same', SAME, 'the types are the same, no bump'],
    [
      'with a patch where words differ',
      ['current project ID', 'the project'],
      'the types differ, bump patch',
    ],
    ['with a minor where types have more', ['user?: string | null', ''], 'the types differ, bump minor'],
    ['with a major where code breaks', ['index: number', 'index: string'], 'the types differ, bump major'],
    [
      'without a verdict where it cannot tell',
      ['index: number', 'index: Missing'],
      'the types cannot be compared: ',
    ],
  ] as const)('%s', async (_, change, meaning) => {
    expect(await complaints(/(openapi-typescript) [\d.]+/, change)).toEqual([
      expect.stringMatching(new RegExp(`^openapi-typescript 0\\.1\\.0 → \\d+\\.\\d+\\.\\d+: ${meaning}`)),
    ])
  })

  it('prettier included', async () => {
    expect(await complaints(/(prettier) [\d.]+/, SAME)).toEqual([
      expect.stringMatching(/^prettier 0\.1\.0 → \d/),
    ])
  })

  it('and none where none moved', async () => {
    expect(await complaints(/never/, ['index: number', 'index: string'])).toEqual([])
  })
})
