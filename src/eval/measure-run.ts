import { assertObject } from '../shared/validate.ts'
import { DEFAULT_MEASURES, readMeasures } from './measures.ts'
import type { Measure } from './measures.ts'
import { inOrder } from './trec.ts'
import type { Qrels, Run } from './trec.ts'

/** Options of {@link measureRun}. */
export interface MeasureOptions {
  /**
   * The measures: `ndcg@k`, `mrr@k`, `map@k`, `p@k` and `recall@k`. The first three also work without `@k`.
   * @default ['ndcg@10', 'mrr@10', 'map', 'p@5', 'recall@5']
   */
  measures?: readonly string[] | undefined
  /** Counts judged queries that the run lacks as 0, like trec_eval's `-c`. @default false: leaves them out */
  complete?: boolean | undefined
}

/** The values of measures by name, as in the option `measures`. */
export type MeasureValues = Record<string, number>

/** The result of {@link measureRun}. */
export interface MeasuredRun {
  /** The mean of each measure over the queries. */
  mean: MeasureValues
  /** The values of each query. */
  queries: ReadonlyMap<string, MeasureValues>
}

/**
 * Measures a run as trec_eval does. Documents are ordered by score, and those with equal scores by id, in descending
 * order. A document is relevant if its grade is 1 or more. A document without a judgment is irrelevant. Queries without
 * judgments are left out.
 *
 * @example
 * const { mean } = measureRun(readRun(run), readQrels(qrels), { measures: ['ndcg@10', 'map'] })
 * console.log(mean['ndcg@10'])
 * @throws TypeError for a measure that is not known.
 */
export function measureRun(run: Run, qrels: Qrels, options: MeasureOptions = {}): MeasuredRun {
  assertObject('options', options)
  const measures = readMeasures(options.measures ?? DEFAULT_MEASURES)
  const queries = new Map<string, MeasureValues>()
  for (const [query, grades] of qrels) {
    const scores = run.get(query)
    if (!scores && options.complete !== true) continue
    const ranked = inOrder(scores ?? new Map()).map((document) => grades.get(document) ?? 0)
    queries.set(
      query,
      valuesOf(measures, ({ of }) => of(ranked, [...grades.values()])),
    )
  }
  const all = [...queries.values()]
  return { mean: valuesOf(measures, ({ name }) => meanOf(all.map((values) => values[name] ?? 0))), queries }
}

/** The mean, or 0 without values. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

function valuesOf(measures: readonly Measure[], value: (measure: Measure) => number): MeasureValues {
  return Object.fromEntries(measures.map((measure) => [measure.name, value(measure)]))
}
