import type { RankOptions, RateLimiter, RerankClient, TextOptions } from '../index.ts'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { property } from '../shared/property.ts'
import { readProperties } from '../shared/read-properties.ts'
import { assertObject, FLAG, invalid, isFunction } from '../shared/validate.ts'
import { documentReader, readJob } from './job.ts'
import type { ItemOf, RankJob, RankOutcome } from './job.ts'
import { mapIterable } from './map-iterable.ts'
import { LIMITER } from './options.ts'
import type { RateLimiterOptions } from './options.ts'
import { createRateLimiter } from './rate-limiter/rate-limiter.ts'

/** Options of {@link rankMany}: options of `rank` for each job, and options of the rate limiter. */
export interface RankManyOptions<Item>
  extends
    Omit<RankOptions<Item>, 'onProgress' | 'fields' | keyof RunOptions>,
    RateLimiterOptions,
    RunOptions {}

interface RunOptions {
  /**
   * The most jobs in memory, and the most requests in flight: a whole number, 1 or more.
   * @default 16, or the `concurrency` of the option `rateLimiter`
   */
  concurrency?: number | undefined
  /** Yields the outcomes in the order of the jobs. A slow job then delays the outcomes after it. @default false */
  ordered?: boolean | undefined
  /**
   * The rate limiter, to share one with other calls or runs. Pass `concurrency`, `requestsPerMinute` and
   * `tokensPerMinute` to `createRateLimiter` then. @default the client's, or a new one for this run
   */
  rateLimiter?: RateLimiter | undefined
  /** The most retries after the first attempt, from 0 to 100. @default 10 */
  maxRetries?: number | undefined
  /** The longest wait, in milliseconds, that the server can ask for. @default 900_000 (15 minutes) */
  maxRetryAfterMs?: number | undefined
}

const RUN: OptionTable<Pick<RunOptions, 'ordered'>> = { ordered: { default: false, rule: FLAG } }

const PATIENCE = Object.freeze({ maxRetries: 10, maxRetryAfterMs: 15 * 60_000 })

type Jobs<Job> = Iterable<Job> | AsyncIterable<Job>
type Outcomes<Job> = AsyncGenerator<RankOutcome<Job>, void, undefined>

/**
 * Ranks any number of jobs with one rate limiter, and yields the outcome of each job as soon as it is known. If a job
 * fails, its outcome has an `error`, and the other jobs continue.
 *
 * `rankMany` takes a job from `jobs` only when it has room, and keeps at most `concurrency` jobs. So the memory does not
 * depend on the number of jobs. If `jobs` throws, `rankMany` throws the same error after the outcomes of the jobs before.
 * Leaving the loop cancels all requests in flight. If `signal` aborts, `rankMany` cancels them and throws its reason.
 *
 * @throws TypeError for an invalid option
 * @example
 * for await (const { job, ranked, error } of rankMany(client, jobs)) {
 *   if (error) console.error(job.id, error.message)
 *   else console.log(job.id, ranked[0]?.item)
 * }
 */
export function rankMany<Job extends RankJob>(
  client: RerankClient,
  jobs: Jobs<Job>,
  options?: RankManyOptions<ItemOf<Job>>,
): Outcomes<Job>
export function rankMany<Job extends RankJob<unknown>>(
  client: RerankClient,
  jobs: Jobs<Job>,
  options: RankManyOptions<ItemOf<Job>> & Pick<TextOptions<ItemOf<Job>>, 'text'>,
): Outcomes<Job>
export function rankMany<Job>(
  client: RerankClient,
  jobs: Jobs<Job>,
  options: RankManyOptions<ItemOf<Job>> = {},
): Outcomes<Job> {
  if (!isFunction(property(client, 'rank'))) {
    invalid('client', 'a client made by createRerankClient', client)
  }
  if (!isIterable(jobs)) invalid('jobs', 'an iterable, or an async iterable, of jobs', jobs)
  assertObject('options', options)
  const { concurrency, requestsPerMinute, tokensPerMinute, ordered, ...given } = readProperties(
    options,
  ) as RankManyOptions<ItemOf<Job>>
  const run = readOptions({ ordered }, RUN) as { ordered: boolean }
  const rateLimiter = limiterOf(given.rateLimiter ?? client.rateLimiter, {
    concurrency,
    requestsPerMinute,
    tokensPerMinute,
  })
  const { signal } = given
  const forEach = {
    ...given,
    rateLimiter,
    text: given.text ?? asText,
    maxRetries: given.maxRetries ?? PATIENCE.maxRetries,
    maxRetryAfterMs: given.maxRetryAfterMs ?? PATIENCE.maxRetryAfterMs,
  }

  const rankOne = async (job: Job, signal: AbortSignal): Promise<RankOutcome<Job>> => {
    try {
      const { query, items, isTexts, topN = given.topN } = readJob<ItemOf<Job>>(job)
      const text = isTexts ? documentReader() : forEach.text
      return { job, ...(await client.rank.withUsage(query, items, { ...forEach, signal, topN, text })) }
    } catch (reason) {
      return { job, error: asError(reason) }
    }
  }
  const outcomes = async function* (): Outcomes<Job> {
    // Ranks nothing, and rejects for options that would fail each job.
    await client.rank('', [], forEach)
    const most = rateLimiter.concurrency ?? LIMITER.concurrency.default
    yield* mapIterable(jobs, { concurrency: most as number, ordered: run.ordered, signal }, rankOne)
  }
  return outcomes()
}

function limiterOf(shared: RateLimiter | undefined, options: RateLimiterOptions): RateLimiter {
  if (!shared) return createRateLimiter(options)
  readOptions({ concurrency: shared.concurrency }, LIMITER)
  const [limit] = Object.entries(options).find(([, value]) => value !== undefined) ?? []
  if (limit === undefined) return shared
  throw new TypeError(
    `${limit} must not be combined with a rate limiter, which has its own: pass it to createRateLimiter instead`,
  )
}

/** Any thrown value as an error. An error is recognised by its message, because it may come from another realm. */
function asError(reason: unknown): Error {
  if (typeof property(reason, 'message') === 'string') return reason as Error
  const message = typeof reason === 'string' ? reason : 'a value was thrown that is not an error'
  return new Error(message, { cause: reason })
}

/** The text of a string item. It is checked later. */
function asText(item: unknown): string {
  return item as string
}

function isIterable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
  )
}
