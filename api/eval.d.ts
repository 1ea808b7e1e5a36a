// The public API, written by `npm run api`. Any change to it needs a changeset.

import { RerankClient } from '../index.js'

import { RankManyOptions, estimateRequestTokens } from '../bulk/index.js'

declare class BudgetError extends Error {}

interface CompareOptions extends MeasureOptions {
  seed?: number | undefined
}

interface Comparison {
  before: number
  after: number
  difference: number
  interval: readonly [low: number, high: number]
  wins: number
  ties: number
  losses: number
}

declare const DEFAULT_MEASURES: readonly string[]

interface EvaluateOptions
  extends
    CompareOptions,
    Omit<RankManyOptions<JudgedDocument>, 'blank' | 'dedupe' | 'minScore' | 'ordered' | 'text' | 'topN'> {
  depth?: number | undefined
  instruction?: string | undefined
  budget?: TokenBudget | undefined
  scores?: ScoreStore | undefined
  onEvaluated?: ((progress: EvaluationProgress) => void) | undefined
}

interface Evaluation extends RunComparison, ScoreSummary {
  run: Run
  scores: Run
  failed: FailedQuery[]
  tokens: number
  latencyMs: {
    p50: number
    p95: number
  }
}

interface EvaluationProgress {
  done: number
  total: number
  failed: number
  tokens: number
}

interface FailedQuery {
  id: string
  error: Error
}

interface JudgedDocument {
  id?: string | undefined
  text: string
  relevance?: number | undefined
  score?: number | undefined
}

interface JudgedQuery {
  id?: string | undefined
  query: string
  documents: readonly JudgedDocument[]
  missed?: Readonly<Record<string, number>> | undefined
}

interface JudgedRun {
  run: Run
  qrels: Qrels
}

interface MeasureOptions {
  measures?: readonly string[] | undefined
  complete?: boolean | undefined
}

type MeasureValues = Record<string, number>

interface MeasuredRun {
  mean: MeasureValues
  queries: ReadonlyMap<string, MeasureValues>
}

interface PlannedRequest {
  id: string
  query: string
  documents: readonly string[]
  ids: readonly string[]
}

type Qrels = ReadonlyMap<string, ReadonlyMap<string, number>>

interface QueryComparison {
  id: string
  before: MeasureValues
  after: MeasureValues
}

type Run = ReadonlyMap<string, ReadonlyMap<string, number>>

interface RunComparison {
  measures: Record<string, Comparison>
  queries: QueryComparison[]
}

interface ScoreStore {
  get(key: string): StoredScores | undefined | Promise<StoredScores | undefined>
  set(key: string, scores: StoredScores): unknown
}

interface ScoreSummary {
  thresholds: ScoreThreshold[]
  curve: ThresholdPoint[]
}

interface ScoreThreshold {
  keeps: number
  score: number
  drops: number
}

interface StoredScore {
  index: number
  score: number
}

interface StoredScores {
  results: readonly StoredScore[]
  tokens: number
}

interface ThresholdPoint {
  score: number
  precision: number
  recall: number
}

interface TokenBudget {
  readonly used: number
  reserve(request: {
    query: string
    documents: readonly string[]
  }): Promise<(used: number | undefined) => void>
}

declare function compareRuns(before: Run, after: Run, qrels: Qrels, options?: CompareOptions): RunComparison

declare function createTokenBudget(maxTokens: number): TokenBudget

declare function evaluate(
  client: RerankClient,
  queries: Iterable<JudgedQuery>,
  options?: EvaluateOptions,
): Promise<Evaluation>

declare function formatRun(run: Run, tag: string): string

declare function inOrder(scores: ReadonlyMap<string, number>): string[]

declare function measureRun(run: Run, qrels: Qrels, options?: MeasureOptions): MeasuredRun

declare function planRequests(
  queries: Iterable<JudgedQuery>,
  options?: Pick<EvaluateOptions, 'depth' | 'instruction'>,
): PlannedRequest[]

declare function readQrels(text: string, name?: string): Qrels

declare function readRun(text: string, name?: string): Run

declare function summarizeScores(run: Run, qrels: Qrels): ScoreSummary

declare function toRuns(queries: Iterable<JudgedQuery>): JudgedRun

export {
  BudgetError,
  type CompareOptions,
  type Comparison,
  DEFAULT_MEASURES,
  type EvaluateOptions,
  type Evaluation,
  type EvaluationProgress,
  type FailedQuery,
  type JudgedDocument,
  type JudgedQuery,
  type JudgedRun,
  type MeasureOptions,
  type MeasureValues,
  type MeasuredRun,
  type PlannedRequest,
  type Qrels,
  type QueryComparison,
  type Run,
  type RunComparison,
  type ScoreStore,
  type ScoreSummary,
  type ScoreThreshold,
  type StoredScore,
  type StoredScores,
  type ThresholdPoint,
  type TokenBudget,
  compareRuns,
  createTokenBudget,
  estimateRequestTokens,
  evaluate,
  formatRun,
  inOrder,
  measureRun,
  planRequests,
  readQrels,
  readRun,
  summarizeScores,
  toRuns,
}
