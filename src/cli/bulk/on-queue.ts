import { rankOn } from '../../bullmq/index.ts'
import type { QueueLike } from '../../bullmq/index.ts'
import { lockQueue } from '../queue/collector-lock.ts'
import { connectTo } from '../queue/connect.ts'
import type { Connection, Surroundings } from '../queue/connect.ts'
import { load } from '../queue/packages.ts'
import { QUEUE } from '../queue/queue.ts'
import { systemReason } from '../system-reason.ts'
import { UsageError } from '../terminal.ts'
import type { Ranker } from './ranker.ts'

/** The parts of a BullMQ `Queue` that are used beside those that `rankOn` uses. */
interface Queue extends QueueLike {
  drain(withDelayed: boolean): Promise<void>
  clean(graceMs: number, limit: number, type: 'failed'): Promise<unknown>
  getWorkersCount(): Promise<number>
  on(event: 'error', listener: (reason: unknown) => void): unknown
}

type NewQueue = new (name: string, options: { connection: Connection }) => Queue

const LOOK_MS = 10_000

/**
 * Puts jobs on the queue of a Redis for `nebius-rerank work`, and collects their outcomes.
 *
 * @throws UsageError if the queue can't be had, or another run collects from it
 */
export async function openQueue(url: string, surroundings: Surroundings): Promise<Ranker> {
  const { say, signal } = surroundings
  const { Queue } = await load<{ Queue: NewQueue }>('bullmq', 'queue')
  const connection = await connectTo('queue', url, surroundings)
  let timer: ReturnType<typeof setInterval> | undefined
  try {
    const lock = await lockQueue(connection, surroundings)
    const queue = new Queue(QUEUE, { connection })
    // The connection reports its errors itself.
    queue.on('error', () => undefined)
    // What a run left before: what nobody has begun is added again, and an error that is not written down is tried again.
    await queue.drain(true)
    await queue.clean(0, 0, 'failed')
    const either = AbortSignal.any([signal, lock.lost])
    const warn = createWarning(queue, say)
    timer = setInterval(() => void warn(), LOOK_MS)
    await warn()
    return {
      async *rank(jobs) {
        let ofJobs: unknown
        const noted = (async function* () {
          try {
            yield* jobs
          } catch (reason) {
            throw (ofJobs = reason)
          }
        })()
        try {
          yield* rankOn(queue, noted, { signal: either })
        } catch (reason) {
          if (reason === ofJobs || either.aborted) throw reason
          throw new UsageError(
            `The queue cannot be reached: ${systemReason(reason)}. Continue with --resume`,
            {
              cause: reason,
            },
          )
        }
      },
      state: { rateLimited: 0, cooldownMs: 0 },
      async close() {
        clearInterval(timer)
        await lock.release()
        connection.disconnect()
      },
    }
  } catch (error) {
    connection.disconnect()
    throw error
  }
}

/** Says when there are no workers, and not at each look. */
function createWarning(queue: Queue, say: Surroundings['say']): () => Promise<void> {
  let isSaid = false
  return async () => {
    // Some hosts don't let it be asked.
    const isNone = (await queue.getWorkersCount().catch(() => 1)) === 0
    if (isNone && !isSaid)
      say('No worker takes jobs from this queue: start some with nebius-rerank work --queue URL')
    isSaid = isNone
  }
}
