/**
 * Measures of a ranking with judged documents, and thresholds for scores.
 *
 * @module nebius-rerank/eval
 */

export { estimateRequestTokens } from '../bulk/index.ts'
export { BudgetError, createTokenBudget } from './budget.ts'
export type { TokenBudget } from './budget.ts'
export { compareRuns } from './compare.ts'
export type { CompareOptions, Comparison, QueryComparison, RunComparison } from './compare.ts'
export { evaluate, planRequests } from './evaluate.ts'
export type { Evaluation } from './evaluate.ts'
export { measureRun } from './measure-run.ts'
export type { MeasuredRun, MeasureOptions, MeasureValues } from './measure-run.ts'
export { DEFAULT_MEASURES } from './measures.ts'
export type { EvaluateOptions, EvaluationProgress, ScoreStore, StoredScore, StoredScores } from './options.ts'
export { toRuns } from './queries.ts'
export type { JudgedDocument, JudgedQuery, JudgedRun } from './queries.ts'
export type { FailedQuery, PlannedRequest } from './rescore.ts'
export { summarizeScores } from './thresholds.ts'
export type { ScoreSummary, ScoreThreshold, ThresholdPoint } from './thresholds.ts'
export { formatRun, inOrder, readQrels, readRun } from './trec.ts'
export type { Qrels, Run } from './trec.ts'
