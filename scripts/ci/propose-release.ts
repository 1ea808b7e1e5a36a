import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Invocation } from '../spec/cli/invocation.ts'
import { valueAt } from '../spec/lib/json.ts'
import { releaseNotes } from './manifest.ts'
import { propose } from './proposal.ts'

const PATHS = ['package.json', 'package-lock.json', 'CHANGELOG.md', '.changeset']

/** Proposes the version that results from the changesets, with its section of the changelog. */
export async function proposeRelease(invocation: Invocation): Promise<number> {
  const read = (path: string): Promise<string> => readFile(join(invocation.root, path), 'utf8')
  const version = String(valueAt(JSON.parse(await read('package.json')), 'version'))
  const notes = releaseNotes(await read('CHANGELOG.md'), version)
  await propose(invocation, {
    branch: 'release',
    title: `Release ${version}`,
    body: () => `Merging this releases ${version}.\n\n${notes}`,
    paths: PATHS,
  })
  return 0
}
