import { createReadStream, createWriteStream } from 'node:fs'
import { open, realpath, rename, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { keyOf } from './jobs.ts'
import { lockFile } from './lock.ts'
import { linesOf } from './lines.ts'
import { unwritable, UsageError, write } from '../terminal.ts'

/** Where the outcomes go, one JSON object a line. */
export interface Output {
  /** The keys of outcomes that were there before. */
  readonly done: ReadonlySet<string>
  /** How many of them are errors. */
  readonly failedBefore: number
  /** Resolves when the line is written. Lines are written one after another, each by itself and whole. */
  write: (outcome: object) => Promise<void>
  /** Puts back the errors that were taken out to be tried again, and were not: a run that can't go on loses none. */
  restore: () => Promise<void>
  close: () => Promise<void>
}

/** How an output that is there already is gone on with. */
export interface Resumption {
  /** Whether that is wanted at all. */
  resume: boolean
  /** Whether its errors are tried again, and so taken out of it. */
  retryFailed: boolean
}

/**
 * Opens the output. One that was cut off in the middle of a line, by a crash or `kill -9`, ends with the last whole
 * line again; the outcome of that job is not there, and the job is done anew.
 *
 * @throws UsageError for a file that is not empty, unless it is to be resumed.
 */
export async function openOutput(
  path: string,
  stdout: NodeJS.WriteStream,
  { resume, retryFailed }: Resumption,
): Promise<Output> {
  if (retryFailed && !resume) throw new UsageError('--retry-failed goes with --resume')
  if (path === '-') {
    if (resume) throw new UsageError('--resume needs a file to go on with, not `-`')
    return outputTo(stdout, 'standard output')
  }
  const file = await openFile(path, resume ? 'a+' : 'a')
  let unlock = (): void => undefined
  try {
    const isFile = (await file.stat()).isFile()
    if (resume && !isFile) throw new UsageError(`--resume needs a file to go on with, and ${path} is none`)
    if (isFile) unlock = await lock(path)
    if (resume) return released(await resumed(path, file, retryFailed), unlock)
    if ((await file.stat()).size === 0) return released(outputTo(file, path), unlock)
    throw new UsageError(`${path} is not empty: go on with it by --resume, or remove it`)
  } catch (error) {
    unlock()
    await file.close()
    throw error
  }
}

async function lock(path: string): Promise<() => void> {
  return lockFile(await realpath(path)).catch((error: unknown) => {
    throw error instanceof UsageError ? error : unwritable(path, error)
  })
}

function released(output: Output, unlock: () => void): Output {
  return { ...output, close: () => output.close().finally(unlock) }
}

interface Before {
  done: ReadonlySet<string>
  failed: number
  /** The lines of errors that are tried again, by their keys. */
  retried: ReadonlyMap<string, string>
}

const NOTHING: Before = { done: new Set(), failed: 0, retried: new Map() }

async function resumed(path: string, file: FileHandle, retryFailed: boolean): Promise<Output> {
  const before = await readBefore(path, file, retryFailed)
  if (before.retried.size === 0) return outputTo(file, path, before)
  const rest = await withoutErrors(path)
  await file.close()
  return outputTo(rest, path, before)
}

function outputTo(
  to: FileHandle | NodeJS.WriteStream,
  name: string,
  { done, failed, retried }: Before = NOTHING,
): Output {
  const undone = new Map(retried)
  let last = Promise.resolve()
  const append = (text: string): Promise<void> =>
    ('appendFile' in to ? to.appendFile(text) : write(to, text)).catch((error: unknown) => {
      throw unwritable(name, error, '. Jobs are left undone: go on with --resume when that is settled')
    })
  return {
    done,
    failedBefore: failed,
    write(outcome) {
      undone.delete(keyOf(outcome) ?? '')
      return (last = last.then(() => append(`${JSON.stringify(outcome)}\n`)))
    },
    restore: () => (last = last.then(() => append([...undone.values()].map((line) => `${line}\n`).join('')))),
    close: () => last.finally(() => ('appendFile' in to ? to.close() : undefined)),
  }
}

async function openFile(path: string, flags: string): Promise<FileHandle> {
  return open(path, flags).catch((error: unknown) => {
    throw unwritable(path, error)
  })
}

/** What is done already: what failed is too, unless it is to be tried again. */
async function readBefore(path: string, file: FileHandle, retryFailed: boolean): Promise<Before> {
  const done = new Set<string>()
  const retried = new Map<string, string>()
  let failed = 0
  let end = 0
  for await (const line of linesOf(createReadStream(path) as AsyncIterable<Buffer>)) {
    if (!line.isWhole && isBeginning(line.text)) break
    const { key, isError } = readOutcome(line.text)
    if (key === undefined || !line.isWhole) {
      throw new UsageError(`${path}:${line.number} is no outcome of this command`)
    }
    if (isError && retryFailed) retried.set(key, line.text)
    else done.add(key)
    if (isError && !retryFailed) failed += 1
    end = line.end
  }
  await file.truncate(end)
  return { done, failed, retried }
}

/** Puts a copy without the errors in the file's place, at one moment: killed before or after, it is whole. */
async function withoutErrors(path: string): Promise<FileHandle> {
  const target = await realpath(path)
  const copy = `${target}.nebius-rerank`
  const { mode } = await stat(target)
  const kept = async function* (): AsyncGenerator<string> {
    for await (const { text } of linesOf(createReadStream(target) as AsyncIterable<Buffer>)) {
      if (!readOutcome(text).isError) yield `${text}\n`
    }
  }
  try {
    await pipeline(kept, createWriteStream(copy, { mode, flush: true }))
    await rename(copy, target)
  } catch (error) {
    throw unwritable(path, error)
  }
  return openFile(target, 'a')
}

/** Whether a line that was cut off is one of ours: what is not must not be cut away. */
function isBeginning(text: string): boolean {
  // Whole JSON that is no outcome was not cut off: it is somebody else's.
  if (isJson(text) && readOutcome(text).key === undefined) return false
  return ['{"id":', '{"line":'].some((start) => text.startsWith(start.slice(0, text.length)))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function readOutcome(text: string): { key: string | undefined; isError: boolean } {
  try {
    const value: unknown = JSON.parse(text)
    const isOutcome = typeof value === 'object' && value !== null && ('results' in value || 'error' in value)
    return isOutcome ? { key: keyOf(value), isError: 'error' in value } : { key: undefined, isError: false }
  } catch {
    return { key: undefined, isError: false }
  }
}
