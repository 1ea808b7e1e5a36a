import { createRateLimiter } from '../bulk/index.ts'
import type { RateLimiterOptions, RateLimiterState } from '../bulk/index.ts'
import type { RateLimiter } from '../index.ts'
import { numberFlag } from './flags.ts'
import type { Surroundings } from './queue/connect.ts'
import { systemReason } from './system-reason.ts'

/** Flags that say how fast the service may be asked. */
export const LIMIT_FLAGS = {
  concurrency: { type: 'string' },
  'requests-per-minute': { type: 'string' },
  'tokens-per-minute': { type: 'string' },
  'shared-limit': { type: 'string' },
} as const

/** The values of {@link LIMIT_FLAGS}. */
export type LimitFlags = { readonly [Name in keyof typeof LIMIT_FLAGS]?: string | undefined }

/** The limits that flags state. @throws UsageError */
export function limitsIn(flags: LimitFlags): RateLimiterOptions {
  return {
    concurrency: numberFlag('concurrency', flags.concurrency, { least: 1, most: 1000, whole: true }),
    requestsPerMinute: numberFlag('requests-per-minute', flags['requests-per-minute'], { least: 0.001 }),
    tokensPerMinute: numberFlag('tokens-per-minute', flags['tokens-per-minute'], { least: 1 }),
  }
}

/** A rate limiter that is closed when it is of no use any more. */
export interface CommandRateLimiter {
  readonly rateLimiter: RateLimiter & {
    readonly concurrency: number
    readonly state: Pick<RateLimiterState, 'rateLimited' | 'cooldownMs'>
  }
  close(): void
}

/** Makes the rate limiter of this process, or its part of one that others share by a Redis. @throws UsageError */
export async function openRateLimiter(
  limits: RateLimiterOptions,
  sharedBy: string | undefined,
  surroundings: Surroundings,
): Promise<CommandRateLimiter> {
  if (sharedBy === undefined) return { rateLimiter: createRateLimiter(limits), close: () => undefined }
  const { connectTo } = await import('./queue/connect.ts')
  const { createRedisRateLimiter } = await import('../redis/index.ts')
  const { say } = surroundings
  const redis = await connectTo('shared-limit', sharedBy, { ...surroundings, say: () => undefined })
  const rateLimiter = createRedisRateLimiter({
    ...limits,
    redis,
    isBackground: true,
    onError: (reason) =>
      say(
        `The Redis of the shared limit cannot be reached (${systemReason(reason)}): until it is back, this process keeps its current rate`,
      ),
  })
  return { rateLimiter, close: () => redis.disconnect() }
}
