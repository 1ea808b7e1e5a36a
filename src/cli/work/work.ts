import { createRankProcessor } from '../../bullmq/index.ts'
import type { ProcessedJob, RankProcessor } from '../../bullmq/index.ts'
import { property } from '../../shared/property.ts'
import { within } from '../../shared/within.ts'
import { listenToSignals } from '../bulk/interrupt.ts'
import { showProgress, summaryLine } from '../bulk/progress.ts'
import type { Tally } from '../bulk/progress.ts'
import { isShared } from '../bulk/shared-failure.ts'
import { serviceFor } from '../client.ts'
import { firstOfEachKind } from '../first-retries.ts'
import { readFlags, SERVICE_FLAGS, SHARED_FLAGS } from '../flags.ts'
import { LIMIT_FLAGS, limitsIn, openRateLimiter } from '../limits.ts'
import type { CommandRateLimiter } from '../limits.ts'
import { connectTo } from '../queue/connect.ts'
import type { Connection } from '../queue/connect.ts'
import { load } from '../queue/packages.ts'
import { QUEUE } from '../queue/queue.ts'
import { tell, UsageError } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import { printable } from '../text.ts'

/** The part of a BullMQ `Worker` that is used. */
interface Worker {
  cancelAllJobs(): void
  close(): Promise<void>
  on(event: 'error', listener: (reason: unknown) => void): unknown
}

type NewWorker = new (name: string, processor: RankProcessor, options: object) => Worker

/** A worker that was killed is taken for dead after so long, and its jobs are ranked by others. */
const DEAD_AFTER = { lockDuration: 10_000, stalledInterval: 5000, maxStalledCount: 10 }
/** The wait of a job that a worker could not do, and gave back. */
const DELAY_MS = 1000
/** The most time for returning jobs. A job that is not returned counts as stalled. */
const CLOSING_MS = 5000
/** As patient as `rankMany`: a job can wait. */
const MOST_RETRIES = 10

/** Ranks what is on a queue until a signal ends it. */
export async function workCommand(shell: Shell): Promise<number> {
  const flags = { ...SHARED_FLAGS, ...SERVICE_FLAGS, ...LIMIT_FLAGS, queue: { type: 'string' } } as const
  const { values, positionals } = readFlags(shell.args, flags)
  if (positionals.length > 0) throw new UsageError('work takes options only; see nebius-rerank work --help')
  const { queue: url } = values
  if (url === undefined) throw new UsageError('work needs --queue URL, with the same URL as bulk --queue')
  const limits = limitsIn(values)
  const say = (message: string): void => void tell(shell, [printable(message)])
  const { client, options } = await serviceFor(values, shell, { onRetry: firstOfEachKind(say) })
  const tally: Tally = { ranked: 0, failed: 0, tokens: 0 }
  const started = performance.now()
  const interruption = listenToSignals()
  const { signal } = interruption
  let connection: Connection | undefined
  let limiter: CommandRateLimiter | undefined
  try {
    const { Worker } = await load<{ Worker: NewWorker }>('bullmq', 'queue')
    connection = await connectTo('queue', url, { say, signal })
    limiter = await openRateLimiter(limits, values['shared-limit'] ?? url, { say, signal })
    const { rateLimiter } = limiter
    const rank = createRankProcessor(client, { ...options, maxRetries: MOST_RETRIES, rateLimiter })
    const { concurrency } = rateLimiter
    let failure: Error | undefined
    const end = new AbortController()
    const processor = counted(rank, tally, (error) => {
      failure ??= error
      end.abort()
    })
    const worker = new Worker(QUEUE, processor, {
      connection,
      concurrency,
      ...DEAD_AFTER,
      runRetryDelay: 500,
    })
    // The connection reports its errors itself.
    worker.on('error', () => undefined)
    say(`Ranking jobs from the queue, ${concurrency} jobs at once; Ctrl-C ends it`)
    const progress = showProgress(shell, tally, undefined, rateLimiter)
    await aborted(AbortSignal.any([signal, end.signal]))
    progress.stop()
    const closed = worker.close()
    worker.cancelAllJobs()
    await within(closed, CLOSING_MS, 'the queue').catch(() => undefined)
    await tell(shell, [summaryLine(tally, { done: 0, failed: 0 }, (performance.now() - started) / 1000)])
    if (failure) {
      throw new UsageError(`${failure.message.replace(/\.$/, '')}. The jobs went back to the queue`, {
        cause: failure,
      })
    }
    return 0
  } finally {
    interruption.stop()
    limiter?.close()
    connection?.disconnect()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}

/** Counts outcomes. What would fail all jobs fails none: the job goes back, and the worker has to end. */
function counted(rank: RankProcessor, tally: Tally, end: (error: Error) => void): RankProcessor {
  return async (job, token, signal) => {
    try {
      const result = await rank(job, token, signal)
      tally.ranked += 1
      tally.tokens += result.usage.total_tokens
      return result
    } catch (reason) {
      const cause = property(reason, 'cause')
      if (cause instanceof Error && isShared(cause)) {
        end(cause)
        throw await givenBack(job, token)
      }
      if (property(reason, 'name') === 'UnrecoverableError') tally.failed += 1
      throw reason
    }
  }
}

async function givenBack(job: ProcessedJob, token: string | undefined): Promise<Error> {
  await job.moveToDelayed(Date.now() + DELAY_MS, token)
  return Object.assign(new Error('the worker ends'), { name: 'DelayedError' })
}
