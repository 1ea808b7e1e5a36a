import { expect, test } from 'vitest'
import { createBlame } from '../../../src/bulk/rate-limiter/blame.ts'
import type { Blame, Refusal } from '../../../src/bulk/rate-limiter/blame.ts'

const refusal = (tried: number, more: Partial<Refusal> = {}): Refusal => ({
  tried,
  admitted: undefined,
  share: 0.1,
  isBetween: true,
  ...more,
})

/** One that has seen 0.1 admitted, and its fourth refusal at less than half of that. */
function onTrial(share = 0.1): Blame {
  const blame = createBlame()
  blame.refused(refusal(0.1, { admitted: 0.1 }))
  for (let times = 0; times < 4; times++) blame.refused(refusal(0.04, { share }))
  return blame
}

test('a refusal is for the rate while nothing is known of what is admitted', () => {
  const blame = createBlame()
  for (let times = 0; times < 9; times++) expect(blame.refused(refusal(0.001))).toBe('rate')
})

test('refusals at about the rate that was admitted are for the rate', () => {
  const blame = createBlame()
  blame.refused(refusal(0.1, { admitted: 0.1 }))
  for (let times = 0; times < 9; times++) expect(blame.refused(refusal(0.05))).toBe('rate')
})

test('the fourth at well below it makes a trial of it', () => {
  const blame = createBlame()
  blame.refused(refusal(0.1, { admitted: 0.1 }))
  const blamed = [0.049, 0.03, 0.02, 0.01].map((tried) => blame.refused(refusal(tried, { admitted: tried })))
  expect(blamed).toEqual(['rate', 'rate', 'rate', 'trial'])
  expect(blame.formerRate).toBe(0.1)
})

test('one that the rate explains begins the count anew', () => {
  const blame = createBlame()
  blame.refused(refusal(0.1, { admitted: 0.1 }))
  for (const tried of [0.04, 0.04, 0.04, 0.06, 0.04, 0.04, 0.04]) {
    expect(blame.refused(refusal(tried))).toBe('rate')
  }
  expect(blame.refused(refusal(0.04))).toBe('trial')
})

test('while nothing is admitted at all, as in an outage, none counts', () => {
  const blame = createBlame()
  blame.refused(refusal(0.1, { admitted: 0.1 }))
  for (let times = 0; times < 9; times++) {
    expect(blame.refused(refusal(0.04, { isBetween: false }))).toBe('rate')
  }
})

test.each([
  [0.1, 0.18, 0.19],
  [0.2, 0.33, 0.34],
  [0.9, 0.5, 0.51],
])(
  'where %d were refused before, up to %d in the trial are by chance, and %d are not',
  (before, few, many) => {
    const blame = onTrial(before)
    expect(blame.refused(refusal(0.2, { share: few }))).toBe('chance')
    expect(blame.refused(refusal(0.2, { share: many }))).toBe('rate')
  },
)

test.each([
  [0.03, 0.05],
  [0.07, 0.07],
])('a trial that fails, with %d admitted, leaves %d to hold refusals against', (admitted, formerRate) => {
  const blame = onTrial()
  blame.refused(refusal(0.2, { share: 0.5, admitted }))
  expect(blame.formerRate).toBe(formerRate)
})
