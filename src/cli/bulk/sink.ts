import { fstatSync, ftruncateSync, writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { statsOf } from '../files/index.ts'
import { unwritable, UsageError, write } from '../terminal.ts'

/** A target for appended texts. If possible, a text that cannot be written completely is not written at all. */
export interface Sink {
  /** @throws UsageError */
  append(text: string): Promise<void>
}

const UNDONE = '. Jobs remain'
const GO_ON = `${UNDONE}: continue with --resume when that is resolved`

/** A sink at the end of a file, which no other process may write at the same time. */
export function fileSink(file: FileHandle, name: string, size: number): Sink {
  let end = size
  return {
    async append(text) {
      const bytes = Buffer.from(text)
      const { size: found, nlink } = await file.stat().catch((error: unknown) => {
        throw unwritable(name, error)
      })
      if (nlink === 0)
        throw new UsageError(`${name} was removed during the run. Outcomes written after that are lost`)
      if (found !== end) throw new UsageError(`${name} is being written by another program${GO_ON}`)
      try {
        await file.appendFile(bytes)
      } catch (error) {
        // The next reader of the file would have to tell half a line from a whole one.
        await file.truncate(end).catch(() => undefined)
        throw unwritable(name, error, GO_ON)
      }
      end += bytes.length
    },
  }
}

/** A device or a pipe, opened as a file. */
export function deviceSink(file: FileHandle, name: string): Sink {
  return {
    append: (text) =>
      file.appendFile(text).catch((error: unknown) => {
        throw unwritable(name, error, UNDONE)
      }),
  }
}

/** Standard output, which may be redirected to a file. */
export function streamSink(stream: NodeJS.WriteStream, name: string): Sink {
  const fd = Number(Reflect.get(stream, 'fd'))
  const isFile = statsOf(stream)?.isFile() === true
  return {
    async append(text) {
      try {
        if (isFile) writeWhole(fd, Buffer.from(text))
        else await write(stream, text)
      } catch (error) {
        throw unwritable(name, error, UNDONE)
      }
    },
  }
}

/** Writes all or nothing. Node's own stream reports success after a partial write to a full disk. */
function writeWhole(fd: number, bytes: Buffer): void {
  const { size } = fstatSync(fd)
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written)
  } catch (error) {
    if (fstatSync(fd).size > size) ftruncateSync(fd, size)
    throw error
  }
}
