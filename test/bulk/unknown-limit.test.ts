import { expect, test } from 'vitest'
import { rankMany } from '../../src/bulk/index.ts'
import type { RankOutcome } from '../../src/bulk/index.ts'
import { createRerankClient } from '../../src/index.ts'
import { collect, jobs, OPEN } from './jobs.ts'
import type { Job } from './jobs.ts'
import { serveLimited } from './limited-server.ts'

test('a service of unknown limit on a socket is used well; no job is lost and none is sent twice', async () => {
  // A limit that this machine can reach with ease, whatever else it is doing.
  const perSecond = Math.min(500, (await requestsPerSecond()) / 3)
  await using server = await serveLimited({ perSecond, capacity: perSecond })
  const one = createRerankClient({ baseUrl: server.url, apiKey: null })
  const outcomes: RankOutcome<Job>[] = await collect(rankMany(one, jobs(2000)))

  expect(outcomes.filter(({ error }) => error)).toEqual([])
  expect(new Set(outcomes.map(({ job }) => job.id)).size).toBe(2000)
  expect([...server.admitted].sort()).toEqual(
    jobs(2000)
      .map(({ query }) => query)
      .sort(),
  )
  expect(server.admitted.length / server.admissible).toBeGreaterThan(0.9)
  expect(server.refused / (server.refused + server.admitted.length)).toBeLessThan(0.1)
}, 240_000)

async function requestsPerSecond(): Promise<number> {
  await using server = await serveLimited({ perSecond: 1e6, capacity: 1e6 })
  const one = createRerankClient({ baseUrl: server.url, apiKey: null })
  const started = performance.now()
  await collect(rankMany(one, jobs(300), { rateLimiter: OPEN }))
  return 300_000 / (performance.now() - started)
}
