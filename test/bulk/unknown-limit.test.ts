import { expect, test } from 'vitest'
import { jobs } from './jobs.ts'
import { ranked } from './ranked.ts'
import { unstated } from './services.ts'

test('a service of unknown limit is used well; no job is lost and none is sent twice', async () => {
  const { outcomes, admitted, rateLimited, share } = await ranked(
    unstated({ perSecond: 200, capacity: 200 }),
    800,
  )
  expect(outcomes.filter(({ error }) => error)).toEqual([])
  expect(new Set(outcomes.map(({ job }) => job.id)).size).toBe(800)
  expect(admitted.sort()).toEqual(
    jobs(800)
      .map(({ query }) => query)
      .sort(),
  )
  expect(share).toBeGreaterThan(0.9)
  expect(rateLimited / (rateLimited + 800)).toBeLessThan(0.1)
})
