import type { RankOutcome } from '../../bulk/index.ts'
import { isRerankError } from '../../index.ts'
import type { RerankErrorKind } from '../../index.ts'
import type { Job } from './jobs.ts'
import type { Output } from './output.ts'
import type { Tally } from './progress.ts'
import { UsageError } from '../terminal.ts'

/** Writes down what becomes of jobs, and ends a run that would fail them all. */
export interface Recorder {
  /** @throws UsageError where the run can't go on; the job is not written off then */
  record(outcome: RankOutcome<Job>): Promise<void>
  /** All jobs are done. @throws UsageError where that is only because none could be, in this run or before it */
  end(): Promise<void>
}

/** What fails one job so fails all: the key or the account. */
const FATAL: ReadonlySet<string> = new Set<RerankErrorKind>(['authentication', 'payment'])
/** What may be all jobs’ failure, or one's own: a firewall answers a single query with a 403. */
const SUSPECT: ReadonlySet<string> = new Set<RerankErrorKind>(['permission', 'not_found'])
/** So many of those, with no job ranked between them, are all jobs’. */
const MANY = 10

/** The recorder of a run. */
export function createRecorder(output: Output, tally: Tally): Recorder {
  const hasRankedBefore = output.done.size > output.failedBefore
  let suspects: { id: Job['id']; error: Error }[] = []

  const fail = async ({ id, error }: { id: Job['id']; error: Error }): Promise<void> => {
    tally.failed += 1
    await output.write({ id, error: factsOf(error) })
  }

  /** Those held back were their own jobs' failures after all. */
  const clear = async (): Promise<void> => {
    const own = suspects
    suspects = []
    for (const suspect of own) await fail(suspect)
  }

  return {
    async record({ job: { id }, ranked, usage, error }) {
      if (error) {
        const kind = isRerankError(error) ? error.kind : ''
        if (FATAL.has(kind)) throw goOnLater(error)
        if (!SUSPECT.has(kind)) return fail({ id, error })
        suspects.push({ id, error })
        if (suspects.length >= MANY) throw goOnLater(error)
        return
      }
      await clear()
      tally.ranked += 1
      tally.tokens += usage.total_tokens
      const results = ranked.map(({ index, score }) => ({ index, relevance_score: score }))
      await output.write({ id, results, usage })
    },
    async end() {
      const [first] = suspects
      if (first && tally.ranked === 0 && !hasRankedBefore) throw goOnLater(first.error)
      await clear()
    },
  }
}

function goOnLater(error: Error): UsageError {
  const message = error.message.replace(/\.$/, '')
  return new UsageError(`${message}. Go on with --resume when that is settled`, { cause: error })
}

function factsOf(error: Error): object {
  if (!isRerankError(error)) return { kind: 'input', message: error.message }
  const { kind, status, requestId, message } = error
  return { kind, status, request_id: requestId, message }
}
