import { rerankWithScorer } from '@mastra/rag'
import { expect, test } from 'vitest'
import { NebiusRelevanceScorer } from '../../src/adapters/mastra.ts'
import { answers, good, KEY, rejection, scripted, sentBy } from '../helpers/rerank.ts'
import type { ScriptedFetch, Step } from '../helpers/rerank.ts'
import { viewsOf } from '../helpers/views.ts'

function scorerOf(...steps: Step[]): { scorer: NebiusRelevanceScorer; fetch: ScriptedFetch } {
  const fetch = scripted(...steps)
  const options = { apiKey: KEY, baseUrl: 'https://rerank.test', maxRetries: 0, fetch }
  return { scorer: new NebiusRelevanceScorer(options), fetch }
}

const documentsOf = ({ calls }: ScriptedFetch) => calls.map(({ init }) => sentBy(init).documents)

test('a reranking of Mastra is one request', async () => {
  const { scorer, fetch } = scorerOf()
  const results = ['a', 'b', 'c'].map((text, id) => ({ id: String(id), score: 0.5, metadata: { text } }))
  const best = await rerankWithScorer({ results, query: 'q', scorer, options: { topK: 2 } })
  expect(best.map(({ result, details }) => [result.id, details.semantic])).toEqual([
    ['2', 1],
    ['1', 2 / 3],
  ])
  expect(documentsOf(fetch)).toEqual([['a', 'b', 'c']])
})

test('what is asked within one tick is one request, however many promises are awaited before', async () => {
  const { scorer, fetch } = scorerOf()
  const ask = async (text: string, depth: number) => {
    for (let awaited = 0; awaited < depth; awaited++) await Promise.resolve()
    return scorer.getRelevanceScore('q', text)
  }
  expect(await Promise.all([ask('a', 0), ask('b', 7), ask('c', 1)])).toEqual([1 / 3, 1, 2 / 3])
  expect(documentsOf(fetch)).toEqual([['a', 'c', 'b']])
})

test('what is asked later is a request of its own', async () => {
  const { scorer, fetch } = scorerOf()
  await scorer.getRelevanceScore('q', 'a')
  await scorer.getRelevanceScore('q', 'b')
  expect(documentsOf(fetch)).toEqual([['a'], ['b']])
})

test('every query is a request of its own', async () => {
  const { scorer, fetch } = scorerOf()
  const asked = [
    ['q', 'a'],
    ['r', 'b'],
    ['q', 'c'],
  ] as const
  const scores = await Promise.all(asked.map(([query, text]) => scorer.getRelevanceScore(query, text)))
  expect(scores).toEqual([0.5, 1, 1])
  expect(documentsOf(fetch)).toEqual([['a', 'c'], ['b']])
})

test('equal texts are sent once and have the same score', async () => {
  const { scorer, fetch } = scorerOf()
  const scores = await Promise.all(['a', 'b', 'a'].map((text) => scorer.getRelevanceScore('q', text)))
  expect(scores).toEqual([0.5, 1, 0.5])
  expect(documentsOf(fetch)).toEqual([['a', 'b']])
})

test('a text without a word scores 0', async () => {
  const { scorer } = scorerOf()
  expect(await Promise.all([' ', 'a'].map((text) => scorer.getRelevanceScore('q', text)))).toEqual([0, 1])
})

test('a failure reaches everyone who asked, and the next request is tried afresh', async () => {
  const { scorer } = scorerOf(answers(500), good)
  const failed = await Promise.allSettled(['a', 'b'].map((text) => scorer.getRelevanceScore('q', text)))
  expect(failed).toMatchObject([{ reason: { kind: 'server' } }, { reason: { kind: 'server' } }])
  expect(await scorer.getRelevanceScore('q', 'a')).toBe(1)
})

test('a text that is none is a TypeError, and of no concern to what is asked beside it', async () => {
  const { scorer } = scorerOf()
  const other = scorer.getRelevanceScore('q', 'a')
  // @ts-expect-error metadata of Mastra can hold anything
  expect(await rejection(scorer.getRelevanceScore('q', 7))).toEqual(
    new TypeError('text must be a string, got number'),
  )
  expect(await other).toBe(1)
})

test('an inspection does not show the key', () => {
  expect(viewsOf(scorerOf().scorer).filter((view) => view.includes(KEY))).toEqual([])
})
