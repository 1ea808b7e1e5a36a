import { constants } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { lstat, open, readlink, realpath, stat, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { lockFile } from './lock.ts'
import type { Lock, LockOptions } from './lock.ts'
import { unwritable, UsageError } from '../terminal.ts'
import { checkWritable } from '../whole-file.ts'

/** Options for the opening of an output. */
export interface OpenOptions extends LockOptions {
  /** Requires a file: the opening of a pipe would wait until somebody reads it. */
  resume?: boolean
}

/** An output that is open. */
export interface OutputFile {
  /** As it was named. */
  readonly name: string
  /** Where it is, links followed. */
  readonly path: string
  handle: FileHandle
  readonly stats: BigIntStats
  /** True if the output is a new file. */
  readonly isNew: boolean
  /** The lock of a file. Other outputs, such as devices, cannot be locked. */
  readonly lock: Lock | undefined
}

/**
 * Opens an output, and locks it where it is a file.
 *
 * @throws UsageError for one that can't be written, that another run writes, or that has another name as well
 */
export async function openOutputFile(name: string, options: OpenOptions = {}): Promise<OutputFile> {
  const explained = async <Result>(action: Promise<Result>): Promise<Result> =>
    action.catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error)) throw error
      throw unwritable(name, error)
    })
  await checkWritable(name)
  const path = await explained(targetOf(name))
  const found = await stat(path).catch(() => undefined)
  if (found && !found.isFile()) {
    if (options.resume) throw new UsageError(`--resume needs an output file, and ${name} is not a file`)
    const handle = await explained(open(path, 'a'))
    return { name, path, handle, stats: await handle.stat({ bigint: true }), isNew: false, lock: undefined }
  }
  // Before it is opened: the owner of the lock may put another file in its place.
  const lock = await explained(lockFile(path, options))
  let opened: { handle: FileHandle; isNew: boolean } | undefined
  try {
    opened = await explained(openOrCreate(path))
    const stats = await opened.handle.stat({ bigint: true })
    if (stats.nlink > 1n) {
      throw new UsageError(
        `${name} has ${stats.nlink} names (hard links), so another run could write to it under another name: copy it, and use the copy`,
      )
    }
    return { name, path, ...opened, stats, lock }
  } catch (error) {
    await opened?.handle.close()
    await lock.release()
    throw error
  }
}

async function openOrCreate(path: string): Promise<{ handle: FileHandle; isNew: boolean }> {
  const { O_RDWR, O_APPEND, O_CREAT, O_EXCL } = constants
  try {
    return { handle: await open(path, O_RDWR | O_APPEND), isNew: false }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { handle: await open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL), isNew: true }
  }
}

/** Where a path leads: its links followed, though there may be nothing at the end. */
/** Where a file is or will be, links followed. */
export async function targetOf(path: string, depth = 0): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || depth > 40) throw error
  }
  const folder = await realpath(dirname(resolve(path)))
  const place = join(folder, basename(path))
  const link = await lstat(place).catch(() => undefined)
  return link?.isSymbolicLink() ? targetOf(resolve(folder, await readlink(place)), depth + 1) : place
}

/** Opens the file that took the place of an output; resolves with its size. */
export async function reopened(file: OutputFile): Promise<number> {
  await file.handle.close()
  file.handle = await open(file.path, constants.O_RDWR | constants.O_APPEND)
  return (await file.handle.stat()).size
}

/** Closes an output and lets others have it. One that was not there before, and is still empty, is removed. */
export async function closeOutputFile(
  { handle, isNew, path, lock }: OutputFile,
  isWanted: boolean,
): Promise<void> {
  const { size } = await handle.stat()
  await handle.close()
  if (isNew && size === 0 && !isWanted) await unlink(path).catch(() => undefined)
  await lock?.release()
}
