import { access, constants, fstatSync, open as openFd } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { systemReason } from '../system-reason.ts'
import { UsageError } from '../terminal.ts'

/** A file, a named pipe or standard input, found and allowed to be read. */
export interface Source {
  /** The path as it was given, or `standard input`. */
  readonly name: string
  /** The system's facts; `undefined` for a stream without a descriptor. */
  readonly stats: BigIntStats | undefined
  /** True if it can be read more than once, each time from its start. */
  readonly isFile: boolean
  /** Its bytes. @throws UsageError if reading fails */
  read(): AsyncGenerator<Buffer, void, undefined>
  /** Stops reading: a stream that is silent and has not ended would keep the process. */
  close(): Promise<void>
}

/** The source of that path; `-` stands for standard input. @throws UsageError for what can't be read */
export async function openSource(path: string, stdin: Readable): Promise<Source> {
  if (path === '-') return streamSource('standard input', statsOf(stdin), async () => stdin)
  const stats = await explained(path, () => stat(path, { bigint: true }))
  if (stats.isDirectory()) throw new UsageError(`Can't read ${path}: it is a folder`)
  if (stats.isFile()) return fileSource(path, stats, await explained(path, () => open(path, 'r')))
  await explained(path, () => promisify(access)(path, constants.R_OK))
  return streamSource(path, stats, async () => {
    const fd = await promisify(openFd)(path, 'r')
    // As a file, a pipe could not be closed before it has something to read.
    return stats.isFIFO() ? new Socket({ fd, writable: false }) : deviceStream(fd)
  })
}

/** The facts of a standard stream; `undefined` for one that has no descriptor. */
export function statsOf(stream: object): BigIntStats | undefined {
  const fd: unknown = Reflect.get(stream, 'fd')
  try {
    return typeof fd === 'number' ? fstatSync(fd, { bigint: true }) : undefined
  } catch {
    return undefined
  }
}

function fileSource(name: string, stats: BigIntStats, handle: FileHandle): Source {
  return {
    name,
    stats,
    isFile: true,
    async *read() {
      try {
        yield* bytesOf(handle)
      } catch (error) {
        throw unreadable(name, error)
      }
    },
    close: () => handle.close(),
  }
}

/** The bytes of an open file from its start. Unlike a stream, it leaves the file open where its reader stops early. */
export async function* bytesOf(handle: FileHandle): AsyncGenerator<Buffer, void, undefined> {
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** Fewer reads than with Node's 64 KiB; more than 256 KiB gains nothing on a local disk. */
const CHUNK = 256 * 1024

function streamSource(name: string, stats: BigIntStats | undefined, start: () => Promise<Readable>): Source {
  let stream: Readable | undefined
  return {
    name,
    stats,
    isFile: false,
    async *read() {
      stream = await explained(name, start)
      yield* chunksOf(name, stream)
    },
    close: async () => void stream?.destroy(),
  }
}

async function deviceStream(fd: number): Promise<Readable> {
  return (await import('node:fs')).createReadStream('', { fd })
}

async function* chunksOf(name: string, stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of stream as AsyncIterable<Buffer | string>) {
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    }
  } catch (error) {
    throw unreadable(name, error)
  }
}

async function explained<Result>(name: string, action: () => Promise<Result>): Promise<Result> {
  return action().catch((error: unknown) => {
    throw unreadable(name, error)
  })
}

/** The error for what can't be read. */
export function unreadable(name: string, error: unknown): UsageError {
  return new UsageError(`Can't read ${name}: ${systemReason(error)}`, { cause: error })
}
