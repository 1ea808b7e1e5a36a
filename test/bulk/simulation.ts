import { createRateLimiterBy } from '../../src/bulk/rate-limiter/rate-limiter.ts'
import { fillBucket } from './token-bucket.ts'
import { acquireFrom } from './limited.ts'
import type { Bucket } from './token-bucket.ts'
import { createVirtualClock } from './virtual-time.ts'

/** What a service says when it refuses: nothing, whole seconds rounded up, or the millisecond. */
export type Wording = 'nothing' | 'seconds' | 'milliseconds'

export interface Simulation extends Bucket {
  wording: Wording
  /** Milliseconds that a request takes, more or less. */
  latency: number
  jobs: number
  concurrency?: number
  /** The share of requests that are refused whatever the bucket holds. @default 0 */
  chance?: number
  /** By what the bucket's rate is multiplied after so many milliseconds. */
  change?: (ms: number) => number
}

export interface Report {
  /** What was admitted, as a share of what could have been. */
  share: number
  /** The share of requests that were refused. */
  refused: number
  /** Requests a second that were admitted in the last half of the time. */
  lastHalf: number
}

/** Sends jobs to a token bucket through a rate limiter, in virtual time. The same arguments give the same report. */
export async function simulate(simulation: Simulation): Promise<Report> {
  const { wording, latency, jobs, concurrency = 16, chance = 0, change = () => 1 } = simulation
  const clock = createVirtualClock()
  const random = createRandom()
  const rateLimiter = createRateLimiterBy(clock, { concurrency })
  const started = clock.now()
  const admitted: number[] = []
  let refused = 0
  let left = jobs
  const tokens = fillBucket(simulation, () => clock.now(), {
    from: started,
    change: (now) => change(now - started),
  })

  const travel = (): Promise<void> => clock.sleep((latency / 2) * (0.75 + random() / 2))
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      for (let isDone = false; !isDone;) {
        const lease = await acquireFrom(rateLimiter)
        await travel()
        const waitMs = random() < chance ? 1 : tokens.take()
        isDone = waitMs === 0
        if (isDone) admitted.push(clock.now())
        else refused += 1
        await travel()
        const retryAfterMs = isDone ? undefined : WORDED[wording](waitMs)
        lease.release({ status: isDone ? 200 : 429, retryAfterMs })
        if (retryAfterMs !== undefined) await clock.sleep(retryAfterMs)
      }
    }
  }
  const all = Promise.all(Array.from({ length: concurrency }, work))
  await clock.pass()
  await all
  const half = (started + tokens.lastAt) / 2
  return {
    share: admitted.length / tokens.admissible,
    refused: refused / (refused + admitted.length),
    lastHalf: (admitted.filter((at) => at > half).length / (tokens.lastAt - half)) * 1000,
  }
}

const WORDED: Record<Wording, (ms: number) => number | undefined> = {
  nothing: () => undefined,
  seconds: (ms) => Math.ceil(ms / 1000) * 1000,
  milliseconds: (ms) => Math.ceil(ms),
}

/** Numbers from 0 to 1 that look like chance. */
function createRandom(): () => number {
  let state = 1
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}
