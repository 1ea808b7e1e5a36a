import { describe, expect, test } from 'vitest'
import { simulate } from './simulation.ts'
import type { Wording } from './simulation.ts'

const RATES = [20, 100, 500]

/** A bucket of one lets through no two requests that come within 1 / N of each other, so nothing may jostle them. */
const BUCKETS = {
  'one request': { capacity: () => 1, latency: 0 },
  'a tenth of a second': { capacity: (perSecond: number) => perSecond / 10, latency: 20 },
  'a second': { capacity: (perSecond: number) => perSecond, latency: 20 },
}

const cases = (wordings: readonly Wording[]) =>
  wordings.flatMap((wording) =>
    RATES.flatMap((perSecond) =>
      Object.entries(BUCKETS).map(([name, { capacity, latency }]) => ({
        wording,
        perSecond,
        bucket: name,
        latency,
        capacity: capacity(perSecond),
      })),
    ),
  )

describe('a service whose limit is not known is used to nine tenths of it, with one in ten refused at most', () => {
  test.each(cases(['nothing', 'milliseconds']))(
    'it says $wording of when to come back, admits $perSecond a second, and holds $bucket',
    async (service) => {
      const { share, refused } = await simulate({ ...service, jobs: 2000 })
      expect(share).toBeGreaterThan(0.9)
      expect(refused).toBeLessThan(0.1)
    },
  )

  test.each(cases(['seconds']).filter(({ bucket }) => bucket === 'a second'))(
    'it says whole $wording, admits $perSecond a second, and holds $bucket',
    async (service) => {
      const { share, refused } = await simulate({ ...service, jobs: 60 * service.perSecond })
      expect(share).toBeGreaterThan(0.9)
      expect(refused).toBeLessThan(0.1)
    },
  )

  // Each refusal costs a second of which a small bucket keeps little, so finding the limit takes its time.
  test.each(cases(['seconds']).filter(({ bucket }) => bucket !== 'a second'))(
    'in the long run, when it says whole $wording, admits $perSecond a second, and holds $bucket',
    async (service) => {
      const { lastHalf, refused } = await simulate({ ...service, jobs: 120 * service.perSecond })
      expect(lastHalf / service.perSecond).toBeGreaterThan(0.9)
      expect(refused).toBeLessThan(0.1)
    },
  )
})

describe('a limit that changes is found again', () => {
  const service = { perSecond: 100, capacity: 100, latency: 20, jobs: 12_000, wording: 'nothing' } as const

  test.each([
    ['halves', 0.5],
    ['doubles', 2],
    ['falls to a tenth', 0.1],
  ])('when it %s', async (_, factor) => {
    const change = (ms: number): number => (ms > 30_000 ? factor : 1)
    const jobs = 3000 + 60 * service.perSecond * factor
    const { lastHalf, refused } = await simulate({ ...service, jobs, change })
    expect(lastHalf / (service.perSecond * factor)).toBeGreaterThan(0.9)
    expect(refused).toBeLessThan(0.1)
  })

  test('after an outage in which everything is refused', async () => {
    const change = (ms: number): number => (ms > 10_000 && ms < 40_000 ? 1e-9 : 1)
    const { lastHalf, refused } = await simulate({ ...service, jobs: 9000, change })
    expect(lastHalf / service.perSecond).toBeGreaterThan(0.9)
    expect(refused).toBeLessThan(0.05)
  })
})

describe('refusals by chance do not slow it down to a standstill', () => {
  const unlimited = { perSecond: 1e6, capacity: 1e6, latency: 20, jobs: 20_000, wording: 'nothing' } as const

  test.each([
    [1, 300],
    [5, 150],
    [20, 60],
  ])('where %i in a hundred are refused, %i a second are admitted', async (percent, perSecond) => {
    const { lastHalf } = await simulate({ ...unlimited, chance: percent / 100 })
    expect(lastHalf).toBeGreaterThan(perSecond)
  })

  test('and the limit is found all the same', async () => {
    const service = { perSecond: 100, capacity: 100, latency: 20, jobs: 12_000, wording: 'nothing' } as const
    const { lastHalf, refused } = await simulate({ ...service, chance: 0.01 })
    expect(lastHalf).toBeGreaterThan(80)
    expect(refused).toBeLessThan(0.05)
  })
})

test('a service that refuses nothing is not held back', async () => {
  const { share } = await simulate({
    perSecond: 800,
    capacity: 1000,
    latency: 20,
    jobs: 4000,
    wording: 'nothing',
    concurrency: 16,
  })
  // 16 under way for 20 ms each make 800 a second.
  expect(share).toBeGreaterThan(0.75)
})
