import type {
  Comparison,
  Evaluation,
  JudgedQuery,
  MeasureValues,
  QueryComparison,
  RunComparison,
} from '../../eval/index.ts'
import { inFlags } from '../failure.ts'

/** The first stage, and what others made of it. */
export interface Report {
  /** The name of the collection or run. */
  title: string
  /** Measure names as they were given; the first decides which queries were helped and hurt. */
  measures: readonly string[]
  baseline: Baseline
  systems: readonly System[]
  /** The queries with their texts, if there are any. */
  texts: readonly JudgedQuery[]
}

/** The ranking that others are compared with. */
export interface Baseline {
  name: string
  mean: MeasureValues
  queries: ReadonlyMap<string, MeasureValues>
}

/** One reranker, or another run. */
export interface System {
  name: string
  compared: RunComparison
  /** Of a reranker alone. */
  evaluation?: Evaluation
  /** The cost of the tokens; `undefined` if the price is unknown, 0 if there is no price. */
  cost?: number | undefined
  /** Such as “in US dollars”. */
  currency?: string | undefined
  /** True if scores compare within one query only. */
  isLexical: boolean
}

/** A query with what a measure gained. */
export interface Gain {
  id: string
  gain: number
}

const MOST = 10

/** The queries that a system helped and hurt most by a measure. */
export function extremes(
  queries: readonly QueryComparison[],
  measure: string,
): { helped: Gain[]; hurt: Gain[] } {
  const gains = queries
    .map(({ id, before, after }) => ({ id, gain: (after[measure] ?? 0) - (before[measure] ?? 0) }))
    .sort((a, b) => b.gain - a.gain)
  return {
    helped: gains.filter(({ gain }) => gain > 1e-9).slice(0, MOST),
    hurt: gains
      .filter(({ gain }) => gain < -1e-9)
      .slice(-MOST)
      .reverse(),
  }
}

/** The report as data: measure names as they were given, and what is not known is `null`. */
export function reportJson({ baseline, systems }: Report): object {
  return {
    queries: baseline.queries.size,
    systems: [
      { name: baseline.name, measures: baseline.mean, perQuery: Object.fromEntries(baseline.queries) },
      ...systems.map(({ name, compared, evaluation, cost }) => ({
        name,
        measures: Object.fromEntries(
          Object.entries(compared.measures).map(([measure, { after }]) => [measure, after]),
        ),
        compared: Object.fromEntries(
          Object.entries(compared.measures).map(([measure, { difference, interval, wins, ties, losses }]) => [
            measure,
            { difference, interval, wins, ties, losses },
          ]),
        ),
        perQuery: Object.fromEntries(compared.queries.map(({ id, after }) => [id, after])),
        ...(evaluation && {
          thresholds: evaluation.thresholds,
          latencyMs: evaluation.latencyMs,
          tokens: evaluation.tokens,
          cost: cost ?? null,
          failed: evaluation.failed.map(({ id, error }) => ({ id, error: inFlags(error.message) })),
        }),
      })),
    ],
  }
}

/** A sentence about a measure: better, worse, or a difference that may be due to chance. */
export function verdict(measure: string, { difference, interval: [low, high] }: Comparison): string {
  const amount = Math.abs(difference).toFixed(4)
  if (low > 0) return `${measure} is better by ${amount}`
  if (high < 0) return `${measure} is worse by ${amount}`
  return Number(amount) === 0
    ? `${measure} is the same`
    : `${measure} is ${difference > 0 ? 'better' : 'worse'} by ${amount}, which may be due to chance`
}
