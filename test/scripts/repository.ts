import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { extractContract } from '../../scripts/spec/contract/index.ts'
import { historyPath, historyText } from '../../scripts/spec/release/history.ts'
import { PINNED_TEXT } from './document.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const SCRIPTS = ['scripts/spec', 'scripts/regen.ts', 'scripts/drift.ts']

/**
 * What the pipeline reads and writes, at the tests' edition; removed when the test has finished.
 *
 * @param more - further files, by path; see `GENERATED`.
 */
export function copyOfRepository(more: ReadonlyMap<string, string> = new Map()): string {
  const root = mkdtempSync(join(tmpdir(), 'regen-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  copyFileSync(join(REPOSITORY, 'package.json'), join(root, 'package.json'))
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  mkdirSync(join(root, '.changeset'))
  mkdirSync(join(root, 'src/generated'), { recursive: true })
  mkdirSync(join(root, 'specs'))
  const pinned = extractContract(JSON.parse(PINNED_TEXT))
  const kept = [historyPath(pinned), historyText(pinned, '2026-11-24')] as const
  for (const [path, text] of [['openapi.json', PINNED_TEXT] as const, kept, ...more])
    writeFileSync(join(root, path), text)
  return root
}

/** A copy of the repository whose scripts can be run, in processes of their own. */
export function copyWithScripts(more?: ReadonlyMap<string, string>): string {
  const root = copyOfRepository(more)
  for (const path of SCRIPTS) cpSync(join(REPOSITORY, path), join(root, path), { recursive: true })
  return root
}

/** The text of everything that a regeneration may write, by path. */
export function writtenFiles(root: string): Record<string, string> {
  const folders = ['src/generated', '.changeset']
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  )
  return Object.fromEntries(
    ['openapi.json', ...inFolders].map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )
}
