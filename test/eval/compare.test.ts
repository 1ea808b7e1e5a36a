import { describe, expect, test } from 'vitest'
import { compareRuns } from '../../src/eval/index.ts'
import { bootstrapInterval } from '../../src/eval/bootstrap.ts'

const ids = Array.from({ length: 40 }, (_, place) => `q${place}`)
const qrels = new Map(ids.map((id) => [id, new Map([['good', 1]])]))
const run = (isGood: (place: number) => boolean) =>
  new Map(
    ids.map((id, place) => [
      id,
      new Map([
        ['good', isGood(place) ? 2 : 0],
        ['bad', 1],
      ]),
    ]),
  )

describe('two runs', () => {
  const options = { measures: ['p@1'] }

  test('are compared query by query', () => {
    const { measures } = compareRuns(
      run((place) => place < 4),
      run((place) => place >= 3),
      qrels,
      options,
    )
    expect(measures['p@1']).toMatchObject({ before: 0.1, after: 37 / 40, wins: 36, ties: 1, losses: 3 })
    expect(measures['p@1']?.difference).toBeCloseTo(33 / 40, 12)
  })

  test('are measured over the queries that either has, and all with `complete`', () => {
    const before = new Map([['q0', new Map([['good', 1]])]])
    const after = new Map([
      ['q1', new Map([['good', 1]])],
      ['unjudged', new Map([['good', 1]])],
    ])
    expect(compareRuns(before, after, qrels, options).measures['p@1']).toMatchObject({
      before: 0.5,
      after: 0.5,
    })
    expect(compareRuns(before, after, qrels, { ...options, complete: true }).queries).toHaveLength(40)
  })

  test('of nothing are equal', () => {
    expect(compareRuns(new Map(), new Map(), qrels, options)).toEqual({
      measures: {
        'p@1': { before: 0, after: 0, difference: 0, interval: [0, 0], wins: 0, ties: 0, losses: 0 },
      },
      queries: [],
    })
  })
})

describe('the interval', () => {
  const differences = ids.map((_, place) => Math.sin(place * 7) / 2 + 0.1)
  const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length

  test('is the same for the same seed alone', () => {
    expect(bootstrapInterval(differences, 5)).toEqual(bootstrapInterval(differences, 5))
    expect(bootstrapInterval(differences, 6)).not.toEqual(bootstrapInterval(differences, 5))
  })

  test('is about that of the normal distribution', () => {
    const variance = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / differences.length
    const half = 1.96 * Math.sqrt(variance / differences.length)
    const [low, high] = bootstrapInterval(differences, 1)
    expect(Math.abs(low - (mean - half))).toBeLessThan(half * 0.1)
    expect(Math.abs(high - (mean + half))).toBeLessThan(half * 0.1)
  })

  test('of equal differences has no width', () => {
    expect(bootstrapInterval([0.25, 0.25, 0.25], 1)).toEqual([0.25, 0.25])
  })
})
