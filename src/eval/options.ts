import type { RankManyOptions } from '../bulk/index.ts'
import type { TokenBudget } from './budget.ts'
import type { JudgedDocument } from './queries.ts'
import type { CompareOptions } from './compare.ts'

/** Options of `evaluate`, in addition to those of `rankMany`. */
export interface EvaluateOptions
  extends
    CompareOptions,
    Omit<RankManyOptions<JudgedDocument>, 'blank' | 'dedupe' | 'minScore' | 'ordered' | 'text' | 'topN'> {
  /** The number of candidates of each query to rerank, best first. The others keep their order. @default undefined: all */
  depth?: number | undefined
  /** A sentence that describes to the model what counts as relevant. @default undefined: no instruction */
  instruction?: string | undefined
  /**
   * The budget of tokens for this and other evaluations. If it is used up, `evaluate` rejects with a BudgetError, after
   * the scores in flight are stored in `scores`. Another call with the same `scores` continues.
   * @default undefined: no limit
   */
  budget?: TokenBudget | undefined
  /** A store, such as a Map, that keeps the scores for later evaluations. @default undefined */
  scores?: ScoreStore | undefined
  /** Called after each query. @default undefined */
  onEvaluated?: ((progress: EvaluationProgress) => void) | undefined
}

/** A store of scores, such as a Map. Its keys contain the whole request, including the texts. */
export interface ScoreStore {
  /** Returns the scores of a request, if they are stored. */
  get(key: string): StoredScores | undefined | Promise<StoredScores | undefined>
  /** Stores the scores of a request. */
  set(key: string, scores: StoredScores): unknown
}

/** The scores of a request. */
export interface StoredScores {
  /** The scores of the documents. */
  results: readonly StoredScore[]
  /** The tokens that the request used. */
  tokens: number
}

/** The score of a document in a request. */
export interface StoredScore {
  /** The position of the document in the request, from 0. */
  index: number
  /** The score of the document. */
  score: number
}

/** The progress of an evaluation, for `onEvaluated`. */
export interface EvaluationProgress {
  /** The number of queries that are done, including failed ones. */
  done: number
  /** The number of all queries. */
  total: number
  /** The number of queries that failed. */
  failed: number
  /** The tokens used so far. */
  tokens: number
}
