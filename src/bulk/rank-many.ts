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

/** Options of {@link rankMany}: those of ranking, for each job, and those of the rate limiter. */
export interface RankManyOptions<Item>
  extends
    Omit<RankOptions<Item>, 'onProgress' | 'fields' | keyof RunOptions>,
    RateLimiterOptions,
    RunOptions {}

interface RunOptions {
  /**
   * The most jobs that are held, and the most requests in flight at once.
   * @default 16, or that of the rate limiter where there is one
   */
  concurrency?: number | undefined
  /** Yields outcomes in the order of the jobs; one that takes long holds up those after it. @default false */
  ordered?: boolean | undefined
  /**
   * Shares a rate limiter with others. It has limits of its own, so `concurrency`, `requestsPerMinute` and
   * `tokensPerMinute` are for `createRateLimiter` then. @default the client's; or a new one, for this run alone
   */
  rateLimiter?: RateLimiter | undefined
  /** The most retries of a failed attempt: a job can wait. @default 10 */
  maxRetries?: number | undefined
  /** The longest wait, in milliseconds, that a server can ask for before a retry. @default 900_000 (15 minutes) */
  maxRetryAfterMs?: number | undefined
}

const RUN: OptionTable<Pick<RunOptions, 'ordered'>> = { ordered: { default: false, rule: FLAG } }

const PATIENCE = Object.freeze({ maxRetries: 10, maxRetryAfterMs: 15 * 60_000 })

type Jobs<Job> = Iterable<Job> | AsyncIterable<Job>
type Outcomes<Job> = AsyncGenerator<RankOutcome<Job>, void, undefined>

/**
 * Ranks any number of jobs by one rate limiter, and yields the outcome of each as soon as it is known. A job that fails
 * is an outcome with an `error`, and no other job is lost by it.
 *
 * Jobs are asked for as there is room, and at most `concurrency` of them are held. So any number goes through in constant
 * memory, at the speed at which the outcomes are taken. When `jobs` itself throws, so does this, after the outcomes of
 * the jobs before. Leaving the loop cancels all requests in flight, as does `signal`, whose reason is then thrown.
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
    // Nothing to rank: it rejects for options that would fail each job.
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
    `${limit} is a limit of the rate limiter, and you passed a rate limiter: give the limit to createRateLimiter`,
  )
}

/** An error, whatever a caller's function throws. Known by shape, since it may come from another realm. */
function asError(reason: unknown): Error {
  if (typeof property(reason, 'message') === 'string') return reason as Error
  const message = typeof reason === 'string' ? reason : 'a value was thrown that is not an error'
  return new Error(message, { cause: reason })
}

/** A string is its own text; whether it is one is checked where it is read. */
function asText(item: unknown): string {
  return item as string
}

function isIterable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
  )
}
