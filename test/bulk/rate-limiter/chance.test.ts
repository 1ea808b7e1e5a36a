import { expect, test } from 'vitest'
import { createChance } from '../../../src/bulk/rate-limiter/chance.ts'
import type { Chance } from '../../../src/bulk/rate-limiter/chance.ts'

/** Counts outcomes of which every so manieth is rate-limited. */
function count(chance: Chance, outcomes: number, every: number, isBelow = true): Chance {
  for (let at = 1; at <= outcomes; at++) chance.count(at % every === 0, isBelow)
  return chance
}

test.each([[1], [2], [5], [20], [50]])(
  '429s below the rate are by chance, of any share: one in %i',
  (every) => {
    expect(count(createChance(), 5 * every + 5, every).isOn).toBe(true)
  },
)

test('those at the rate are not', () => {
  expect(count(createChance(), 1000, 2, false).isOn).toBe(false)
})

test('one alone is no proof', () => {
  expect(count(createChance(), 25, 25).isOn).toBe(false)
})

test('chance is not blamed any longer for a share that grows by far', () => {
  const chance = count(createChance(), 100, 10)
  expect(chance.isOn).toBe(true)
  expect(count(chance, 300, 10).isOn).toBe(true)
  expect(count(chance, 3, 1).isOn).toBe(false)
})
