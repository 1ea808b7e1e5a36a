import { describe, expect, test } from 'vitest'
import { SCENARIOS } from './scenarios.ts'
import { fixedWindow } from './services.ts'
import { simulate } from './simulation.ts'

const named = (part: string) => SCENARIOS.filter(({ name }) => name.includes(part))

/** Each with other latencies and other chances; npm run bench tries more. */
const SEEDS = [1, 2, 3]

describe('a limit that is stated is used to nine tenths and more, and hardly anything is rate-limited', () => {
  test.each([...named('a minute'), ...named('OpenAI, 3,600'), ...named('10 s')])(
    '$name',
    async ({ service, ...how }) => {
      for (const seed of SEEDS) {
        const { share, rateLimited, lost } = await simulate(service, { ...how, seed })
        expect(share).toBeGreaterThan(0.9)
        expect(rateLimited).toBeLessThan(0.05)
        expect(lost).toBe(0)
      }
    },
  )
})

// Connections are made, requests overtake each other, and the machine stands still now and then.
test.each([43, 86, 109, 331])('little remains, and next to nothing is rate-limited: %i', async (seed) => {
  const [little] = named('30 remain')
  const how = { jobs: 150, concurrency: 64, latency: 60, connecting: 200, stallMs: 100, spread: 1.9, seed }
  const { share, rateLimited } = await simulate(little?.service ?? expect.fail(), how)
  expect(share).toBeGreaterThan(0.95)
  expect(rateLimited).toBeLessThan(0.03)
})

test.each([5, 10])('a window of %i a minute is one, whatever comes first', async (limit) => {
  for (const seed of SEEDS) {
    const how = { jobs: 6 * limit, latency: 300, seed }
    const { seconds } = await simulate(fixedWindow({ limit, periodMs: 60_000, fields: 'ietf' }), how)
    expect(seconds).toBeLessThan(310)
  }
})

// So few find a window that is empty by its responses alone, before they have used up their retries.
test.each([
  { concurrency: 4, latency: 500 },
  { concurrency: 2, latency: 300 },
])('no job is lost to a window that is empty, of $concurrency at once', async ({ concurrency, latency }) => {
  for (const seed of SEEDS) {
    const window = fixedWindow({ limit: 600, periodMs: 60_000, level: 0, fields: 'x-ratelimit' })
    const { lost, seconds } = await simulate(window, { jobs: 20, concurrency, latency, seed })
    expect(lost).toBe(0)
    expect(seconds).toBeLessThan(70)
  }
})

test('a limit that grows with use above four fifths grows each quarter of an hour', async () => {
  const [growing] = named('growing')
  const { admittedAt } = await simulate(growing?.service ?? expect.fail(), { jobs: 5000, untilMs: 3_600_000 })
  for (const quarter of [1, 2, 3]) {
    const [from, to] = [quarter * 900_000, (quarter + 1) * 900_000]
    const used = admittedAt.filter((at) => at >= from && at < to).length
    expect(used / (15 * 60 * 1.2 ** quarter)).toBeGreaterThan(0.85)
  }
})

test('a limit of 1e10 is none', async () => {
  const [absurd] = named('absurd')
  const { seconds, rateLimited } = await simulate(absurd?.service ?? expect.fail(), { jobs: 2000 })
  // 16 in flight for 20 ms each.
  expect(seconds).toBeLessThan(1.1 * 2.5)
  expect(rateLimited).toBe(0)
})

describe('a limit that is not stated is used to nine tenths, and at most one in ten is rate-limited', () => {
  test.each(named('unstated').filter(({ beside }) => beside === undefined))(
    '$name',
    async ({ service, ...how }) => {
      for (const seed of SEEDS) {
        const { share, rateLimited, lost } = await simulate(service, { ...how, seed })
        expect(share).toBeGreaterThan(0.9)
        expect(rateLimited).toBeLessThan(0.1)
        expect(lost).toBe(0)
      }
    },
  )
})

describe('a limit is found beside 429s by chance, which are not taken for it', () => {
  test.each(named('unstated').filter(({ beside }) => beside !== undefined))(
    '$name',
    async ({ service, beside = 0, ...how }) => {
      for (const seed of SEEDS.slice(1)) {
        const { share, rateLimited } = await simulate(service, { ...how, seed })
        // Jobs that are rate-limited time and again back off, whatever the rate: of many, there are too few left.
        if (beside <= 0.05) expect(share).toBeGreaterThan(0.9)
        expect(rateLimited).toBeLessThan(beside + 0.15)
      }
    },
  )
})

describe('429s by chance cost at most half as much time again as the same calls with plain retries, and no job', () => {
  test.each(SCENARIOS.filter(({ isCompared }) => isCompared))('$name', async ({ service, ...how }) => {
    for (const seed of SEEDS) {
      const { seconds, lost } = await simulate(service, { ...how, seed })
      const plain = await simulate(service, { ...how, seed, plain: true })
      expect(seconds).toBeLessThan(1.5 * plain.seconds)
      expect(lost).toBe(0)
    }
  })
})

describe('ten seconds after 429s by chance have ended it is as fast as before', () => {
  test.each(named('long'))('$name', async ({ service, ...how }) => {
    for (const seed of SEEDS.slice(1)) {
      const { admittedAt } = await simulate(service, { ...how, seed, jobs: 40_000, untilMs: 41_000 })
      const inSecond = admittedAt.filter((at) => at >= 40_000 && at < 41_000)
      // 16 in flight for 20 ms each make 800 a second.
      expect(inSecond.length).toBeGreaterThan(720)
    }
  })
})
