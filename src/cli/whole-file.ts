import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { unwritable, UsageError } from './terminal.ts'

/** Refuses, before anything is spent, a path where no file can be written. @throws UsageError */
export async function checkWritable(path: string): Promise<void> {
  const folder = await stat(dirname(path)).catch(() => undefined)
  if (!folder?.isDirectory()) throw new UsageError(`Can't write ${path}: there is no folder ${dirname(path)}`)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) throw new UsageError(`Can't write ${path}: it is a folder`)
}

/** Writes a file whole or not at all, in the place of one that is there. @throws UsageError */
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
