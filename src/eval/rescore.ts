import { isRerankError } from '../index.ts'
import type { RateLimiter, RerankClient } from '../index.ts'
import { createRateLimiter, rankMany } from '../bulk/index.ts'
import { instructedQuery } from '../middleware/index.ts'
import type { EvaluateOptions, StoredScores } from './options.ts'
import type { Collection } from './queries.ts'
import { inOrder } from './trec.ts'

/** The request that one query makes. */
export interface PlannedRequest {
  /** The query's id. */
  id: string
  /** The text that is sent as the query. */
  query: string
  /** The texts of the documents, in the order of the first stage. */
  documents: readonly string[]
  /** The ids of the documents. */
  ids: readonly string[]
}

/** A query that was not reranked. */
export interface FailedQuery {
  /** The query's id. */
  id: string
  /** The error of its request. */
  error: Error
}

/** The requests of the queries that have judgments and something to rank. */
export function requestsOf(
  { queries, before, qrels }: Collection,
  { depth, instruction }: Pick<EvaluateOptions, 'depth' | 'instruction'>,
): PlannedRequest[] {
  return [...qrels.keys()].flatMap((id) => {
    const { query = '', documents = [] } = queries.get(id) ?? {}
    const texts = new Map(documents.map((document) => [document.id, document.text]))
    const ids = inOrder(before.get(id) ?? new Map())
      .slice(0, depth)
      .filter((document) => texts.get(document)?.trim() !== '')
    if (ids.length === 0) return []
    return [
      {
        id,
        query: instructedQuery(query, instruction ?? ''),
        ids,
        documents: ids.map((each) => texts.get(each) ?? ''),
      },
    ]
  })
}

/** The options of an evaluation that concern the scores. */
type RescoreOptions = Omit<EvaluateOptions, 'measures' | 'complete' | 'seed' | 'depth' | 'instruction'>

interface Rescored {
  scores: Map<string, ReadonlyMap<string, number>>
  failed: FailedQuery[]
  tokens: number
  latencyMs: { p50: number; p95: number }
}

/** Scores the candidates, those that `scores` has from there. Rejects with the failure that ends it. */
export async function rescore(
  client: RerankClient,
  requests: readonly PlannedRequest[],
  options: RescoreOptions,
): Promise<Rescored> {
  const { budget, scores: store, onEvaluated, rateLimiter: given, ...more } = options
  const { concurrency, requestsPerMinute, tokensPerMinute, ...ranking } = more
  const rateLimiter =
    given ?? client.rateLimiter ?? createRateLimiter({ concurrency, requestsPerMinute, tokensPerMinute })
  const timed = timedLimiter(rateLimiter)
  const found = new Map<string, StoredScores>()
  const failed: FailedQuery[] = []

  const progress = (): void => {
    const tokens = tokensIn(found)
    onEvaluated?.({
      done: found.size + failed.length,
      total: requests.length,
      failed: failed.length,
      tokens,
    })
  }
  async function* jobs() {
    for (const { id, query, documents } of requests) {
      const key = JSON.stringify({ model: options.model ?? client.model, query, documents })
      const stored = await store?.get(key)
      if (stored && fits(stored, documents.length)) {
        found.set(id, stored)
        progress()
        continue
      }
      const release = await budget?.reserve({ query, documents })
      yield { id, query, documents, key, release }
    }
  }

  // What an earlier job failed for is thrown once those in flight have been kept.
  for await (const { job, ranked, usage, error } of rankMany(client, jobs(), {
    ...ranking,
    rateLimiter: timed.rateLimiter,
  })) {
    job.release?.(usage?.total_tokens)
    if (error && !isOwnFailure(error)) throw error
    if (error) failed.push({ id: job.id, error })
    else {
      const kept = {
        results: ranked.map(({ index, score }) => ({ index, score })),
        tokens: usage.total_tokens,
      }
      await store?.set(job.key, kept)
      found.set(job.id, kept)
    }
    progress()
  }
  const [first] = failed
  if (first && found.size === 0) throw first.error
  return {
    scores: scoresOf(requests, found),
    failed,
    tokens: tokensIn(found),
    latencyMs: timed.latencyMs(),
  }
}

/** True for a failure that affects only one query. */
function isOwnFailure(error: unknown): boolean {
  return isRerankError(error, 'bad_request') || error instanceof TypeError
}

/** True for stored scores that are valid for this number of documents. */
function fits({ results }: StoredScores, documents: number): boolean {
  return results.length === documents && results.every(({ index }) => index >= 0 && index < documents)
}

function scoresOf(
  requests: readonly PlannedRequest[],
  found: ReadonlyMap<string, StoredScores>,
): Map<string, ReadonlyMap<string, number>> {
  return new Map(
    requests.flatMap(({ id, ids }) => {
      const stored = found.get(id)
      return stored
        ? [[id, new Map(stored.results.map(({ index, score }) => [ids[index] ?? '', score]))]]
        : []
    }),
  )
}

function tokensIn(found: ReadonlyMap<string, StoredScores>): number {
  let sum = 0
  for (const { tokens } of found.values()) sum += tokens
  return sum
}

/** A rate limiter that measures the time of attempts, not the wait for their leases. */
function timedLimiter(inner: RateLimiter): {
  rateLimiter: RateLimiter
  latencyMs: () => { p50: number; p95: number }
} {
  const times: number[] = []
  const percentile = (share: number): number => times[Math.max(Math.ceil(share * times.length) - 1, 0)] ?? 0
  return {
    rateLimiter: {
      concurrency: inner.concurrency,
      spacesRetries: inner.spacesRetries,
      async acquire(request, signal) {
        const lease = await inner.acquire(request, signal)
        const started = performance.now()
        return {
          release(outcome) {
            if (outcome.status === 200) times.push(performance.now() - started)
            lease.release(outcome)
          },
        }
      },
    },
    latencyMs: () => {
      times.sort((a, b) => a - b)
      return { p50: percentile(0.5), p95: percentile(0.95) }
    },
  }
}
