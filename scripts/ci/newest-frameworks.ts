import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../check/programs.ts'
import type { Invocation } from '../spec/cli/invocation.ts'

const FOLDER = 'test/adapters'

/** Finds the newest version of each framework, regardless of the lock file. */
export async function newestFrameworks({ root }: Invocation): Promise<number> {
  const path = join(root, FOLDER, 'package.json')
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { devDependencies: Record<string, string> }
  await writeFile(path, JSON.stringify(withNewest(manifest), null, 2))
  return (await run(['npm', 'install', '--package-lock-only', '--prefix', FOLDER])).code
}

/** The newest of each; one that stands for a major version, by another name, stays within that. */
export function withNewest<Manifest extends { devDependencies: Readonly<Record<string, string>> }>(
  manifest: Manifest,
): Manifest {
  const newest = Object.entries(manifest.devDependencies).map(([name, version]) => {
    const [, target, major] = /^(npm:.+@)(\d+)\./.exec(version) ?? []
    return [name, target === undefined ? 'latest' : `${target}${major ?? ''}`] as const
  })
  return { ...manifest, devDependencies: Object.fromEntries(newest) }
}
