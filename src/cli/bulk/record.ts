import { isRerankError } from '../../index.ts'
import { isShared, isSuspect } from './shared-failure.ts'
import type { BrokenJob, Job, JobOutcome } from './jobs.ts'
import type { Failure, Outcome } from './outcome.ts'
import type { Output } from './output.ts'
import type { Tally } from './progress.ts'
import { inFlags } from '../failure.ts'
import { UsageError } from '../terminal.ts'

/** Records the outcomes of jobs, and ends a run that would fail all of them. */
export interface Recorder {
  /** @throws UsageError if the run can't go on; the job is not written off then */
  record(outcome: JobOutcome): Promise<void>
  /** @throws UsageError if none of the first records holds a job: it is another kind of file */
  recordBroken(broken: BrokenJob): Promise<void>
  /** Notes that a record contained a job, so that invalid records are exceptions. */
  sawJob(): Promise<void>
  /** Ends the run after all jobs. @throws UsageError if none could be ranked, in this run or an earlier one */
  end(): Promise<void>
}

/** Prints a failure of a run: the first of each kind. */
export type Tell = (message: string) => void

/** After this many failures that may affect all jobs, without a ranked job between them, the run ends. */
const MANY_SUSPECTS = 10
/** After this many records without a job, before the first with one, the run ends. */
const MANY_BROKEN = 20

/** The recorder of a run. */
export function createRecorder(
  output: Pick<Output, 'done' | 'failedBefore' | 'write'>,
  tally: Tally,
  tell: Tell,
): Recorder {
  const hasRankedBefore = output.done.size > output.failedBefore
  const told = new Set<string>()
  let suspects: { job: Job; error: Error }[] = []
  /** Records without a job, before the first that holds one. */
  let waiting: BrokenJob[] | undefined = output.done.size > 0 ? undefined : []

  const writeFailure = async (outcome: Outcome & { error: Failure }, place: string): Promise<void> => {
    tally.failed += 1
    const { kind, message, status } = outcome.error
    const sort = `${kind} ${status ?? ''}`
    if (!told.has(sort)) tell(`${place} (${kind}): ${message}`)
    told.add(sort)
    await output.write(outcome)
  }
  const fail = ({ job: { id, kept }, error }: { job: Job; error: Error }): Promise<void> =>
    writeFailure({ id, kept, error: factsOf(error) }, `job ${JSON.stringify(id)}`)
  const writeBroken = (broken: BrokenJob): Promise<void> => writeFailure(broken, `line ${broken.line}`)

  /** Writes the suspects as failures: they were their own jobs' after all. */
  const clear = async (): Promise<void> => {
    const own = suspects
    suspects = []
    for (const suspect of own) await fail(suspect)
  }

  const refuse = ({ line, error: { message } }: BrokenJob): never => {
    throw new UsageError(
      `The input has no valid job: line ${line}: ${message}. For its format, see nebius-rerank bulk --help`,
    )
  }

  const sawJob = async (): Promise<void> => {
    const broken = waiting ?? []
    waiting = undefined
    for (const each of broken) await writeBroken(each)
  }

  return {
    sawJob,
    async record({ job, ranked, usage, error }) {
      if (error) {
        if (isShared(error)) throw goOnLater(error)
        if (!isSuspect(error)) return fail({ job, error })
        suspects.push({ job, error })
        if (suspects.length >= MANY_SUSPECTS) throw goOnLater(error)
        return
      }
      await clear()
      tally.ranked += 1
      tally.tokens += usage.total_tokens
      const { id, kept, shown } = job
      const results = ranked.map(({ index, score }) => ({
        index,
        relevance_score: score,
        document: shown?.(index),
      }))
      await output.write({ id, kept, results, usage })
    },
    async recordBroken(broken) {
      if (!waiting) return writeBroken(broken)
      waiting.push(broken)
      const [first] = waiting
      if (first && waiting.length >= MANY_BROKEN) refuse(first)
    },
    async end() {
      const [unreadable] = waiting?.every((each) => each.isUnreadable) === true ? waiting : []
      if (unreadable) refuse(unreadable)
      await sawJob()
      const [first] = suspects
      if (first && tally.ranked === 0 && !hasRankedBefore) throw goOnLater(first.error)
      await clear()
    },
  }
}

function goOnLater(error: Error): UsageError {
  const message = error.message.replace(/\.$/, '')
  return new UsageError(`${message}. Continue with --resume when that is resolved`, { cause: error })
}

function factsOf(error: Error): Failure {
  if (!isRerankError(error)) return { kind: 'input', message: error.message }
  const { kind, status, requestId, message } = error
  return { kind, status, request_id: requestId, message: inFlags(message) }
}
