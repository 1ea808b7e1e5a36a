import { rankMany } from '../../bulk/index.ts'
import type { RateLimiterOptions, RateLimiterState } from '../../bulk/index.ts'
import type { Service } from '../client.ts'
import { openRateLimiter } from '../limits.ts'
import type { Surroundings } from '../queue/connect.ts'
import type { Call } from './call.ts'
import type { Job, JobOutcome } from './jobs.ts'

/** Who ranks the jobs of a run: this process, or the workers of a queue. */
export interface Ranker {
  rank(jobs: AsyncGenerator<Job, void, undefined>): AsyncIterable<JobOutcome>
  readonly state: Pick<RateLimiterState, 'rateLimited' | 'cooldownMs'>
  close(): Promise<void>
}

/** The ranker that the flags name. @throws UsageError */
export async function openRanker(
  { values }: Call,
  { service, limits }: { service: Service | undefined; limits: RateLimiterOptions },
  surroundings: Surroundings,
): Promise<Ranker> {
  if (!service) {
    const { openQueue } = await import('./on-queue.ts')
    return openQueue(values.queue ?? '', surroundings)
  }
  const limiter = await openRateLimiter(limits, values['shared-limit'], surroundings)
  const { rateLimiter } = limiter
  const { signal } = surroundings
  return {
    rank: (jobs) => rankMany(service.client, jobs, { ...service.options, rateLimiter, signal }),
    get state() {
      return rateLimiter.state
    },
    close: async () => limiter.close(),
  }
}
