import { isRelevant } from './measures.ts'
import type { Qrels, Run } from './trec.ts'

/** A score below which documents can be dropped. */
export interface ScoreThreshold {
  /** The share of relevant documents to keep, from 0 to 1. */
  keeps: number
  /** The highest threshold that keeps them. Documents with a lower score are dropped. */
  score: number
  /** The share of the irrelevant documents that the threshold drops, from 0 to 1. */
  drops: number
}

/** Precision and recall at one threshold. */
export interface ThresholdPoint {
  /** The threshold. Documents with a lower score are dropped. */
  score: number
  /** The share of relevant documents among those that are kept, from 0 to 1. */
  precision: number
  /** The share of the relevant documents that are kept, from 0 to 1. */
  recall: number
}

/** Thresholds, with precision and recall at each. */
export interface ScoreSummary {
  /** The thresholds that keep 95% and 99% of the relevant documents. Empty if no relevant document has a score. */
  thresholds: ScoreThreshold[]
  /** Precision and recall by threshold, the lowest score first; at most 200 points. */
  curve: ThresholdPoint[]
}

const KEPT = [0.95, 0.99]
const MOST_POINTS = 200

/**
 * Finds thresholds for the scores of all queries, and calculates precision and recall at each. Documents without a
 * judgment count as irrelevant.
 *
 * @example
 * const { thresholds } = summarizeScores(readRun(run), readQrels(qrels))
 * console.log(thresholds[0]?.score)
 */
export function summarizeScores(run: Run, qrels: Qrels): ScoreSummary {
  const scored = [...run]
    .flatMap(([query, scores]) => {
      const grades = qrels.get(query)
      return grades
        ? [...scores].map(([id, score]) => ({ score, relevant: isRelevant(grades.get(id) ?? 0) }))
        : []
    })
    .sort((a, b) => b.score - a.score)
  const relevant = scored.filter((each) => each.relevant).length
  const others = scored.length - relevant
  if (relevant === 0) return { thresholds: [], curve: [] }

  /** For each score, the highest first, the number of documents with this score or more. */
  const steps: { score: number; kept: number; found: number }[] = []
  let found = 0
  scored.forEach((each, place) => {
    if (each.relevant) found += 1
    if (scored[place + 1]?.score !== each.score) steps.push({ score: each.score, kept: place + 1, found })
  })
  const thresholds = KEPT.flatMap((keeps) => {
    const step = steps.find((each) => each.found / relevant >= keeps)
    if (!step) return []
    const dropped = others - (step.kept - step.found)
    return [{ keeps, score: step.score, drops: others === 0 ? 0 : dropped / others }]
  })
  const curve = thinned(steps.reverse()).map((step) => ({
    score: step.score,
    precision: step.found / step.kept,
    recall: step.found / relevant,
  }))
  return { thresholds, curve }
}

/** At most `MOST_POINTS` points, evenly spaced, including the first and the last. */
function thinned<Point>(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points
  return Array.from(
    { length: MOST_POINTS },
    (_, place) => points[Math.round((place * (points.length - 1)) / (MOST_POINTS - 1))] as Point,
  )
}
