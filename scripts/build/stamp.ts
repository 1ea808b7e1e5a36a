import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'

/** Files that decide how `dist/` turns out; its tools are in the lock file. */
const FILES = ['openapi.json', 'package.json', 'package-lock.json', 'scripts/build.ts']
const FOLDERS = ['scripts/build', 'src']

/** Written last, so that it stands for a whole build; it is not packed. */
const STAMP = 'dist/.built'

/** Says if `dist/` was built of the sources as they are. */
export async function isBuilt(root: string): Promise<boolean> {
  const stamp = await readFile(join(root, STAMP), 'utf8').catch(() => undefined)
  return stamp === (await digestOfSources(root))
}

/** Notes of which sources `dist/` was built: of those from before the build, for they may have changed since. */
export async function stampBuilt(root: string, digest: string): Promise<void> {
  await writeFile(join(root, STAMP), digest)
}

/** A digest of the sources' names and texts. */
export async function digestOfSources(root: string): Promise<string> {
  const inFolders = await Promise.all(FOLDERS.map((folder) => filesIn(root, folder)))
  const hash = createHash('sha256')
  for (const file of [...FILES, ...inFolders.flat().sort()]) {
    hash.update(`${file}\0`).update(await readFile(join(root, file)))
  }
  return hash.digest('hex')
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => posix.relative(root, posix.join(parentPath, name)))
}
