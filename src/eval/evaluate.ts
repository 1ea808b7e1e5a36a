import type { RerankClient } from '../index.ts'
import { compareRuns } from './compare.ts'
import type { RunComparison } from './compare.ts'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { assertObject, FLAG, FUNCTION, isWhole, WHOLE } from '../shared/validate.ts'
import { DEFAULT_MEASURES, readMeasures } from './measures.ts'
import type { EvaluateOptions } from './options.ts'
import { readQueries } from './queries.ts'
import type { JudgedQuery } from './queries.ts'
import { requestsOf, rescore } from './rescore.ts'
import type { FailedQuery, PlannedRequest } from './rescore.ts'
import { summarizeScores } from './thresholds.ts'
import type { ScoreSummary } from './thresholds.ts'
import { inOrder } from './trec.ts'
import type { Run } from './trec.ts'

/** The result of {@link evaluate}: the first stage side by side with the reranked order. */
export interface Evaluation extends RunComparison, ScoreSummary {
  /** The reranked run: those scored first, then, by falling numbers below their scores, those that were not. */
  run: Run
  /** The scores that the model gave. */
  scores: Run
  /** Queries that the service rejected; they keep the order of the first stage. */
  failed: FailedQuery[]
  /** Tokens that the service counted, those of earlier evaluations with the same `scores` included. */
  tokens: number
  /** Milliseconds from an attempt's departure to its end, over the attempts of this evaluation; 0 without any. */
  latencyMs: {
    /** Half of the attempts took as long or less. */
    p50: number
    /** 95 in a hundred attempts took as long or less. */
    p95: number
  }
}

/**
 * Reranks the candidates of judged queries, all at one rate limiter, and measures what that changed. Queries without
 * a judgment are left out, and cost nothing.
 *
 * A query that the service refuses by itself (400, 413, 422) keeps the order of the first stage and is listed in
 * `failed`. Any other failure, after the retries of `rankMany`, rejects: a comparison over the rest would mislead.
 *
 * @example
 * const { measures } = await evaluate(createRerankClient(), [
 *   { query: 'capital of France', documents: [{ text: 'Lyon', relevance: 0 }, { text: 'Paris', relevance: 1 }] },
 * ])
 * if ((measures['ndcg@10']?.after ?? 0) < 0.45) process.exitCode = 1
 * @throws TypeError for a query, a measure or an option of the wrong shape; {@link BudgetError} beyond its `budget`;
 * and the errors of `client.rank`.
 */
export async function evaluate(
  client: RerankClient,
  queries: Iterable<JudgedQuery>,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  assertObject('options', options)
  const { measures = DEFAULT_MEASURES, complete, seed, depth, instruction, ...ranking } = options
  readOptions({ complete, seed, depth, instruction, onEvaluated: options.onEvaluated }, OWN)
  readMeasures(measures)
  const collection = readQueries(queries)
  const { before, qrels } = collection
  const requests = requestsOf(collection, { depth, instruction })
  const { scores, ...outcome } = await rescore(client, requests, ranking)
  const run = new Map([...before].map(([id, first]) => [id, reordered(first, scores.get(id))]))
  return {
    ...compareRuns(before, run, qrels, { measures, complete, seed }),
    ...summarizeScores(scores, qrels),
    run,
    scores,
    ...outcome,
  }
}

/**
 * The requests that {@link evaluate} makes of judged queries, for an estimate of what they cost.
 *
 * @example
 * const tokens = planRequests(queries).reduce((sum, { query, documents }) => sum + tokensOf(query, documents), 0)
 * @throws TypeError for a query or document of the wrong shape.
 */
export function planRequests(
  queries: Iterable<JudgedQuery>,
  options: Pick<EvaluateOptions, 'depth' | 'instruction'> = {},
): PlannedRequest[] {
  return requestsOf(readQueries(queries), options)
}

/** The new scores, and below them in the order of the first stage what has none. */
function reordered(
  first: ReadonlyMap<string, number>,
  scores: ReadonlyMap<string, number> = new Map(),
): ReadonlyMap<string, number> {
  if (scores.size === 0) return first
  const rest = inOrder(first).filter((id) => !scores.has(id))
  const lowest = Math.min(...scores.values())
  return new Map([...scores, ...rest.map((id, place) => [id, lowest - 1 - place] as const)])
}

/** The options that ranking does not have. */
const OWN: OptionTable<Pick<EvaluateOptions, 'complete' | 'seed' | 'depth' | 'instruction' | 'onEvaluated'>> =
  {
    complete: { rule: FLAG },
    seed: { rule: [isWhole, 'a whole number'] },
    depth: { rule: WHOLE },
    instruction: { rule: [(text) => typeof text === 'string', 'a string'] },
    onEvaluated: { rule: FUNCTION },
  }
