import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { keyOf } from './bulk-jobs.ts'
import { linesOf } from './lines.ts'
import { UsageError } from './shell.ts'

/** Where the outcomes go, one JSON object a line. */
export interface Output {
  /** The keys of outcomes that were there before. */
  readonly done: Set<string>
  /** How many of them are errors. */
  readonly failedBefore: number
  /** Resolves when the line is written. Lines are written one after another, each by itself and whole. */
  write: (outcome: object) => Promise<void>
  close: () => Promise<void>
}

/**
 * Opens the output. One that was cut off in the middle of a line, by a crash or `kill -9`, ends with the last whole
 * line again; the outcome of that job is not there, and the job is done anew.
 *
 * @throws UsageError for a file that is not empty, unless it is to be resumed.
 */
export async function openOutput(path: string, resume: boolean, stdout: NodeJS.WriteStream): Promise<Output> {
  if (path === '-') {
    if (resume) throw new UsageError('--resume needs a file to go on with, not `-`')
    return outputTo((text) => new Promise((resolve) => stdout.write(text, () => resolve())))
  }
  const file = await open(path, resume ? 'a+' : 'a').catch((error: unknown) => {
    throw new UsageError(`Can't write ${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  })
  try {
    if (!resume && (await file.stat()).size > 0) {
      throw new UsageError(`${path} is not empty: go on with it by --resume, or remove it`)
    }
    const before = resume ? await readBefore(path, file) : NOTHING
    return outputTo(
      (text) => file.appendFile(text),
      before,
      () => file.close(),
    )
  } catch (error) {
    await file.close()
    throw error
  }
}

interface Before {
  done: Set<string>
  failedBefore: number
}

const NOTHING: Before = { done: new Set(), failedBefore: 0 }

function outputTo(
  append: (text: string) => Promise<void>,
  { done, failedBefore }: Before = NOTHING,
  close: () => Promise<void> = () => Promise.resolve(),
): Output {
  let last = Promise.resolve()
  return {
    done,
    failedBefore,
    write: (outcome) => (last = last.then(() => append(`${JSON.stringify(outcome)}\n`))),
    close: () => last.then(close),
  }
}

async function readBefore(path: string, file: FileHandle): Promise<Before> {
  const done = new Set<string>()
  let failedBefore = 0
  let end = 0
  for await (const line of linesOf(createReadStream(path) as AsyncIterable<Buffer>)) {
    if (!line.isWhole) {
      if (isBeginning(line.text)) break
      throw new UsageError(`${path}:${line.number} is no outcome of this command`)
    }
    const { key, isError } = readOutcome(line.text)
    if (key === undefined) throw new UsageError(`${path}:${line.number} is no outcome of this command`)
    done.add(key)
    if (isError) failedBefore += 1
    end = line.end
  }
  await file.truncate(end)
  return { done, failedBefore }
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
