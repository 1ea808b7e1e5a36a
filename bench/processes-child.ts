// A process of bench/processes.ts: once it is told to, it ranks its jobs, and says what became of them.
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { createRerankClient } from 'nebius-rerank'
import { rankMany } from 'nebius-rerank/bulk'
import { createRedisRateLimiter } from 'nebius-rerank/redis'
import type { RedisConnection } from 'nebius-rerank/redis'

/** What a process is to do. */
export interface Task {
  baseUrl: string
  /** Absent: each process has a rate limiter of its own. */
  redisUrl?: string
  requestsPerMinute?: number
  jobs: number[]
}

/** What came of it. */
export interface Done {
  ranked: number[]
  failed: number
  roundTrips: number
}

const { Redis } = createRequire(new URL('../test/queues/package.json', import.meta.url))('ioredis') as {
  Redis: new (
    url: string,
  ) => Extract<RedisConnection, { defineCommand: unknown }> & { disconnect(): void; ping(): Promise<unknown> }
}
const { baseUrl, redisUrl, requestsPerMinute, jobs } = JSON.parse(process.argv[2] ?? '{}') as Task
const redis = redisUrl === undefined ? undefined : new Redis(redisUrl)
await redis?.ping()
const rateLimiter = redis && createRedisRateLimiter({ redis, requestsPerMinute, onError: console.error })
const client = createRerankClient({ baseUrl, apiKey: null })

process.stdout.write('ready\n')
await once(createInterface({ input: process.stdin }), 'line')
const all = jobs.map((id) => ({ id, query: String(id), documents: ['a', 'b', 'c'] }))
const done: Done = { ranked: [], failed: 0, roundTrips: 0 }
for await (const { job, error } of rankMany(
  client,
  all,
  rateLimiter ? { rateLimiter } : { requestsPerMinute },
)) {
  if (error) done.failed += 1
  else done.ranked.push(job.id)
}
done.roundTrips = rateLimiter?.state.roundTrips ?? 0
process.stdout.write(`${JSON.stringify(done)}\n`)
redis?.disconnect()
process.exit()
