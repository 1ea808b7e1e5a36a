import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { unwritable, UsageError } from './terminal.ts'

/** Checks that a file can be written, before anything is spent. @throws UsageError if not */
export async function checkWritable(path: string): Promise<void> {
  const folder = await stat(dirname(path)).catch(() => undefined)
  if (!folder?.isDirectory()) throw new UsageError(`Can't write ${path}: there is no folder ${dirname(path)}`)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) throw new UsageError(`Can't write ${path}: it is a folder`)
}

/** Writes a whole file or nothing, and replaces an existing file. @throws UsageError */
export async function writeWhole(path: string, text: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  // What is not a file, such as /dev/stdout, can't be replaced.
  const target = found && !found.isFile() ? path : `${path}.${process.pid}.nebius-rerank`
  try {
    await writeFile(target, text)
    if (target !== path) await rename(target, path)
  } catch (error) {
    if (target !== path) await rm(target, { force: true })
    throw unwritable(path, error)
  }
}
