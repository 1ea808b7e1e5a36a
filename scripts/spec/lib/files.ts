import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileFault, messageOf, PipelineError } from './failure.ts'
import { valueAt } from './json.ts'

interface Replacement {
  readonly path: string
  readonly target: string
  readonly temporary: string
  /** The new text; undefined to remove the file. */
  readonly text: string | undefined
  /** The text to return to if a later file fails; undefined if there was no file. */
  readonly before: string | undefined
}

/**
 * Writes a set of files below `root`, given by their paths, and removes those without a text, all of them or none.
 * Files that hold their text already are not touched.
 *
 * @returns the paths of the files that were written or removed.
 * @throws PipelineError if one of them cannot be written; everything is then as it was before.
 */
export async function replaceFiles(
  root: string,
  files: ReadonlyMap<string, string | undefined>,
): Promise<string[]> {
  const replacements: Replacement[] = []
  const renamed: Replacement[] = []
  const made: string[] = []
  try {
    for (const [path, text] of files) {
      const target = join(root, path)
      const before = await readTextIfThere(root, path)
      if (before === text) continue
      const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
      replacements.push({ path, target, temporary, text, before })
    }
    for (const { path, target, temporary, text } of replacements) {
      if (text === undefined) continue
      const firstMade = await mkdir(dirname(target), { recursive: true }).catch(cannot('write', path))
      if (firstMade !== undefined) made.push(firstMade)
      await writeFile(temporary, text, { flag: 'wx' }).catch(cannot('write', path))
    }
    for (const replacement of replacements) {
      const { path, target, temporary, text } = replacement
      if (text === undefined) await rm(target).catch(cannot('remove', path))
      else await rename(temporary, target).catch(cannot('write', path))
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

/**
 * The text of a file below `root`, or undefined if there is no file.
 *
 * @throws PipelineError that names the file, if it cannot be read.
 */
export async function readTextIfThere(root: string, path: string): Promise<string | undefined> {
  return readFile(join(root, path), 'utf8').catch((error: unknown) =>
    isAbsence(error) ? undefined : cannot('read', path)(error),
  )
}

/**
 * The names in a folder below `root`; none if there is no folder.
 *
 * @throws PipelineError that names the folder, if it cannot be read.
 */
export async function namesIn(root: string, folder: string): Promise<string[]> {
  return readdir(join(root, folder)).catch((error: unknown) =>
    isAbsence(error) ? [] : cannot('read', folder)(error),
  )
}

function isAbsence(error: unknown): boolean {
  return valueAt(error, 'code') === 'ENOENT'
}

function cannot(act: 'read' | 'write' | 'remove', path: string): (error: unknown) => never {
  return (error) => {
    throw new PipelineError(`cannot ${act} ${path}: ${fileFault(error)}`, { cause: error })
  }
}

async function restore({ target, before }: Replacement): Promise<void> {
  if (before === undefined) await rm(target, { force: true })
  else await writeFile(target, before)
}
