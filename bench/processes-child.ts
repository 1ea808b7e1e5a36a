// A process of bench/processes.ts. It does one task after another: once it is told to, it ranks for so many seconds, and
// says what came of it.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRerankClient } from 'nebius-rerank'
import { rankMany } from 'nebius-rerank/bulk'
import { createRedisRateLimiter } from 'nebius-rerank/redis'
import type { RedisConnection } from 'nebius-rerank/redis'

/** What a process is to do. */
export interface Task {
  baseUrl: string
  /** The beginning of the names of its jobs. */
  name: string
  /** Absent: each process has a rate limiter of its own. */
  redisUrl?: string
  requestsPerMinute?: number
  /** Makes single calls, one after another, as a web server does. @default ranks many */
  isWeb?: boolean
  seconds: number
}

/** What came of it. */
export interface Done {
  ranked: number
  failed: number
  roundTrips: number
  /** Milliseconds of each single call. */
  waits: number[]
}

type IoRedis = Extract<RedisConnection, { defineCommand: unknown }>
const { Redis } = createRequire(new URL('../test/queues/package.json', import.meta.url))('ioredis') as {
  Redis: new (url: string) => IoRedis & { disconnect(): void; ping(): Promise<unknown> }
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
  const task = JSON.parse(line.value) as Task
  const { baseUrl, redisUrl, requestsPerMinute, isWeb = false } = task
  const redis = redisUrl === undefined ? undefined : new Redis(redisUrl)
  await redis?.ping()
  const options = { requestsPerMinute, isBackground: !isWeb, onError: console.error }
  const rateLimiter = redis && createRedisRateLimiter({ redis, ...options })
  const client = createRerankClient({ baseUrl, apiKey: null, ...(rateLimiter && { rateLimiter }) })
  process.stdout.write('ready\n')
  await lines.next()
  const done: Done = { ranked: 0, failed: 0, roundTrips: 0, waits: [] }
  const jobs = jobsOf(task)
  if (isWeb) await callEach(jobs, done)
  else {
    const how = rateLimiter ? {} : { requestsPerMinute }
    for await (const { error } of rankMany(client, jobs, how)) done[error ? 'failed' : 'ranked'] += 1
  }
  done.roundTrips = rateLimiter?.state.roundTrips ?? 0
  process.stdout.write(`${JSON.stringify(done)}\n`)
  redis?.disconnect()

  async function callEach(jobs: Iterable<{ query: string; documents: string[] }>, done: Done): Promise<void> {
    for (const { query, documents } of jobs) {
      const started = performance.now()
      const isGood = await client.rank(query, documents).then(
        () => true,
        () => false,
      )
      done[isGood ? 'ranked' : 'failed'] += 1
      done.waits.push(performance.now() - started)
      await sleep(50)
    }
  }
}
process.exit()

function* jobsOf({ name, seconds }: Task) {
  const end = performance.now() + seconds * 1000
  for (let id = 0; performance.now() < end; id++) {
    yield { id, query: `${name} ${id}`, documents: ['a', 'b', 'c'] }
  }
}
