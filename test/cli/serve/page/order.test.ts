import { expect, test } from 'vitest'
import { placed, roseFrom } from '../../../../src/cli/serve/page/order.ts'

test('movement is counted by the place that is shown, which ties share', () => {
  const ranking = placed(
    [
      [2, 0.9],
      [0, 0.1],
      [1, 0.1],
      [3, 0.1],
    ].map(([index = 0, relevance_score = 0]) => ({ index, relevance_score })),
  )
  expect(ranking.map(({ place }) => place)).toEqual([1, 2, 2, 2])
  expect(ranking.map((each) => roseFrom(each.index + 1, each))).toEqual([2, -1, 0, 2])
})
