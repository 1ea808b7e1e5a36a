import { expect, test } from 'vitest'
import { ranked } from './ranked.ts'
import { nebius } from './services.ts'

test.each([
  ['1,200 a minute, full', 1200, 1200, 1500],
  ['1,200 a minute, empty', 1200, 0, 300],
  ['600 a minute, of which 30 remain', 600, 30, 150],
])('the service’s own limit is used well: %s', async (_, limit, level, count) => {
  const service = nebius({ limit, periodMs: 60_000, level })
  const { outcomes, admitted, rateLimited, share } = await ranked(service, count)
  expect(outcomes.filter(({ error }) => error)).toEqual([])
  expect(new Set(admitted).size).toBe(count)
  expect(admitted).toHaveLength(count)
  expect(share).toBeGreaterThan(0.9)
  expect(rateLimited / (rateLimited + count)).toBeLessThan(0.05)
})
