import { createReadStream, open } from 'node:fs'
import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { linesOf } from './lines.ts'
import type { Line } from './lines.ts'
import { UsageError } from '../terminal.ts'

/** Where the jobs come from. */
export interface Input {
  /** The lines, which can be read once. */
  readonly lines: AsyncIterable<Line>
  /** How many lines are not blank; `undefined` where what is counted could not be read again. */
  count(): Promise<number | undefined>
  /** Reads no further: an input that is silent, and has not ended, would keep the process. */
  close: () => void
}

/** The input of that name, which is opened when its lines are read. @throws UsageError where there is none */
export async function findInput(path: string, stdin: NodeJS.ReadStream): Promise<Input> {
  const found = path === '-' ? undefined : await statOf(path)
  let source: Readable | undefined
  const lines = async function* (): AsyncGenerator<Line, void, undefined> {
    source = found ? await openSource(path, found) : stdin
    yield* linesOf(source as AsyncIterable<Buffer>)
  }
  return {
    lines: lines(),
    count: async () => (found?.isFile() ? countLines(path) : undefined),
    close: () => void source?.destroy(),
  }
}

async function statOf(path: string): Promise<Stats> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new UsageError(`Can't read ${path}: no such file`)
  if (found.isDirectory()) throw new UsageError(`Can't read ${path}: it is a folder`)
  return found
}

async function openSource(path: string, found: Stats): Promise<Readable> {
  if (!found.isFIFO()) return createReadStream(path)
  // As a file it could not be closed before it has something to read.
  return new Socket({ fd: await promisify(open)(path, 'r'), writable: false })
}

async function countLines(path: string): Promise<number> {
  let lines = 0
  for await (const { text } of linesOf(createReadStream(path) as AsyncIterable<Buffer>)) {
    if (text.trim() !== '') lines += 1
  }
  return lines
}
