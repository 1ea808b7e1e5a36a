import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../check/programs.ts'
import type { Invocation } from '../spec/cli/invocation.ts'
import { readManifest } from './manifest.ts'

/** Raises the version by the changesets that wait, and the lock’s with it. */
export async function version({ root }: Invocation): Promise<number> {
  if ((await readManifest(root)).version.startsWith('0.')) await lowerMajors(root)
  const { code } = await run(['changeset', 'version'])
  return code || (await run(['npm', 'install', '--package-lock-only', '--ignore-scripts'])).code
}

/**
 * Before 1.0.0 a break raises the minor version, which a caret range does not cross either. Version 1.0.0 is a decision: it
 * is written into package.json by hand.
 */
export async function lowerMajors(root: string): Promise<void> {
  const folder = join(root, '.changeset')
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.md'))) {
    const text = await readFile(join(folder, name), 'utf8')
    await writeFile(join(folder, name), text.replace(/^('nebius-rerank': )major$/m, '$1minor'))
  }
}
