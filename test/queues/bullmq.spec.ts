import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { FlowProducer, Queue, Worker } from 'bullmq'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRankProcessor, rankOn } from '../../src/bullmq/index.ts'
import type { QueuedJob, QueueOutcome, RankOnOptions } from '../../src/bullmq/index.ts'
import { createLocalReranker } from '../../src/local/index.ts'
import { createRerankClient } from '../../src/index.ts'
import type { Fetch, RerankClient } from '../../src/index.ts'
import { createRedisRateLimiter } from '../../src/redis/index.ts'
import { serveLimited } from './limited-server.ts'
import { startRedisServer } from '../helpers/redis-server.ts'
import type { RedisServer } from '../helpers/redis-server.ts'
import { clientOf, connect } from './services.ts'

let server: RedisServer
let closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  server = await startRedisServer({ options: ['--maxmemory-policy', 'noeviction'] })
})
afterEach(async () => {
  await Promise.all(closing.map((close) => close().catch(() => undefined)))
  closing = []
  await server.stop()
})

function connection() {
  const redis = connect(server.url)
  closing.push(async () => redis.disconnect())
  return redis
}

function queueOf(): Queue {
  const queue = new Queue('rerank', { connection: connection() })
  queue.on('error', () => undefined)
  return queue
}

function work(client: RerankClient) {
  const worker = new Worker('rerank', createRankProcessor(client), {
    connection: connection(),
    concurrency: 16,
    maxStalledCount: 10,
    stalledInterval: 1000,
    lockDuration: 2000,
    drainDelay: 1,
  })
  worker.on('error', () => undefined)
  closing.push(() => worker.close(true))
  return worker
}

const jobs = (count: number): QueuedJob[] =>
  Array.from({ length: count }, (_, id) => ({ id, query: `q${id}`, documents: ['a', `q${id}`, 'b'] }))

async function collect<Job extends QueuedJob>(
  queue: Queue,
  given: Job[],
  options: RankOnOptions<Job> = {},
): Promise<QueueOutcome<Job>[]> {
  const outcomes: QueueOutcome<Job>[] = []
  for await (const outcome of rankOn(queue, given, { pollMs: 20, ...options })) outcomes.push(outcome)
  return outcomes
}

const local = (): RerankClient => createRerankClient({ fetch: createLocalReranker() })

test('each job is ranked once by any of the workers, and its outcome is yielded once', async () => {
  work(local())
  work(local())
  const queue = queueOf()
  const outcomes = await collect(queue, jobs(300))
  expect(outcomes.map(({ job }) => job.id).sort((a, b) => Number(a) - Number(b))).toEqual(
    jobs(300).map(({ id }) => id),
  )
  expect(outcomes[0]).toMatchObject({
    ranked: [{ index: 1 }, {}, {}],
    usage: { total_tokens: expect.any(Number) as number },
  })
  expect(await queue.getJobCounts()).toMatchObject({ completed: 0, failed: 0, waiting: 0 })
})

describe('jobs', () => {
  test('that are equal have an outcome each, and those of the same id but other documents their own', async () => {
    work(local())
    const queue = queueOf()
    const [one, two] = [
      { id: 1, query: 'zebra', documents: ['a', 'zebra'] },
      { id: 1, query: 'zebra', documents: ['zebra', 'a', 'b'] },
    ]
    const outcomes = await collect(queue, [one, one, two])
    const bestOf = (which: QueuedJob | undefined) =>
      outcomes.filter(({ job }) => job === which).map(({ ranked }) => ranked?.[0]?.index)
    expect([bestOf(one), bestOf(two)]).toEqual([[1, 1], [0]])
  })

  test('of the wrong shape are outcomes, and reach no worker', async () => {
    work(local())
    const wrong = [
      null,
      { id: 1, query: 'q', documents: new Set(['a']) },
      { id: 2, query: 'q', documents: ['a'] },
    ]
    const outcomes = await collect(queueOf(), wrong as QueuedJob[])
    expect(outcomes.map(({ error }) => error?.message)).toEqual([
      'a job must be an object, got null',
      'documents must be an array, got an object',
      undefined,
    ])
  })

  test('that come slowly hold up no outcome', async () => {
    work(local())
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    async function* slow() {
      yield* jobs(3)
      await held
      yield { id: 'last', query: 'q', documents: ['q'] }
    }
    const ids: (string | number)[] = []
    for await (const { job } of rankOn(queueOf(), slow(), { pollMs: 20 })) {
      ids.push(job.id)
      if (ids.length === 3) release()
    }
    expect(ids.at(-1)).toBe('last')
  })

  test('whose source fails are ranked as far as they came', async () => {
    work(local())
    function* failing() {
      yield* jobs(3)
      throw new Error('the file ends here')
    }
    const ids: (string | number)[] = []
    const all = async (): Promise<void> => {
      for await (const { job } of rankOn(queueOf(), failing(), { pollMs: 20 })) ids.push(job.id)
    }
    await expect(all()).rejects.toThrow('the file ends here')
    expect(ids).toHaveLength(3)
  })

  test('are collected though the outcomes of others stand before theirs', async () => {
    work(local())
    const queue = queueOf()
    const others = rankOn(queue, jobs(150), { pollMs: 20 })
    await others.next()
    while ((await queue.getJobCounts())['completed'] !== 150) await sleep(20)
    await others.return()
    async function* late() {
      for (const job of jobs(160).reverse()) {
        await sleep(2)
        yield job
      }
    }
    const ids: (string | number)[] = []
    for await (const { job } of rankOn(queue, late(), { pollMs: 20 })) ids.push(job.id)
    expect(new Set(ids).size).toBe(160)
    expect(ids).toHaveLength(160)
  })
})

test.each([
  [{ mostOnQueue: 0 }, 'mostOnQueue must be a whole number, 1 or more, got 0'],
  [{ pollMs: NaN }, 'pollMs must be a whole number, 1 or more, got NaN'],
  [{ flow: { documentsPerJob: 0 } }, 'documentsPerJob must be a whole number, 1 or more, got 0'],
  [null, 'options must be an object, got null'],
])('an option that is invalid is a TypeError: %j', (options, message) => {
  expect(() => rankOn(queueOf(), [], options as never)).toThrow(new TypeError(message))
})

test('an abort ends it while Redis hangs', async () => {
  const queue = queueOf()
  const controller = new AbortController()
  const waiting = collect(queue, jobs(3), { signal: controller.signal })
  await queue.waitUntilReady()
  server.suspend()
  setTimeout(() => controller.abort(new Error('enough')), 50)
  await expect(waiting).rejects.toThrow('enough')
  server.resume()
})

test('a 429 costs no attempt, and workers with one rate limiter lose no job', async () => {
  await using service = await serveLimited({ perSecond: 100, capacity: 20 })
  for (let at = 0; at < 4; at++) {
    const rateLimiter = createRedisRateLimiter({ redis: connection(), isBackground: true })
    work(clientOf(service.url, rateLimiter))
  }
  const outcomes = await collect(queueOf(), jobs(400), { attempts: 1 })
  expect(outcomes.filter(({ error }) => error)).toEqual([])
  expect(service.admitted).toHaveLength(400)
})

test('without a rate limiter a rate-limited job goes back to the queue, with its attempts', async () => {
  await using service = await serveLimited({ perSecond: 20, capacity: 5 }, () => ({
    'retry-after-ms': '200',
  }))
  work(createRerankClient({ baseUrl: service.url, apiKey: null, maxRetries: 0 }))
  const outcomes = await collect(queueOf(), jobs(40), { attempts: 1 })
  expect(outcomes.filter(({ error }) => error)).toEqual([])
  expect(service.refused).toBeGreaterThan(0)
})

describe('an error', () => {
  test('that repeats in vain fails for good, and comes back with its facts', async () => {
    const fetch = async (): Promise<Response> =>
      Response.json(
        { detail: 'The model `X` does not exist.' },
        { status: 404, headers: { 'x-request-id': 'r1' } },
      )
    work(createRerankClient({ fetch, apiKey: null }))
    const [outcome] = await collect(queueOf(), jobs(1))
    expect(outcome?.error).toMatchObject({ name: 'NotFoundError', status: 404, requestId: 'r1' })
    expect(outcome?.error?.message).toContain('does not exist')
  })

  test('that is retryable repeats with back-off', async () => {
    let calls = 0
    const reranker = createLocalReranker()
    const fetch: Fetch = async (...call) =>
      (calls += 1) === 1 ? new Response('', { status: 503 }) : reranker(...call)
    work(createRerankClient({ fetch, apiKey: reranker.apiKey, maxRetries: 0 }))
    const [outcome] = await collect(queueOf(), jobs(1))
    expect(outcome?.ranked).toHaveLength(3)
    expect(calls).toBe(2)
  })

  test('of a job of the wrong shape is a TypeError', async () => {
    work(local())
    const [outcome] = await collect(queueOf(), [{ id: 1, query: 'q', documents: [5 as never] }])
    expect(outcome?.error).toBeInstanceOf(TypeError)
    expect(outcome?.error?.message).toContain('got 5')
  })
})

test('a worker that closes gives its jobs back', async () => {
  const reranker = createLocalReranker()
  let waiting = 0
  let closeFirst = async (): Promise<void> => undefined
  let isOpen = false
  const allWait = new Promise<void>((resolve) => {
    const fetch: Fetch = async (url, init) => {
      if (isOpen) return reranker(url, init)
      waiting += 1
      if (waiting === 5) resolve()
      await once((init as { signal: AbortSignal }).signal, 'abort')
      throw new Error('it was cancelled')
    }
    const first = work(createRerankClient({ fetch, apiKey: reranker.apiKey }))
    closeFirst = async () => {
      const closed = first.close()
      first.cancelAllJobs()
      await closed
    }
  })
  const collected = collect(queueOf(), jobs(5), { attempts: 1 })
  await allWait
  await closeFirst()
  isOpen = true
  work(local())
  expect((await collected).filter(({ error }) => error)).toEqual([])
})

test('a job with many documents is shared by workers as parts, and their scores are merged', async () => {
  work(local())
  work(local())
  const producer = new FlowProducer({ connection: connection() })
  const documents = Array.from({ length: 95 }, (_, at) => `document ${at} ${at % 7 === 0 ? 'zebra' : ''}`)
  const job = { id: 'long', query: 'zebra', documents, topN: 20 }
  const [outcome] = await collect(queueOf(), [job], { flow: { producer, documentsPerJob: 10 } })
  const whole = await local().rank('zebra', documents, { topN: 20 })
  expect(outcome?.ranked?.map(({ index }) => index % 7)).toEqual(whole.map(({ index }) => index % 7))
  expect(outcome?.ranked).toHaveLength(20)
})

describe('what is on the way when something dies', () => {
  test('is ranked by others where a worker is killed', async () => {
    await using service = await serveLimited({ perSecond: 200, capacity: 200 })
    const victim = await startWorker(service.url)
    await startWorker(service.url)
    const seen: (string | number)[] = []
    for await (const { job, error } of rankOn(queueOf(), jobs(600), { pollMs: 20 })) {
      expect(error).toBeUndefined()
      seen.push(job.id)
      if (seen.length === 100) victim.kill('SIGKILL')
    }
    expect(new Set(seen).size).toBe(600)
    expect(seen).toHaveLength(600)
  })

  test('is collected by the next where the collector is gone, and what is safe is not asked for again', async () => {
    work(local())
    const safe = new Set<string | number>()
    for await (const { job } of rankOn(queueOf(), jobs(200), { pollMs: 20 })) {
      safe.add(job.id)
      if (safe.size === 50) break
    }
    const rest = await collect(queueOf(), jobs(200), { isDone: ({ id }) => safe.has(id) })
    expect(rest).toHaveLength(150)
    expect(new Set([...safe, ...rest.map(({ job }) => job.id)]).size).toBe(200)
  })

  test.each([
    [
      'FLUSHALL',
      async () => {
        await connection().flushall()
      },
    ],
    [
      'a restart of Redis without persistence',
      async () => {
        await server.stop()
        server = await startRedisServer({ port: server.port })
      },
    ],
  ])('is added again after %s', async (_, disturb) => {
    await using service = await serveLimited({ perSecond: 200, capacity: 50 })
    work(clientOf(service.url))
    const seen: (string | number)[] = []
    let disturbed: Promise<void> | undefined
    for await (const { job } of rankOn(queueOf(), jobs(400), { pollMs: 20 })) {
      seen.push(job.id)
      if (seen.length === 50) disturbed = disturb()
    }
    await disturbed
    expect(new Set(seen).size).toBe(400)
    expect(seen).toHaveLength(400)
  })
})

/** A worker in a process of its own. */
async function startWorker(baseUrl: string): Promise<ChildProcess> {
  const path = fileURLToPath(new URL('programs/worker.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', path, server.url, baseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  closing.push(async () => void child.kill('SIGKILL'))
  await once(createInterface({ input: child.stdout }), 'line')
  return child
}
