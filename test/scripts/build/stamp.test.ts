import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { digestOfSources, isBuilt, stampBuilt } from '../../../scripts/build/stamp.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'nebius-rerank-stamp-'))
  for (const name of ['openapi.json', 'package.json', 'package-lock.json']) {
    await writeFile(join(root, name), '{}')
  }
  for (const folder of ['dist', 'scripts/build', 'src/bulk'])
    await mkdir(join(root, folder), { recursive: true })
  for (const name of ['scripts/build.ts', 'src/index.ts', 'src/bulk/index.ts'])
    await writeFile(join(root, name), '')
})
afterEach(() => rm(root, { recursive: true }))

const stamp = async (): Promise<void> => stampBuilt(root, await digestOfSources(root))

test('a build is that of its sources', async () => {
  await stamp()
  expect(await isBuilt(root)).toBe(true)
})

test.each<[name: string, change: () => Promise<unknown>]>([
  ['a source has changed', () => writeFile(join(root, 'src/bulk/index.ts'), 'export {}')],
  ['a source has come', () => writeFile(join(root, 'src/bulk/new.ts'), '')],
  ['a source has gone', () => rm(join(root, 'src/index.ts'))],
  ['a source has another name', () => rename(join(root, 'src/index.ts'), join(root, 'src/main.ts'))],
  ['the tools have changed', () => writeFile(join(root, 'package-lock.json'), '{ }')],
  ['the build was removed', () => rm(join(root, 'dist'), { recursive: true })],
])('it is not when %s', async (_, change) => {
  await stamp()
  await change()
  expect(await isBuilt(root)).toBe(false)
})

test('a build that has not ended is none', async () => {
  await writeFile(join(root, 'dist/index.js'), '')
  expect(await isBuilt(root)).toBe(false)
})

test('a source that changed during the build makes it one of others', async () => {
  const before = await digestOfSources(root)
  await writeFile(join(root, 'src/index.ts'), 'export {}')
  await stampBuilt(root, before)
  expect(await isBuilt(root)).toBe(false)
})
