import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { messageOf, PipelineError } from './failure.ts'

interface Replacement {
  readonly path: string
  readonly target: string
  readonly temporary: string
  readonly text: string
  /** The text to return to if a later file fails; undefined where there was no file. */
  readonly before: string | undefined
}

/**
 * Writes a set of files below `root`, given by their paths, all of them or none; files that hold their text
 * already are not touched.
 *
 * @returns the paths of the files that were written.
 * @throws PipelineError if one of them cannot be written; everything is then as it was before.
 */
export async function replaceFiles(root: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const replacements: Replacement[] = []
  const renamed: Replacement[] = []
  const made: string[] = []
  try {
    for (const [path, text] of files) {
      const target = join(root, path)
      const before = await readTextIfThere(target)
      if (before === text) continue
      const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
      replacements.push({ path, target, temporary, text, before })
    }
    for (const { target, temporary, text } of replacements) {
      const firstMade = await mkdir(dirname(target), { recursive: true })
      if (firstMade !== undefined) made.push(firstMade)
      await writeFile(temporary, text, { flag: 'wx' })
    }
    for (const replacement of replacements) {
      await rename(replacement.temporary, replacement.target)
      renamed.push(replacement)
    }
    return replacements.map(({ path }) => path)
  } catch (error) {
    const restored = await Promise.allSettled(renamed.map(restore))
    const lost = renamed.filter((_, index) => restored[index]?.status === 'rejected').map(({ path }) => path)
    const leftovers = [...replacements.map(({ temporary }) => temporary), ...made]
    await Promise.allSettled(leftovers.map((path) => rm(path, { recursive: true, force: true })))
    const outcome = lost.length === 0 ? 'nothing was written' : `${lost.join(', ')} could not be restored`
    throw new PipelineError(`${outcome}: ${messageOf(error)}`, { cause: error })
  }
}

/** A file's text, or undefined where there is no file. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function restore({ target, before }: Replacement): Promise<void> {
  if (before === undefined) await rm(target, { force: true })
  else await writeFile(target, before)
}
