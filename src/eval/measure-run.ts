import { assertObject } from '../shared/validate.ts'
import { DEFAULT_MEASURES, readMeasures } from './measures.ts'
import type { Measure } from './measures.ts'
import { inOrder } from './trec.ts'
import type { Qrels, Run } from './trec.ts'

/** Options of {@link measureRun}. */
export interface MeasureOptions {
  /**
   * Names of measures: `ndcg@k`, `mrr@k`, `map@k`, `p@k` and `recall@k`; the first three also without a cut-off.
   * @default ['ndcg@10', 'mrr@10', 'map', 'p@5', 'recall@5']
   */
  measures?: readonly string[] | undefined
  /** Counts judged queries that the run lacks, with a value of 0, as trec_eval's `-c` does. @default false */
  complete?: boolean | undefined
}

/** The values of measures, by their names as the caller wrote them. */
export type MeasureValues = Record<string, number>

/** The values that {@link measureRun} returns. */
export interface MeasuredRun {
  /** The mean over the queries. */
  mean: MeasureValues
  /** The values of each query. */
  queries: ReadonlyMap<string, MeasureValues>
}

/**
 * Measures a run by trec_eval's definitions. Documents are ordered by score, ties by id, the last one first. Relevant
 * is grade 1 or more; what is not judged is not relevant. Queries without judgments are left out.
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

/** The mean, or 0 of none. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

function valuesOf(measures: readonly Measure[], value: (measure: Measure) => number): MeasureValues {
  return Object.fromEntries(measures.map((measure) => [measure.name, value(measure)]))
}
