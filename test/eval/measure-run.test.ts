import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { inOrder, measureRun, readQrels, readRun } from '../../src/eval/index.ts'

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/eval/${name}`, import.meta.url), 'utf8')

const qrels = readQrels(fixture('qrels.txt'))
const run = readRun(fixture('run.txt'))

/** The names here of trec_eval's measures. */
const NAMES: Readonly<Record<string, string>> = {
  map: 'map',
  recip_rank: 'mrr',
  P_5: 'p@5',
  recall_5: 'recall@5',
  recall_10: 'recall@10',
  ndcg_cut_5: 'ndcg@5',
  ndcg_cut_10: 'ndcg@10',
}
const measures = Object.values(NAMES)

/** The lines that trec_eval printed: measure, query, value. */
function linesOf(name: string): [string, string, string][] {
  return fixture(name)
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/) as [string, string, string])
}

describe('agrees with trec_eval to four decimals', () => {
  test.each([
    ['by query and over all', 'trec_eval.txt', false],
    ['over all that are judged', 'trec_eval-c.txt', true],
  ])('%s', (_, file, complete) => {
    const { mean, queries } = measureRun(run, qrels, { measures, complete })
    const values = linesOf(file).map(([measure, query]) => {
      if (measure === 'num_q') return [measure, query, String(queries.size)]
      const of = query === 'all' ? mean : queries.get(query)
      return [measure, query, of?.[NAMES[measure] ?? '']?.toFixed(4)]
    })
    expect(values).toEqual(linesOf(file))
    expect(values.length).toBeGreaterThan(7)
  })
})

const one = (grades: Record<string, number>) => new Map([['q', new Map(Object.entries(grades))]])
const valueOf = (measure: string, scores: Record<string, number>, grades: Record<string, number>) =>
  measureRun(one(scores), one(grades), { measures: [measure] }).mean[measure]

describe('measures', () => {
  const scores = { a: 4, b: 3, c: 2, d: 1 }

  test.each([
    ['ndcg', { a: 0, c: 1 }, 1 / Math.log2(4)],
    ['ndcg@2', { a: 0, c: 1 }, 0],
    ['ndcg@2', { x: 3, y: 3, a: 1 }, 1 / (3 + 3 / Math.log2(3))],
    ['mrr', { c: 1 }, 1 / 3],
    ['mrr@2', { c: 1 }, 0],
    ['map', { a: 1, c: 2, x: 1 }, (1 + 2 / 3) / 3],
    ['map@2', { a: 1, c: 1 }, 1 / 2],
    ['p@10', { a: 1, b: 1 }, 0.2],
    ['recall@1', { a: 1, b: 1 }, 0.5],
    ['p@2', { a: -1, b: 1 }, 0.5],
    ['ndcg@2', { a: -2, b: 1 }, 1 / Math.log2(3)],
    ['ndcg', {}, 0],
  ])('%s of %j', (measure, grades, expected) => {
    expect(valueOf(measure, scores, grades)).toBeCloseTo(expected, 12)
  })

  test('are named as the caller wrote them', () => {
    expect(measureRun(run, qrels, { measures: ['nDCG@10', 'MRR'] }).mean).toMatchObject({
      'nDCG@10': expect.closeTo(0.229, 3) as number,
      MRR: expect.closeTo(0.3528, 4) as number,
    })
  })

  test.each(['ndgc@10', 'p', 'recall', 'ndcg@0', 'ndcg@1.5', '', 'constructor', 'ndcg@'])(
    '%j is none',
    (name) => {
      expect(() => measureRun(run, qrels, { measures: [name] })).toThrow(/^a measure must be one of ndcg@k, /)
    },
  )

  test.each([[[]], ['ndcg@10']])('%j is no list of them', (given) => {
    expect(() => measureRun(run, qrels, { measures: given as string[] })).toThrow('measures must be an array')
  })

  test('are named once', () => {
    expect(() => measureRun(run, qrels, { measures: ['map', 'map'] })).toThrow('measures name map twice')
  })

  test('of nothing are 0', () => {
    expect(measureRun(new Map(), qrels, { measures: ['map'] }).mean).toEqual({ map: 0 })
  })
})

test('equal scores are ordered by id, the last one first, by bytes of UTF-8', () => {
  const ids = ['d9', 'd10', '\u{1F600}', '\uFFFD', 'd1']
  expect(inOrder(new Map(ids.map((id) => [id, 1])))).toEqual(
    [...ids].sort((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a))),
  )
})
