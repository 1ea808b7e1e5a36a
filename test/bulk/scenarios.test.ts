import { describe, expect, test } from 'vitest'
import { SCENARIOS } from './scenarios.ts'
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

test('a limit that grows with use above four fifths is used more than that', async () => {
  const [growing] = named('minutes of work')
  const { admittedAt } = await simulate(growing?.service ?? expect.fail(), { jobs: 1000 })
  // After the first burst, 60 a minute are all that there are.
  const inFifteenMinutes = admittedAt.filter((at) => at >= 60_000 && at < 16 * 60_000)
  expect(inFifteenMinutes.length / (15 * 60)).toBeGreaterThan(0.85)
})

test('a limit of 1e10 is none', async () => {
  const [absurd] = named('absurd')
  const { seconds, rateLimited } = await simulate(absurd?.service ?? expect.fail(), { jobs: 2000 })
  // 16 in flight for 20 ms each.
  expect(seconds).toBeLessThan(1.1 * 2.5)
  expect(rateLimited).toBe(0)
})

describe('a limit that is not stated is used to nine tenths, and at most one in ten is rate-limited', () => {
  test.each(named('unstated'))('$name', async ({ service, ...how }) => {
    for (const seed of SEEDS) {
      const { share, rateLimited, lost } = await simulate(service, { ...how, seed })
      expect(share).toBeGreaterThan(0.9)
      expect(rateLimited).toBeLessThan(0.1)
      expect(lost).toBe(0)
    }
  })
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
    for (const seed of SEEDS) {
      const { admittedAt } = await simulate(service, { ...how, seed, jobs: 40_000, untilMs: 41_000 })
      const inSecond = admittedAt.filter((at) => at >= 40_000 && at < 41_000)
      // 16 in flight for 20 ms each make 800 a second.
      expect(inSecond.length).toBeGreaterThan(720)
    }
  })
})
