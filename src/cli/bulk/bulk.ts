import { openRecords, openSource, refuseSameFile, statsOf } from '../files/index.ts'
import type { FileRecord, Source } from '../files/index.ts'
import { jobFieldsOf, outcomeFormatOf, readCall, readOptionsOf } from './call.ts'
import { createJobBudget, sayCost } from './cost.ts'
import { groupRows } from './group-rows.ts'
import { listenToSignals } from './interrupt.ts'
import { createJobReader } from './jobs.ts'
import type { Job, JobFields } from './jobs.ts'
import { closeOutputFile, openOutputFile } from './output-file.ts'
import type { OutputFile } from './output-file.ts'
import { outputToFile, outputToStream } from './output.ts'
import type { Output } from './output.ts'
import { showProgress, summaryLine } from './progress.ts'
import type { Tally } from './progress.ts'
import { openRanker } from './ranker.ts'
import type { Ranker } from './ranker.ts'
import { createRecorder } from './record.ts'
import type { Recorder } from './record.ts'
import { resumeLine, retryLine } from './resume-line.ts'
import { isInShard, shardFlag } from './shard.ts'
import type { Shard } from './shard.ts'
import { serviceFor } from '../client.ts'
import { firstOfEachKind } from '../first-retries.ts'
import { numberFlag } from '../flags.ts'
import { limitsIn } from '../limits.ts'
import { tell } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import { printable } from '../text.ts'

/** The state of a run, from its beginning on. */
interface Run {
  readonly tally: Tally
  before: { done: number; failed: number }
  readonly started: number
}

/** Ranks the jobs of a file. */
export async function bulkCommand(shell: Shell): Promise<number> {
  const call = readCall(shell.args)
  const { values } = call
  const shard = shardFlag(values.shard)
  const reading = readOptionsOf(values)
  const limits = limitsIn(values)
  const price = numberFlag('price', values.price, { least: 0 })
  const budget = createJobBudget(numberFlag('max-tokens', values['max-tokens'], { least: 1, whole: true }))
  const say = (message: string): void => void tell(shell, [printable(message)])
  // With a queue, the workers have the key and the options for ranking.
  const service =
    values.queue === undefined || values['dry-run']
      ? await serviceFor(values, shell, { onRetry: firstOfEachKind(say) })
      : undefined
  const run: Run = {
    tally: { ranked: 0, failed: 0, tokens: 0, pricePerMillion: values.local ? undefined : price },
    before: { done: 0, failed: 0 },
    started: performance.now(),
  }
  const interruption = listenToSignals()
  const { signal } = interruption
  let source: Source | undefined
  let file: OutputFile | undefined
  let ranker: Ranker | undefined
  let isComplete = false
  try {
    source = await openSource(call.from, shell.stdin)
    // A stream that is silent would be waited for.
    if (!source.isFile) signal.addEventListener('abort', () => void source?.close())
    const records = await openRecords(source, reading)
    const { fields, grouping } = jobFieldsOf(records, values)
    const read = (): AsyncIterable<FileRecord> =>
      grouping ? groupRows(records.read(), grouping) : records.read()
    if (values['dry-run'] && service) {
      await sayCost(read(), { fields, shard, service, limits, price, isLocal: values.local, shell })
      return 0
    }
    const format = outcomeFormatOf(call, records, fields)
    if (call.to !== '-') file = await openOutputFile(call.to, { signal, onWait: say, resume: values.resume })
    refuseMixing(shell, source, file)
    const output = file
      ? await outputToFile(file, format, { resume: values.resume, retryFailed: values['retry-failed'] })
      : outputToStream(shell.stdout, format)
    // What most files are needs no word.
    if (records.description !== 'JSON Lines') say(`Reading ${records.name} as ${records.description}`)
    run.before = { done: output.done.size, failed: output.failedBefore }

    const total = source.isFile ? await countRecords(read(), signal) : undefined
    ranker = await openRanker(call, { service, limits }, { say, signal })
    const progress = showProgress(shell, run.tally, restOf(total, shard, output), ranker)
    const recorder = createRecorder(output, run.tally, say)
    const jobs = jobsIn(read(), { fields, output, recorder, shard })
    try {
      for await (const outcome of ranker.rank(budget.within(jobs))) {
        budget.settle(outcome)
        await recorder.record(outcome)
      }
      await recorder.end()
      budget.end()
      await output.complete()
      isComplete = true
    } catch (error) {
      await source.close()
      // Until it has returned, it may still write of broken lines.
      await jobs.return().catch(() => undefined)
      await output.restore()
      throw error
    } finally {
      progress.stop()
    }
  } catch (error) {
    if (interruption.code === undefined) throw error
    await tell(shell, [summary(run), resumeLine(shell.args, call)])
    return interruption.code
  } finally {
    interruption.stop()
    await source?.close()
    await ranker?.close()
    if (file) await closeOutputFile(file, isComplete)
  }
  const hasFailed = run.tally.failed + run.before.failed > 0
  if (run.tally.ranked + run.before.done === 0 && !hasFailed && !shard) say(`${source.name} has no jobs`)
  await tell(shell, [summary(run), ...(hasFailed ? retryLine(shell.args, call) : [])])
  return hasFailed ? 1 : 0
}

function summary({ tally, before, started }: Run): string {
  return summaryLine(tally, before, (performance.now() - started) / 1000)
}

/** A file that is also another, or a standard stream. */
function refuseMixing({ stdin, stdout, stderr }: Shell, source: Source, file: OutputFile | undefined): void {
  const written = file ?? { name: 'standard output', stats: statsOf(stdout) }
  const named = (name: string, stream: object) => ({ name, stats: statsOf(stream) })
  const error = named('standard error', stderr)
  refuseSameFile(written, [
    source,
    named('standard input', stdin),
    error,
    file && named('standard output', stdout),
  ])
  refuseSameFile(error, [source])
}

/** Reads the whole file, so that an invalid one is found before anything is sent. */
async function countRecords(records: AsyncIterable<FileRecord>, signal: AbortSignal): Promise<number> {
  let count = 0
  for await (const { number } of records) {
    count += 1
    if (number % 1000 === 0) signal.throwIfAborted()
  }
  return count
}

function restOf(total: number | undefined, shard: Shard | undefined, output: Output): number | undefined {
  return total === undefined
    ? undefined
    : Math.max(Math.round(total / (shard?.of ?? 1)) - output.done.size, 0)
}

/** The jobs that have no outcome yet. A record without a job is an outcome by itself. */
async function* jobsIn(
  records: AsyncIterable<FileRecord>,
  how: { fields: JobFields; output: Output; recorder: Recorder; shard: Shard | undefined },
): AsyncGenerator<Job, void, undefined> {
  const { fields, output, recorder, shard } = how
  const read = createJobReader(fields, output.keyOf)
  for await (const record of records) {
    const job = read(record)
    const key = output.keyOf(job)
    if (shard && !isInShard(key, shard)) continue
    if ('error' in job) {
      if (!output.done.has(key)) await recorder.recordBroken(job)
      continue
    }
    await recorder.sawJob()
    if (!output.done.has(key)) yield job
  }
}
