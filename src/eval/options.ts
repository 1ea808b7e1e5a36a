import type { RankManyOptions } from '../bulk/index.ts'
import type { TokenBudget } from './budget.ts'
import type { JudgedDocument } from './queries.ts'
import type { CompareOptions } from './compare.ts'

/** Options of `evaluate`, beside those of `rankMany`. */
export interface EvaluateOptions
  extends
    CompareOptions,
    Omit<RankManyOptions<JudgedDocument>, 'blank' | 'dedupe' | 'minScore' | 'ordered' | 'text' | 'topN'> {
  /** The number of candidates of each query that are reranked, best first; those below keep their order. @default all */
  depth?: number | undefined
  /** The definition of relevance, in a sentence, for models that take an instruction. @default none */
  instruction?: string | undefined
  /**
   * Tokens that this and other evaluations may use together. One that needs more rejects with a BudgetError, after the
   * scores in flight are in `scores`: called again with them, it goes on.
   * @default no limit
   */
  budget?: TokenBudget | undefined
  /** The store in which scores are kept as they come, and found again by a later evaluation: a Map will do. @default none */
  scores?: ScoreStore | undefined
  /** Called as queries are done. */
  onEvaluated?: ((progress: EvaluationProgress) => void) | undefined
}

/** A store of scores, such as a Map; its keys hold the whole request, its texts included. */
export interface ScoreStore {
  /** The scores of a request, where they are known. */
  get(key: string): StoredScores | undefined | Promise<StoredScores | undefined>
  /** Keeps the scores of a request. */
  set(key: string, scores: StoredScores): unknown
}

/** The scores of a request. */
export interface StoredScores {
  /** The documents' places in the request, with their scores. */
  results: readonly StoredScore[]
  /** Tokens that the request used. */
  tokens: number
}

/** The score of a document in a request. */
export interface StoredScore {
  /** The document's place in the request, from 0. */
  index: number
  /** Its score. */
  score: number
}

/** The progress that `onEvaluated` gets. */
export interface EvaluationProgress {
  /** Queries that are done, those that failed included. */
  done: number
  /** Queries that will be. */
  total: number
  /** Queries that failed. */
  failed: number
  /** Tokens used so far. */
  tokens: number
}
