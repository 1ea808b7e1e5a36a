import { expect, test } from 'vitest'
import { jobs } from './jobs.ts'
import { ranked } from './ranked.ts'
import { nebius, unstated } from './services.ts'

const stated = (limit: number, level: number) => nebius({ limit, periodMs: 60_000, level })

test.each([
  { limit: '1,200 a minute, full', service: stated(1200, 1200), count: 1500, mostLimited: 0.05 },
  { limit: '1,200 a minute, empty', service: stated(1200, 0), count: 300, mostLimited: 0.05 },
  { limit: '600 a minute, of which 30 remain', service: stated(600, 30), count: 150, mostLimited: 0.05 },
  {
    limit: '200 a second, which nobody states',
    service: unstated({ perSecond: 200, capacity: 200 }),
    count: 800,
    mostLimited: 0.1,
  },
])(
  'a limit is used well, and no job is lost or sent twice: $limit',
  async ({ service, count, mostLimited }) => {
    const { outcomes, admitted, rateLimited, share } = await ranked(service, count)
    expect(outcomes.filter(({ error }) => error)).toEqual([])
    expect(new Set(outcomes.map(({ job }) => job.id)).size).toBe(count)
    const queries = jobs(count).map(({ query }) => query)
    expect(admitted.sort()).toEqual(queries.sort())
    expect(share).toBeGreaterThan(0.9)
    expect(rateLimited / (rateLimited + count)).toBeLessThan(mostLimited)
  },
)
