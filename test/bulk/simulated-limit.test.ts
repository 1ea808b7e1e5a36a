import { describe, expect, test } from 'vitest'
import { simulate } from './simulation.ts'
import { unstated } from './services.ts'
import type { Wording } from './services.ts'

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

describe('a service whose limit is not known is used to nine tenths of it, with one in ten rate-limited at most', () => {
  test.each(cases(['nothing', 'milliseconds']))(
    'it says $wording of when to come back, admits $perSecond a second, and holds $bucket',
    async (service) => {
      const { share, rateLimited } = await simulate(unstated(service), { ...service, jobs: 2000 })
      expect(share).toBeGreaterThan(0.9)
      expect(rateLimited).toBeLessThan(0.1)
    },
  )

  test.each(cases(['seconds']).filter(({ bucket }) => bucket === 'a second'))(
    'it says whole $wording, admits $perSecond a second, and holds $bucket',
    async (service) => {
      const { share, rateLimited } = await simulate(unstated(service), {
        ...service,
        jobs: 60 * service.perSecond,
      })
      expect(share).toBeGreaterThan(0.9)
      expect(rateLimited).toBeLessThan(0.1)
    },
  )

  // Each 429 costs a second of which a small bucket keeps little, so finding the limit takes its time.
  test.each(cases(['seconds']).filter(({ bucket }) => bucket !== 'a second'))(
    'in the long run, when it says whole $wording, admits $perSecond a second, and holds $bucket',
    async (service) => {
      const { lastHalf, rateLimited } = await simulate(unstated(service), {
        ...service,
        jobs: 70 * service.perSecond,
      })
      expect(lastHalf / service.perSecond).toBeGreaterThan(0.9)
      expect(rateLimited).toBeLessThan(0.1)
    },
  )
})

// So many at once overtake each other, and all of a bucket goes within a round trip.
test.each([5, 6, 10, 22])(
  'a small bucket that is a millisecond away is used to nine tenths, with one in ten rate-limited at most: %i',
  async (seed) => {
    const service = unstated({ perSecond: 500, capacity: 50 })
    const how = { jobs: 2000, latency: 1, concurrency: 64, seed: 4000 + seed }
    const { share, rateLimited } = await simulate(service, how)
    expect(share).toBeGreaterThan(0.9)
    expect(rateLimited).toBeLessThan(0.1)
  },
)

// Until 20 have been let out, which takes four seconds, nothing is measured.
test.each(['nothing', 'milliseconds'] as const)(
  'five a second are used to four fifths, with one in six rate-limited at most: it says %s',
  async (wording) => {
    for (const { capacity, latency } of Object.values(BUCKETS)) {
      const service = unstated({ perSecond: 5, capacity: Math.max(1, capacity(5)), wording })
      const { share, rateLimited } = await simulate(service, { jobs: 300, latency })
      expect(share).toBeGreaterThan(0.8)
      expect(rateLimited).toBeLessThan(1 / 6)
    }
  },
)

// A request is long under way where a machine stands still, and a burst comes after it.
test.each([80, 142])('a busy machine takes no tenth of it: %i', async (seed) => {
  const service = unstated({ perSecond: 500, capacity: 50 })
  const how = { jobs: 2000, concurrency: 64, connecting: 30, stallMs: 60, seed }
  const { share, rateLimited } = await simulate(service, how)
  expect(share).toBeGreaterThan(0.9)
  expect(rateLimited).toBeLessThan(0.1)
})

// A first flight of which few were let out tells little; so a higher rate is tried soon.
test.each([725, 1066])('a rate that was measured briefly is soon found: %i', async (seed) => {
  const service = unstated({ perSecond: 340, capacity: 34, wording: 'milliseconds' })
  const how = { jobs: 2000, concurrency: 64, latency: 4, connecting: 60, stallMs: 20, spread: 1.8, seed }
  const { share, rateLimited } = await simulate(service, how)
  expect(share).toBeGreaterThan(0.95)
  expect(rateLimited).toBeLessThan(0.1)
})

// How many of a flight were let out is known when all of them have come back; they overtake each other on their way.
test.each([9004, 9047, 9057])('a limit is not taken for chance by what overtook: %i', async (seed) => {
  const service = unstated({ perSecond: 500, capacity: 500 })
  const how = { jobs: 2000, concurrency: 64, latency: 2, connecting: 30, spread: 1.5, seed }
  const { share, rateLimited } = await simulate(service, how)
  expect(share).toBeGreaterThan(0.9)
  expect(rateLimited).toBeLessThan(0.1)
})

// Where as much is let out after a wait as before it, the rate is known at once, and no second wait is needed.
test.each([7, 47, 54, 70])('a wait of a second is needed once in four: %i', async (seed) => {
  const service = unstated({ perSecond: 500, capacity: 500, wording: 'seconds' })
  for (const latency of [3, 20]) {
    const { share } = await simulate(service, { jobs: 2000, concurrency: 64, latency, seed })
    expect(share).toBeGreaterThan(0.9)
  }
})

// A wait of a second where a tenth fills the bucket: what is sent at once after it shows how much that holds.
test.each([507, 512, 517])('a long wait is not taken for a low rate: %i', async (seed) => {
  const service = unstated({ perSecond: 500, capacity: 50, wording: 'seconds' })
  const how = { jobs: 24_000, concurrency: 64, spread: 1.5, seed }
  expect((await simulate(service, how)).share).toBeGreaterThan(0.6)
})

// The burst after the wait is more than it holds then, and says so.
test.each([1, 2, 3])('a big bucket is known by a burst that fails: %i', async (seed) => {
  const service = unstated({ perSecond: 500, capacity: 1000, wording: 'seconds' })
  const { share } = await simulate(service, { jobs: 2000, concurrency: 64, latency: 3, seed })
  expect(share).toBeGreaterThan(0.9)
})

describe('a limit that changes is found again', () => {
  const service = { perSecond: 100, capacity: 100 }

  test.each([
    ['halves', 0.5],
    ['doubles', 2],
    ['falls to a tenth', 0.1],
  ])('when it %s', async (_, factor) => {
    const change = (ms: number): number => (ms > 30_000 ? factor : 1)
    const jobs = 3000 + 60 * service.perSecond * factor
    const { lastHalf, rateLimited } = await simulate(unstated({ ...service, change }), { jobs })
    expect(lastHalf / (service.perSecond * factor)).toBeGreaterThan(0.9)
    expect(rateLimited).toBeLessThan(0.1)
  })

  test('after an outage in which everything is rate-limited', async () => {
    const change = (ms: number): number => (ms > 10_000 && ms < 40_000 ? 1e-9 : 1)
    const { lastHalf, rateLimited } = await simulate(unstated({ ...service, change }), { jobs: 9000 })
    expect(lastHalf / service.perSecond).toBeGreaterThan(0.9)
    expect(rateLimited).toBeLessThan(0.05)
  })
})

describe('429s by chance do not slow it down to a standstill', () => {
  const unlimited = { perSecond: 1e6, capacity: 1e6 }

  test.each([
    [1, 600],
    [5, 500],
    [20, 250],
  ])(
    'where %i in a hundred are rate-limited, more than %i a second are admitted',
    async (percent, perSecond) => {
      const { lastHalf } = await simulate(unstated({ ...unlimited, chance: () => percent / 100 }), {
        jobs: 20_000,
      })
      expect(lastHalf).toBeGreaterThan(perSecond)
    },
  )

  // Each keeps back all others for a second.
  test('nor do those that name a second', async () => {
    const service = unstated({ ...unlimited, chance: () => 0.05, wording: 'seconds' })
    const { seconds } = await simulate(service, { jobs: 4000 })
    expect(seconds).toBeLessThan(1.2 * 4000 * 0.05)
  })

  test('and the limit is found all the same', async () => {
    const service = unstated({ perSecond: 100, capacity: 100, chance: () => 0.01 })
    const { lastHalf, rateLimited } = await simulate(service, { jobs: 12_000 })
    expect(lastHalf).toBeGreaterThan(90)
    expect(rateLimited).toBeLessThan(0.1)
  })
})

test('a service that rate-limits nothing is not slowed down for', async () => {
  const { lastHalf } = await simulate(unstated({ perSecond: 1e6, capacity: 1e6 }), { jobs: 4000 })
  // 16 in flight for 20 ms each make 800 a second.
  expect(lastHalf).toBeGreaterThan(780)
})
