import { createRerankClient } from 'nebius-rerank'
import { compareRuns, createTokenBudget, evaluate, measureRun, readQrels, readRun } from 'nebius-rerank/eval'
import type { Comparison, Evaluation, JudgedQuery, Run } from 'nebius-rerank/eval'

const queries: readonly JudgedQuery[] = [
  {
    query: 'q',
    documents: [
      { text: 'a', relevance: 1 },
      { text: 'b', relevance: undefined },
    ],
  },
]
const client = createRerankClient({ apiKey: 'key' })
export const evaluated: Promise<Evaluation> = evaluate(client, queries, {
  measures: ['ndcg@10'],
  budget: createTokenBudget(1000),
  scores: new Map(),
  concurrency: undefined,
})
export const run: Run = readRun('')
export const mean: number | undefined = measureRun(run, readQrels('')).mean['map']
export const compared: Comparison | undefined = compareRuns(run, run, readQrels('')).measures['map']

// @ts-expect-error a query has documents
void evaluate(client, [{ query: 'q' }])
// @ts-expect-error a grade is a number
void evaluate(client, [{ query: 'q', documents: [{ text: 'a', relevance: '1' }] }])
