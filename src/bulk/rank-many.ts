import type { ItemOptions, Pace, RankOptions, RerankClient } from '../index.ts'
import { concurrently } from './map-iterable.ts'
import { documentReader, readJob } from './job.ts'
import type { ItemOf, RankJob, RankOutcome } from './job.ts'
import { checkPace, DEFAULT_CONCURRENCY, LIMITS } from './rate-limiter/options.ts'
import type { PaceOptions } from './rate-limiter/options.ts'
import { createPace } from './rate-limiter/rate-limiter.ts'
import { refuse } from './refuse.ts'

/** Options of {@link rankMany}: those of ranking, for each job, and those of the pace. */
export interface RankManyOptions<Item>
  extends Omit<RankOptions<Item>, 'concurrency' | 'onProgress' | keyof Patience>, PaceOptions, Patience {
  /**
   * How many jobs are held, and the most requests that are under way at once.
   * @default 16, or that of the pace where there is one
   */
  concurrency?: number | undefined
  /** Yields outcomes in the order of the jobs; one that takes long holds up those after it. @default false */
  ordered?: boolean | undefined
  /**
   * Shares a pace with others. It has limits of its own, so `concurrency`, `requestsPerMinute` and `tokensPerMinute`
   * are for `createPace` then. @default the client's; or a new one, for this run alone
   */
  pace?: Pace | undefined
}

/** A job can wait: that one is refused now and then is nothing to lose it for. */
interface Patience {
  /** How often a failed attempt is repeated, where that can help. @default 10 */
  maxRetries?: number | undefined
  /** The longest wait, in milliseconds, that a server can ask for before a retry. @default 900_000 (15 minutes) */
  maxRetryAfterMs?: number | undefined
}

const PATIENCE = Object.freeze({ maxRetries: 10, maxRetryAfterMs: 15 * 60_000 })

type Jobs<Job> = Iterable<Job> | AsyncIterable<Job>
type Outcomes<Job> = AsyncGenerator<RankOutcome<Job>, void, undefined>

/**
 * Ranks as many jobs as there are, all at one pace, and yields what became of each as soon as it is known. A job that
 * fails is an outcome with an `error`, and no other job is lost by it.
 *
 * Jobs are asked for as there is room: at most `concurrency` of them are held, so any number goes through in constant
 * memory, at the speed at which the outcomes are taken. When `jobs` itself throws, so does this, after the outcomes of
 * the jobs before. Leaving the loop cancels what is under way, as does `signal`, whose reason is then thrown.
 *
 * @throws TypeError for an option of the wrong type or range.
 */
export function rankMany<Job extends RankJob>(
  client: RerankClient,
  jobs: Jobs<Job>,
  options?: RankManyOptions<ItemOf<Job>>,
): Outcomes<Job>
export function rankMany<Job extends RankJob<unknown>>(
  client: RerankClient,
  jobs: Jobs<Job>,
  options: RankManyOptions<ItemOf<Job>> & Pick<ItemOptions<ItemOf<Job>>, 'text'>,
): Outcomes<Job>
export function rankMany<Job>(
  client: RerankClient,
  jobs: Jobs<Job>,
  options: RankManyOptions<ItemOf<Job>> = {},
): Outcomes<Job> {
  checkArguments(client, jobs, options)
  const { ordered = false, text, ...rest } = options
  const pace = paceOf(client, options)
  const { concurrency = DEFAULT_CONCURRENCY } = pace
  const forEach = { ...rest, ...patienceOf(options), pace, concurrency: undefined }

  const rankOne = async (job: Job, signal: AbortSignal): Promise<RankOutcome<Job>> => {
    try {
      const { query, items, isTexts, topN = options.topN } = readJob<ItemOf<Job>>(job)
      const own = { ...forEach, signal, topN, text: isTexts ? documentReader() : (text ?? asText) }
      return { job, ...(await client.rank.withUsage(query, items, own)) }
    } catch (reason) {
      return { job, error: asError(reason) }
    }
  }
  const outcomes = async function* (): Outcomes<Job> {
    // Nothing to rank: it refuses options that would fail each job.
    await client.rank('', [], { ...forEach, text: text ?? asText })
    yield* concurrently(jobs, { concurrency, ordered, signal: options.signal }, rankOne)
  }
  return outcomes()
}

function paceOf(client: RerankClient, options: PaceOptions & { pace?: Pace | undefined }): Pace {
  const given = options.pace ?? client.pace
  if (!given) return createPace(options)
  checkPace({ concurrency: given.concurrency })
  const limit = LIMITS.find((name) => options[name] !== undefined)
  if (limit !== undefined) {
    const whose = options.pace ? 'one was given' : 'the client has one'
    throw new TypeError(`${limit} is a limit of the pace, and ${whose}: give it to createPace`)
  }
  return given
}

function patienceOf({ maxRetries, maxRetryAfterMs }: Patience): Required<Patience> {
  return {
    maxRetries: maxRetries ?? PATIENCE.maxRetries,
    maxRetryAfterMs: maxRetryAfterMs ?? PATIENCE.maxRetryAfterMs,
  }
}

/** What a caller's function throws may be anything. */
function asError(reason: unknown): Error {
  if (reason instanceof Error) return reason
  return new Error(typeof reason === 'string' ? reason : 'no error was thrown, but something else', {
    cause: reason,
  })
}

/** A string is its own text; that it is one is checked where it is read. */
function asText(item: unknown): string {
  return item as string
}

function checkArguments(client: unknown, jobs: unknown, options: PaceOptions & { ordered?: unknown }): void {
  if (!isClient(client)) refuse('client', 'a client, as createRerankClient makes it', client)
  if (!isIterable(jobs)) refuse('jobs', 'an iterable, or an async iterable, of jobs', jobs)
  checkPace(options)
  if (options.ordered !== undefined && typeof options.ordered !== 'boolean') {
    refuse('ordered', 'true or false', options.ordered)
  }
}

function isClient(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'rank' in value
}

function isIterable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
  )
}
