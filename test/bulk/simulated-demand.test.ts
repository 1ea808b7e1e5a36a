import { describe, expect, test } from 'vitest'
import { simulate } from './simulation.ts'
import { unstated } from './services.ts'

// The bucket is full again, and the rate is what it was.
describe('a minute in which nobody asks changes nothing', () => {
  const comesAt = (job: number): number => Math.floor(job / 400) * 60_000
  const cases = [1, 10, 100].flatMap((capacity) =>
    (['nothing', 'seconds'] as const).map((wording) => ({ capacity, wording })),
  )
  test.each(cases)('after it says $wording, and holds $capacity', async ({ capacity, wording }) => {
    const service = unstated({ perSecond: 100, capacity, wording })
    const latency = capacity === 1 ? 0 : 20
    const { admittedAt, rateLimited } = await simulate(service, {
      jobs: 4000,
      latency,
      concurrency: 64,
      comesAt,
    })
    expect(Math.max(...admittedAt) - 9 * 60_000).toBeLessThan(1.2 * 4000)
    expect(rateLimited).toBeLessThan(0.05)
  })
})

// What comes in while few ask, beyond what the bucket holds, is lost to it: it says nothing of the rate.
describe('minutes in which few ask change nothing', () => {
  const cases = [1, 100].flatMap((capacity) =>
    (['nothing', 'seconds'] as const).flatMap((wording) =>
      [
        { together: 1, everyMs: 1000 },
        { together: 1, everyMs: 33 },
        { together: Math.min(3, capacity), everyMs: 300 },
      ].map((few) => ({ capacity, wording, ...few })),
    ),
  )
  test.each(cases)(
    '$together each $everyMs ms, after it says $wording, and holds $capacity',
    async ({ capacity, wording, together, everyMs }) => {
      const service = unstated({ perSecond: 100, capacity, wording })
      // 2,000 at first, then few for ten minutes, and 2,000 again.
      const [startsAt, endsAt] = [60_000, 660_000]
      const few = Math.floor((endsAt - startsAt) / everyMs) * together
      const comesAt = (job: number): number =>
        job < 2000 ? 0 : Math.min(endsAt, startsAt + Math.floor((job - 2000) / together) * everyMs)
      const { admittedAt } = await simulate(service, {
        jobs: 4000 + few,
        latency: capacity === 1 ? 0 : 20,
        concurrency: 64,
        comesAt,
      })
      expect(Math.max(...admittedAt) - endsAt).toBeLessThan(1.4 * 20_000)
    },
  )

  test.each([1, 2, 3, 4])('nor do 429s by chance then: %i', async (seed) => {
    const service = unstated({ perSecond: 10, capacity: 100, chance: () => 0.01 })
    const comesAt = (job: number): number => Math.min(60_000, job * 200)
    const { rateLimited } = await simulate(service, { jobs: 500, concurrency: 64, comesAt, seed })
    expect(rateLimited).toBeLessThan(0.1)
  })
})

// Many are let out at once where connections are made; those that back off then leave a time in which few ask.
test.each([701, 722, 747, 804])('what few tell of the rate is not taken for it: %i', async (seed) => {
  const service = unstated({ perSecond: 100, capacity: 100 })
  const how = { jobs: 2000, concurrency: 64, latency: 2, connecting: 30, spread: 1.5, seed }
  const { share, rateLimited } = await simulate(service, how)
  expect(share).toBeGreaterThan(0.9)
  expect(rateLimited).toBeLessThan(0.15)
})
