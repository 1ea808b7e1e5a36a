import { bytesOf } from '../files/index.ts'
import { reopened } from './output-file.ts'
import type { OutputFile } from './output-file.ts'
import type { Outcome, OutcomeFormat } from './outcome.ts'
import { replaceFile } from './replace.ts'
import { deviceSink, fileSink, streamSink } from './sink.ts'
import type { Sink } from './sink.ts'
import { unwritable, UsageError } from '../terminal.ts'

/** Where the outcomes go. */
export interface Output {
  /** The keys of outcomes that were there before. */
  readonly done: ReadonlySet<string>
  /** The number of errors among them. */
  readonly failedBefore: number
  /** Returns the key of a job, or of its outcome. */
  readonly keyOf: OutcomeFormat['keyOf']
  /** Resolves when the outcome is written. Outcomes are written one after another, each by itself and whole. */
  write(outcome: Outcome): Promise<void>
  /** Completes the output. A table without outcomes gets its header. */
  complete(): Promise<void>
  /** Restores the errors that were removed for another try that did not happen, so that a run that ends early loses none. */
  restore(): Promise<void>
}

/** Options for an output that is there already. */
export interface Resumption {
  /** Set if the run goes on with it. */
  resume: boolean
  /** Set if its errors are tried again, and so taken out of it. */
  retryFailed: boolean
}

/** The content of an output before the run. */
interface Before {
  done: ReadonlySet<string>
  failed: number
  /** The lines of errors that are tried again, by their keys. */
  retried: ReadonlyMap<string, string>
  /** Bytes up to the end of the last whole outcome. */
  size: number
}

const NOTHING: Before = { done: new Set(), failed: 0, retried: new Map(), size: 0 }

/** Outcomes to standard output. */
export function outputToStream(stream: NodeJS.WriteStream, format: OutcomeFormat): Output {
  return outputTo(streamSink(stream, 'standard output'), format, NOTHING)
}

/**
 * Writes outcomes to an open file. If a crash or `kill -9` cut off the last outcome, it is removed, and its job is done
 * again.
 *
 * @throws UsageError for a file that is not empty and is not resumed, or that contains something else
 */
export async function outputToFile(
  file: OutputFile,
  format: OutcomeFormat,
  { resume, retryFailed }: Resumption,
): Promise<Output> {
  const { name, lock } = file
  if (!lock) return outputTo(deviceSink(file.handle, name), format, NOTHING)
  if (!resume && file.stats.size > 0n) {
    throw new UsageError(`${name} is not empty: continue it with --resume, or remove it`)
  }
  const before = await readBefore(file, format, retryFailed)
  let { size } = before
  try {
    await file.handle.truncate(size)
    if (before.retried.size > 0) {
      await replaceFile(file.path, lock.temporary, withoutErrors(file, format))
      size = await reopened(file)
    }
  } catch (error) {
    throw unwritable(name, error)
  }
  const sink = fileSink(file.handle, name, size)
  const guarded: Sink = {
    async append(text) {
      await lock.check()
      await sink.append(text)
    },
  }
  return outputTo(guarded, format, { ...before, size })
}

function outputTo(sink: Sink, format: OutcomeFormat, before: Before): Output {
  const undone = new Map(before.retried)
  let header = before.size > 0 ? '' : format.header
  let last = Promise.resolve()
  const append = (text: string): Promise<void> =>
    (last = last.then(async () => {
      const whole = header + text
      if (whole !== '') await sink.append(whole)
      header = ''
    }))
  return {
    done: before.done,
    failedBefore: before.failed,
    keyOf: format.keyOf,
    write(outcome) {
      undone.delete(format.keyOf(outcome))
      return append(format.write(outcome))
    },
    complete: () => append(''),
    async restore() {
      // A write that failed has left nothing, and there may be room for what is smaller.
      last = last.catch(() => undefined)
      if (undone.size > 0) await append([...undone.values()].join(''))
    },
  }
}

/** Reads the keys of the jobs that are done, including failed ones, unless these are tried again. */
async function readBefore(file: OutputFile, format: OutcomeFormat, retryFailed: boolean): Promise<Before> {
  const done = new Set<string>()
  const retried = new Map<string, string>()
  let failed = 0
  let size = 0
  for await (const { text, key, isError, end } of format.read(bytesOf(file.handle), file.name)) {
    if (isError && retryFailed) retried.set(key, text)
    else done.add(key)
    if (isError && !retryFailed) failed += 1
    size = end
  }
  return { done, failed, retried, size }
}

async function* withoutErrors({ handle, name }: OutputFile, format: OutcomeFormat): AsyncGenerator<string> {
  yield format.header
  for await (const { text, isError } of format.read(bytesOf(handle), name)) if (!isError) yield text
}
