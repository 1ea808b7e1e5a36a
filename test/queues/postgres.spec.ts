import { setTimeout as sleep } from 'node:timers/promises'
import { createPostgresBackend, FlowProducer, Queue, Worker } from 'bullmq'
import pg from 'pg'
import PgBoss from 'pg-boss'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createRankProcessor, rankOn } from '../../src/bullmq/index.ts'
import { createRerankClient } from '../../src/index.ts'
import { createLocalReranker } from '../../src/local/index.ts'
import { startPostgresServer } from '../helpers/postgres-server.ts'
import type { PostgresServer } from '../helpers/postgres-server.ts'
import { serveLimited } from './limited-server.ts'
import { workOn } from './recipes/pg-boss.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgresServer()
})
afterAll(() => server.stop())

const jobs = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `j${at}`, query: `q${at}`, documents: ['a', `q${at}`] }))

test('BullMQ on PostgreSQL ranks each job once, whole or in parts', async () => {
  const connection = { connectionString: server.url, migrate: true }
  const queue = new Queue('rerank', { connection } as never, createPostgresBackend as never)
  const producer = new FlowProducer({ connection } as never, createPostgresBackend as never)
  const client = createRerankClient({ fetch: createLocalReranker() })
  const workers = [1, 2].map(
    () =>
      new Worker(
        'rerank',
        createRankProcessor(client),
        { connection, concurrency: 8, drainDelay: 1 } as never,
        createPostgresBackend as never,
      ),
  )
  onTestFinished(async () => {
    await Promise.all([...workers, queue, producer].map((each) => each.close()))
  })
  const long = { id: 'long', query: 'zebra', documents: Array.from({ length: 25 }, (_, at) => `d ${at}`) }
  long.documents[17] = 'a zebra'
  const seen = new Map<string, number | undefined>()
  const all = [...jobs(100), long]
  for await (const { job, ranked, error } of rankOn(queue, all, {
    pollMs: 20,
    flow: { producer, documentsPerJob: 10 },
  })) {
    expect(error).toBeUndefined()
    expect(seen.has(job.id)).toBe(false)
    seen.set(job.id, ranked?.[0]?.index)
  }
  expect(seen.size).toBe(101)
  expect(seen.get('j5')).toBe(1)
  expect(seen.get('long')).toBe(17)
})

test('the recipe for pg-boss ranks each job, and puts off those that are rate-limited', async () => {
  await using service = await serveLimited({ perSecond: 20, capacity: 10 }, () => ({
    'retry-after-ms': '300',
  }))
  const boss = new PgBoss({ connectionString: server.url, supervise: false, schedule: false })
  boss.on('error', () => undefined)
  await boss.start()
  const stop = new AbortController()
  onTestFinished(async () => {
    stop.abort()
    await boss.stop({ graceful: false })
  })
  const client = createRerankClient({ baseUrl: service.url, apiKey: null, maxRetries: 0 })
  await workOn(boss, client, stop.signal)
  for (const job of jobs(30)) await boss.send('rerank', job)
  await boss.send('rerank', { id: 'wrong', query: 5, documents: ['d'] })

  const database = new pg.Client({ connectionString: server.url })
  await database.connect()
  onTestFinished(() => database.end())
  const outputs = async (): Promise<{ id: string; results?: unknown[]; error?: string }[]> => {
    const sql = "SELECT output FROM pgboss.job WHERE state = 'completed' AND output ? 'id'"
    const { rows } = await database.query<{ output: { id: string } }>(sql)
    return rows.map(({ output }) => output)
  }
  while ((await outputs()).length < 31) await sleep(100)
  const found = await outputs()
  expect(new Set(found.map(({ id }) => id)).size).toBe(31)
  expect(found.filter(({ results }) => results?.length === 2)).toHaveLength(30)
  expect(found.find(({ id }) => id === 'wrong')?.error).toContain('query must be a string')
  expect(service.refused).toBeGreaterThan(0)
})
