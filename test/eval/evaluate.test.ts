import { describe, expect, test } from 'vitest'
import { createTokenBudget, evaluate, inOrder, planRequests, toRuns } from '../../src/eval/index.ts'
import type { EvaluationProgress, JudgedQuery, StoredScores } from '../../src/eval/index.ts'
import { clientByNumber, QUERIES } from './judged.ts'

const measures = ['mrr']

test('reranks judged queries and compares the orders', async () => {
  const { client, asked } = clientByNumber()
  const evaluation = await evaluate(client, QUERIES, { measures })
  expect(asked.map(({ query, documents }) => [query, ...documents])).toEqual([
    ['one', 'about 0.1', 'about 0.9', 'about 0.5'],
    ['two', 'about 0.3', 'about 0.6'],
  ])
  expect(evaluation.queries).toEqual([
    { id: 'helped', before: { mrr: 0.5 }, after: { mrr: 1 } },
    { id: 'hurt', before: { mrr: 1 }, after: { mrr: 0.5 } },
  ])
  expect(evaluation.measures['mrr']).toMatchObject({
    before: 0.75,
    after: 0.75,
    difference: 0,
    wins: 1,
    ties: 0,
    losses: 1,
  })
  expect(evaluation).toMatchObject({ tokens: 20, failed: [] })
  expect(evaluation.latencyMs.p95).toBeGreaterThanOrEqual(evaluation.latencyMs.p50)
})

test.each([[[]], [[{ query: 'q', documents: [{ text: 'x' }] }]], [[{ query: 'q', documents: [] }]]])(
  'rejects %j, where nothing is judged',
  async (queries) => {
    const { client, asked } = clientByNumber()
    await expect(evaluate(client, queries)).rejects.toThrow(
      new TypeError(
        'No query has a judged document: give documents a "relevance", or check the ids of the qrels',
      ),
    )
    expect(asked).toEqual([])
  },
)

test('sums up scores over all queries', async () => {
  const { client } = clientByNumber()
  const { thresholds, curve } = await evaluate(client, QUERIES, { measures })
  expect(thresholds).toEqual([
    { keeps: 0.95, score: 0.3, drops: 1 / 3 },
    { keeps: 0.99, score: 0.3, drops: 1 / 3 },
  ])
  expect(curve[0]).toEqual({ score: 0.1, precision: 2 / 5, recall: 1 })
  expect(curve.at(-1)).toEqual({ score: 0.9, precision: 1, recall: 0.5 })
})

test('leaves out queries without a judgment, and sends nothing for them', async () => {
  const { client, asked } = clientByNumber()
  const unjudged: JudgedQuery = { query: 'nobody knows', documents: [{ text: '1' }] }
  const { queries } = await evaluate(client, [...QUERIES, unjudged], { measures })
  expect([asked.length, queries.length]).toEqual([2, 2])
})

test('reranks the best of the first stage by depth, and keeps the others below in their order', async () => {
  const { client, asked } = clientByNumber()
  const documents = ['0.1', '0.2', '0.9', '0.8'].map((text, place) => ({
    id: text,
    text,
    score: 4 - place,
    relevance: 1,
  }))
  const { run, scores } = await evaluate(client, [{ id: 'q', query: 'q', documents }], { measures, depth: 2 })
  expect(asked[0]?.documents).toEqual(['0.1', '0.2'])
  expect(inOrder(run.get('q') ?? new Map())).toEqual(['0.2', '0.1', '0.9', '0.8'])
  expect([...(scores.get('q')?.keys() ?? [])]).toEqual(['0.2', '0.1'])
})

test('keeps documents with a blank text below those that are ranked', async () => {
  const { client, asked } = clientByNumber()
  const documents = [
    { id: 'blank', text: ' ' },
    { id: 'text', text: '0.5', relevance: 1 },
  ]
  const { run } = await evaluate(client, [{ id: 'q', query: 'q', documents }], { measures })
  expect(asked[0]?.documents).toEqual(['0.5'])
  expect(inOrder(run.get('q') ?? new Map())).toEqual(['text', 'blank'])
})

test('counts what was judged and not retrieved', async () => {
  const { client } = clientByNumber()
  const query = { query: 'q', documents: [{ text: '0.5', relevance: 1 }], missed: { other: 1 } }
  const { measures: values } = await evaluate(client, [query], { measures: ['recall@5'] })
  expect(values['recall@5']).toMatchObject({ before: 0.5, after: 0.5 })
})

test('puts an instruction before the query', async () => {
  const { client, asked } = clientByNumber()
  await evaluate(client, QUERIES, { measures, instruction: 'Find answers' })
  expect(asked[0]?.query).toBe('<Instruct>: Find answers\n<Query>: one')
  expect(planRequests(QUERIES, { instruction: 'Find answers' })[0]?.query).toBe(asked[0]?.query)
})

describe('failures', () => {
  test('of a query by itself leave its order, and are listed', async () => {
    const { client } = clientByNumber(({ query }) => (query === 'one' ? 400 : undefined))
    const { failed, queries } = await evaluate(client, QUERIES, { measures })
    expect(failed.map(({ id, error }) => [id, error.name])).toEqual([['helped', 'BadRequestError']])
    expect(queries[0]).toEqual({ id: 'helped', before: { mrr: 0.5 }, after: { mrr: 0.5 } })
  })

  test('of all queries reject', async () => {
    const { client } = clientByNumber(() => 400)
    await expect(evaluate(client, QUERIES)).rejects.toThrow('400')
  })

  test('of the service reject', async () => {
    const { client } = clientByNumber(({ query }) => (query === 'two' ? 401 : undefined))
    await expect(evaluate(client, QUERIES)).rejects.toThrow('401')
  })
})

describe('scores that are kept', () => {
  test('are not asked for again', async () => {
    const { client, asked } = clientByNumber()
    const scores = new Map<string, StoredScores>()
    const first = await evaluate(client, QUERIES, { measures, scores })
    const again = await evaluate(client, QUERIES, { measures: ['ndcg@10'], scores })
    expect(asked).toHaveLength(2)
    expect(again).toMatchObject({ tokens: 20, run: first.run, latencyMs: { p50: 0, p95: 0 } })
  })

  test('are of one model, and of one list of documents', async () => {
    const { client, asked } = clientByNumber()
    const scores = new Map<string, StoredScores>()
    await evaluate(client, QUERIES, { measures, scores })
    await evaluate(client, QUERIES, { measures, scores, model: 'another' })
    await evaluate(client, QUERIES, { measures, scores, depth: 1 })
    expect(asked).toHaveLength(6)
  })

  test('are not used where they don’t fit', async () => {
    const { client, asked } = clientByNumber()
    const scores = { get: () => ({ results: [{ index: 7, score: 1 }], tokens: 1 }), set: () => undefined }
    await evaluate(client, QUERIES, { measures, scores })
    expect(asked).toHaveLength(2)
  })
})

test('a budget ends it before it is passed, and what was scored is kept', async () => {
  const { client, asked } = clientByNumber()
  const scores = new Map<string, StoredScores>()
  const many = Array.from({ length: 9 }, (_, place) => ({
    query: `${place}`,
    documents: [{ text: '1', relevance: 1 }],
  }))
  const budget = createTokenBudget(55)
  await expect(evaluate(client, many, { measures, scores, budget })).rejects.toThrow(
    '50 tokens are used, and the next request needs about 10, which exceeds the budget of 55 tokens',
  )
  expect([scores.size, budget.used]).toEqual([5, 50])
  await evaluate(client, many, { measures, scores })
  expect(asked).toHaveLength(9)
})

test('tells how far it is', async () => {
  const { client } = clientByNumber(({ query }) => (query === 'one' ? 422 : undefined))
  const seen: EvaluationProgress[] = []
  await evaluate(client, QUERIES, { measures, onEvaluated: (progress) => seen.push(progress) })
  expect(seen.at(-1)).toEqual({ done: 2, total: 2, failed: 1, tokens: 10 })
})

describe('rejects with a TypeError', () => {
  const document = { text: 'a', relevance: 1 }
  test.each<[what: string, queries: unknown, options: unknown]>([
    ['queries must be an iterable', 5, {}],
    ['queries[0] must be an object', [null], {}],
    ['queries[0].query must be a string', [{ documents: [] }], {}],
    ['queries[0].documents must be an array', [{ query: 'q' }], {}],
    ['queries[0].documents[1] must be an object', [{ query: 'q', documents: [document, 'a'] }], {}],
    ['queries[0].documents[0].text must be a string', [{ query: 'q', documents: [{}] }], {}],
    [
      'queries[0].documents[0].relevance must be a finite number',
      [{ query: 'q', documents: [{ text: 'a', relevance: NaN }] }],
      {},
    ],
    [
      'queries[0].documents[0].score must be a finite number',
      [{ query: 'q', documents: [{ text: 'a', score: '1' }] }],
      {},
    ],
    [
      'queries[0].documents[1] has the id "a", as an earlier document does',
      [
        {
          query: 'q',
          documents: [
            { id: 'a', text: 'a' },
            { id: 'a', text: 'b' },
          ],
        },
      ],
      {},
    ],
    [
      'queries[1] has the id "1", as an earlier query does',
      [
        { id: '1', query: 'q', documents: [document] },
        { id: '1', query: 'q', documents: [document] },
      ],
      {},
    ],
    [
      'queries[0].missed["x"] must be a finite number',
      [{ query: 'q', documents: [], missed: { x: 'y' } }],
      {},
    ],
    ['depth must be a whole number', [], { depth: 0 }],
    ['seed must be a whole number', [], { seed: 0.5 }],
    ['instruction must be a string', [], { instruction: 1 }],
    ['a measure must be one of', [], { measures: ['x'] }],
    ['options must be an object', [], null],
  ])('%s', async (message, queries, options) => {
    const { client, asked } = clientByNumber()
    const evaluated = evaluate(client, queries as never, options as never)
    await expect(evaluated).rejects.toThrow(TypeError)
    await expect(evaluated).rejects.toThrow(message)
    expect(asked).toEqual([])
  })
})

test('documents without a score come in the order given, below those with one', () => {
  const documents = [
    { id: 'a', text: '' },
    { id: 'b', text: '', score: -3 },
    { id: 'c', text: '' },
    { id: 'd', text: '', score: 5 },
  ]
  const { run } = toRuns([{ id: 'q', query: 'q', documents }])
  expect(inOrder(run.get('q') ?? new Map())).toEqual(['d', 'b', 'a', 'c'])
})
