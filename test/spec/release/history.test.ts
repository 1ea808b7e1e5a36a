import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  contractText,
  digestOf,
  extractContract,
  type Contract,
} from '../../../scripts/spec/contract/index.ts'
import { contractNamed, historyOf, historyPath, historyText } from '../../../scripts/spec/release/history.ts'
import { edited, PINNED_TEXT, POST } from '../../scripts/document.ts'
import { copyOfRepository } from '../../scripts/repository.ts'

const pinned = extractContract(edited())
const otherWords = extractContract(edited([`${POST}/summary`, 'Other\u200bwords']))

function repositoryWith(...contracts: readonly (readonly [contract: Contract, date: string])[]): string {
  const root = copyOfRepository()
  for (const [contract, date] of contracts)
    writeFileSync(join(root, historyPath(contract)), historyText(contract, date))
  return root
}

it('a contract is found by its digest, the beginning of that, or its version', async () => {
  const root = copyOfRepository()
  for (const name of [digestOf(pinned), digestOf(pinned).slice(0, 7), '20260506-297d05704']) {
    const found = await contractNamed(root, name)
    expect(found && contractText(found)).toBe(PINNED_TEXT)
  }
  for (const name of [digestOf(pinned).slice(0, 6), '20260506', 'pinned', '']) {
    expect(await contractNamed(root, name)).toBeUndefined()
  }
})

it('contracts stand by the day on which they were taken over', async () => {
  const root = repositoryWith([otherWords, '2026-11-23'])
  expect((await historyOf(root)).map(({ date }) => date)).toEqual(['2026-11-23', '2026-11-24'])
})

it('contracts of one day stand by version', async () => {
  const versions = ['20260801-b', '20260701-a', '20260901-c']
  const root = repositoryWith(
    ...versions.map(
      (version) => [extractContract(edited(['/info/version', version])), '2026-11-25'] as const,
    ),
  )
  expect((await historyOf(root)).slice(1).map(({ version }) => version)).toEqual([...versions].sort())
})

it('a version of two contracts asks for a digest', async () => {
  const root = repositoryWith([otherWords, '2026-11-25'])
  await expect(contractNamed(root, '20260506-297d05704')).rejects.toThrow(
    /^"20260506-297d05704" names several contracts: [\da-f]{12} of 2026-11-24, [\da-f]{12} of 2026-11-25; give a digest$/,
  )
})

it.each([
  [
    'was edited',
    (text: string) => text.replace('Rerank documents', 'Rank documents'),
    'its name is not that of its contract',
  ],
  ['is no JSON', () => '{', 'JSON'],
  [
    'has no contract',
    () => '{"version":"1","date":"2026-11-24"}',
    'it lacks a version, a date or a contract',
  ],
])('a contract whose file %s is not used', async (_, edit, message) => {
  const root = copyOfRepository()
  const path = join(root, historyPath(pinned))
  writeFileSync(path, edit(readFileSync(path, 'utf8')))
  const found = contractNamed(root, '20260506-297d05704')
  await expect(found).rejects.toThrow(/^specs\/[\da-f]{64}\.json is not usable; restore it: /)
  await expect(found).rejects.toThrow(message)
})

it('other files and a folder that is missing hold no contract', async () => {
  const root = copyOfRepository()
  writeFileSync(join(root, 'specs/overlay.json'), '{}')
  expect(await historyOf(root)).toHaveLength(1)
  rmSync(join(root, 'specs'), { recursive: true })
  expect(await historyOf(root)).toEqual([])
})

it('the committed history holds what is pinned', async () => {
  const root = join(import.meta.dirname, '../../..')
  const committed = extractContract(JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')))
  expect(readdirSync(join(root, 'specs'))).toContain(`${digestOf(committed)}.json`)
  expect(await contractNamed(root, digestOf(committed))).toEqual(committed)
})
