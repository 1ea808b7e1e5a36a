import { bootstrapInterval } from './bootstrap.ts'
import { meanOf, measureRun } from './measure-run.ts'
import type { MeasureOptions, MeasureValues } from './measure-run.ts'
import type { Qrels, Run } from './trec.ts'

/** Options of {@link compareRuns}. */
export interface CompareOptions extends MeasureOptions {
  /** The seed for resampling the intervals, a whole number. Equal seeds result in equal intervals. @default 1 */
  seed?: number | undefined
}

/** A measure before and after reranking. */
export interface Comparison {
  /** The mean before. */
  before: number
  /** The mean after. */
  after: number
  /** `after` minus `before`. */
  difference: number
  /** The 95% confidence interval of the difference, by a paired bootstrap over the queries. */
  interval: readonly [low: number, high: number]
  /** The number of queries whose value is higher after. */
  wins: number
  /** The number of queries whose value is the same. */
  ties: number
  /** The number of queries whose value is lower after. */
  losses: number
}

/** The measures of a query before and after reranking. */
export interface QueryComparison {
  /** The id of the query. */
  id: string
  /** The values before. */
  before: MeasureValues
  /** The values after. */
  after: MeasureValues
}

/** The comparison of two runs. */
export interface RunComparison {
  /** The measures by name, as in the option `measures`. */
  measures: Record<string, Comparison>
  /** The queries, in the order of the judgments. */
  queries: QueryComparison[]
}

/**
 * Compares two runs with the same judgments. If one run lacks a query, its value there is 0.
 *
 * @example
 * const { measures } = compareRuns(readRun(before), readRun(after), readQrels(qrels))
 * console.log(measures['ndcg@10']?.difference)
 * @throws TypeError for a measure that is not known.
 */
export function compareRuns(
  before: Run,
  after: Run,
  qrels: Qrels,
  options: CompareOptions = {},
): RunComparison {
  const { complete = false, seed = 1 } = options
  // Both runs are measured over the same queries, so that they can be paired.
  const judged = new Map([...qrels].filter(([query]) => complete || before.has(query) || after.has(query)))
  const measured = [before, after].map((run) => measureRun(run, judged, { ...options, complete: true }))
  const [first, second] = measured as [(typeof measured)[0], (typeof measured)[0]]
  const queries = [...judged.keys()].map((id) => ({
    id,
    before: first.queries.get(id) ?? {},
    after: second.queries.get(id) ?? {},
  }))
  const measures = Object.keys(first.mean).map((name) => [name, compare(queries, name, seed)] as const)
  return { measures: Object.fromEntries(measures), queries }
}

/** A smaller difference is a rounding error, because the order of sums differs. */
const EPSILON = 1e-9

function compare(queries: readonly QueryComparison[], name: string, seed: number): Comparison {
  const before = queries.map((query) => query.before[name] ?? 0)
  const after = queries.map((query) => query.after[name] ?? 0)
  const differences = after.map((value, place) => value - (before[place] ?? 0))
  const wins = differences.filter((difference) => difference > EPSILON).length
  const losses = differences.filter((difference) => difference < -EPSILON).length
  return {
    before: meanOf(before),
    after: meanOf(after),
    difference: meanOf(differences),
    interval: bootstrapInterval(differences, seed),
    wins,
    ties: queries.length - wins - losses,
    losses,
  }
}
