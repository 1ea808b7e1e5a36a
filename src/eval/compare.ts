import { bootstrapInterval } from './bootstrap.ts'
import { meanOf, measureRun } from './measure-run.ts'
import type { MeasureOptions, MeasureValues } from './measure-run.ts'
import type { Qrels, Run } from './trec.ts'

/** Options of {@link compareRuns}. */
export interface CompareOptions extends MeasureOptions {
  /** The seed of the resampling, a whole number: equal seeds give equal intervals. @default 1 */
  seed?: number | undefined
}

/** One measure before and after. */
export interface Comparison {
  /** The mean before. */
  before: number
  /** The mean after. */
  after: number
  /** The mean after less the mean before. */
  difference: number
  /** The 95% confidence interval of the difference, by a paired bootstrap over the queries. */
  interval: readonly [low: number, high: number]
  /** Queries with a greater value after. */
  wins: number
  /** Queries with an equal value. */
  ties: number
  /** Queries with a smaller value after. */
  losses: number
}

/** One query before and after. */
export interface QueryComparison {
  /** The query's id. */
  id: string
  /** The values before. */
  before: MeasureValues
  /** The values after. */
  after: MeasureValues
}

/** Two runs side by side. */
export interface RunComparison {
  /** The measures, by their names as the caller wrote them. */
  measures: Record<string, Comparison>
  /** The queries, in the order of the judgments. */
  queries: QueryComparison[]
}

/**
 * Compares two runs over the same judgments. A query that one run has and the other lacks counts 0 there.
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
  // Paired: both are measured over the same queries.
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

/** Values that differ by less are equal: sums in another order end a little differently. */
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
