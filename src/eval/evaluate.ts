import type { RerankClient } from '../index.ts'
import { compareRuns } from './compare.ts'
import type { RunComparison } from './compare.ts'
import { assertJudged } from '../shared/assert-judged.ts'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { assertObject, FLAG, FUNCTION, isWhole, WHOLE } from '../shared/validate.ts'
import { measureRun } from './measure-run.ts'
import { DEFAULT_MEASURES } from './measures.ts'
import type { EvaluateOptions } from './options.ts'
import { readQueries } from './queries.ts'
import type { JudgedQuery } from './queries.ts'
import { requestsOf, rescore } from './rescore.ts'
import type { FailedQuery, PlannedRequest } from './rescore.ts'
import { summarizeScores } from './thresholds.ts'
import type { ScoreSummary } from './thresholds.ts'
import { inOrder } from './trec.ts'
import type { Run } from './trec.ts'

/** The result of {@link evaluate}: the comparison of the first stage with the reranked order. */
export interface Evaluation extends RunComparison, ScoreSummary {
  /** The reranked run. Documents that were not scored follow the others, with lower and lower numbers as their scores. */
  run: Run
  /** The scores of the model. */
  scores: Run
  /** The queries that the service rejected. They keep the order of the first stage. */
  failed: FailedQuery[]
  /** The tokens that the service counted, including those of stored `scores` from earlier evaluations. */
  tokens: number
  /** The duration of the attempts of this evaluation, in milliseconds; 0 without attempts. */
  latencyMs: {
    /** The median. */
    p50: number
    /** The 95th percentile. */
    p95: number
  }
}

/**
 * Reranks the candidates of judged queries, and measures how that changes the results. All requests share one rate
 * limiter. Queries without judgments are left out, and cost nothing.
 *
 * If the service rejects a single query (400, 413, 422), the query keeps the order of the first stage, and is listed in
 * `failed`. For any other failure, after the retries of `rankMany`, `evaluate` rejects, because a comparison of the
 * remaining queries would be misleading.
 *
 * @example
 * const { measures } = await evaluate(createRerankClient(), [
 *   { query: 'capital of France', documents: [{ text: 'Lyon', relevance: 0 }, { text: 'Paris', relevance: 1 }] },
 * ])
 * if ((measures['ndcg@10']?.after ?? 0) < 0.45) process.exitCode = 1
 * @throws TypeError for an invalid query, measure or option, or if no query has a judged document; {@link BudgetError} if the `budget` is used up; and the
 * errors of `client.rank`.
 */
export async function evaluate(
  client: RerankClient,
  queries: Iterable<JudgedQuery>,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  assertObject('options', options)
  const { measures = DEFAULT_MEASURES, complete, seed, depth, instruction, ...ranking } = options
  readOptions({ complete, seed, depth, instruction, onEvaluated: options.onEvaluated }, OWN)
  const collection = readQueries(queries)
  const { before, qrels } = collection
  assertJudged(measureRun(before, qrels, { measures, complete }))
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
 * Returns the requests that {@link evaluate} would send, to estimate their cost.
 *
 * @example
 * const tokens = planRequests(queries).reduce((sum, { query, documents }) => sum + estimateRequestTokens(query, documents), 0)
 * @throws TypeError for a query or document of the wrong shape.
 */
export function planRequests(
  queries: Iterable<JudgedQuery>,
  options: Pick<EvaluateOptions, 'depth' | 'instruction'> = {},
): PlannedRequest[] {
  return requestsOf(readQueries(queries), options)
}

/** The new scores. Documents without one follow in the order of the first stage, with lower scores. */
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
