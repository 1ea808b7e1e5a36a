import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { rankMany } from '../../src/bulk/index.ts'
import { createRedisRateLimiter } from '../../src/redis/index.ts'
import type { RedisConnection, RedisRateLimiter, RedisRateLimiterOptions } from '../../src/redis/index.ts'
import type { LeaseOutcome } from '../../src/index.ts'
import { serveLimited } from './limited-server.ts'
import { rejection } from '../helpers/rerank.ts'
import { isValkeyInstalled, startRedisServer } from '../helpers/redis-server.ts'
import type { RedisServer } from '../helpers/redis-server.ts'
import { REQUEST } from '../bulk/limited.ts'
import { clientOf, connect } from './services.ts'

let server: RedisServer
const connections: Redis[] = []
beforeAll(async () => {
  server = await startRedisServer()
})
afterAll(async () => {
  for (const connection of connections) connection.disconnect()
  await server.stop()
})

let keys = 0
/** As many rate limiters as processes, with one key. */
function limiters(count: number, options: Partial<RedisRateLimiterOptions> = {}): RedisRateLimiter[] {
  const key = `test-${(keys += 1)}`
  return Array.from({ length: count }, () => createRedisRateLimiter({ redis: connection(), key, ...options }))
}

function connection(): Redis {
  const redis = connect(server.url)
  connections.push(redis)
  return redis
}

const signal = new AbortController().signal

/** Sends so many, one after the other, and gives the milliseconds of each. */
async function send(
  limiter: RedisRateLimiter,
  count: number,
  outcome: LeaseOutcome = { status: 200 },
): Promise<number[]> {
  const times: number[] = []
  for (let at = 0; at < count; at++) {
    const lease = await limiter.acquire(REQUEST, signal)
    times.push(performance.now())
    lease.release(outcome)
  }
  return times
}

describe('one limit for many processes', () => {
  test('that they are told is kept by all together', async () => {
    const started = performance.now()
    await Promise.all(limiters(4, { requestsPerMinute: 6000 }).map((limiter) => send(limiter, 50)))
    // 200 at 100 a second, less what is made up for.
    expect(performance.now() - started).toBeGreaterThan(1900)
  })

  test('in tokens is kept by all together', async () => {
    const started = performance.now()
    // A request of two tokens each: 100 tokens a second.
    await Promise.all(limiters(2, { tokensPerMinute: 6000 }).map((limiter) => send(limiter, 40)))
    expect(performance.now() - started).toBeGreaterThan(1400)
  })

  test('that a response states is used up as a burst and kept to then', async () => {
    const [one, other] = limiters(2) as [RedisRateLimiter, RedisRateLimiter]
    await send(one, 1, {
      status: 200,
      rateLimit: { requests: { limit: 6000, remaining: 30, resetMs: 60_000 } },
    })
    const times = [...(await send(other, 20)), ...(await send(one, 30))]
    expect((times[19] ?? 0) - (times[0] ?? 0)).toBeLessThan(500)
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(150)
    expect(one.state.requestsPerMinute).toBeCloseTo(6000, 0)
  })

  test('that a response states in tokens is kept to by requests of many tokens', async () => {
    const [one] = limiters(1) as [RedisRateLimiter]
    await send(one, 1, {
      status: 200,
      rateLimit: { tokens: { limit: 60_000, remaining: 0, resetMs: 60_000 } },
    })
    const started = performance.now()
    // A token a millisecond, and 4 characters each.
    const long = { ...REQUEST, documents: ['word'.repeat(400)] }
    ;(await one.acquire(long, signal)).release({ status: 200 })
    expect(performance.now() - started).toBeGreaterThan(380)
  })

  test('that nobody tells is learned by all, and no job is lost', async () => {
    await using service = await serveLimited({ perSecond: 100, capacity: 100 })
    const jobs = (from: number) =>
      Array.from({ length: 150 }, (_, at) => ({ id: from + at, query: `${from + at}`, documents: ['d'] }))
    const failed = await Promise.all(
      limiters(4).map(async (rateLimiter, at) => {
        const errors: Error[] = []
        for await (const { error } of rankMany(clientOf(service.url), jobs(at * 150), { rateLimiter })) {
          if (error) errors.push(error)
        }
        return errors
      }),
    )
    expect(failed.flat()).toEqual([])
    expect(new Set(service.admitted).size).toBe(600)
    expect(service.admitted).toHaveLength(600)
  })

  test('is kept for each model by itself', async () => {
    const [one] = limiters(1, { requestsPerMinute: 60 }) as [RedisRateLimiter]
    await send(one, 1)
    const started = performance.now()
    ;(await one.acquire({ ...REQUEST, model: 'other' }, signal)).release({ status: 200 })
    expect(performance.now() - started).toBeLessThan(500)
  })
})

test('a wait that one is told of is kept by all', async () => {
  const [one, other] = limiters(2) as [RedisRateLimiter, RedisRateLimiter]
  await send(other, 1)
  await send(one, 1, { status: 429, retryAfterMs: 600 })
  const told = performance.now()
  await sleep(50)
  const [next = 0] = await send(other, 1)
  expect(next - told).toBeGreaterThan(590)
  expect(one.state.rateLimited).toBe(1)
})

test('a told limit that paces is no wait that the service asks for', async () => {
  const [one] = limiters(1, { requestsPerMinute: 60 }) as [RedisRateLimiter]
  await send(one, 1)
  const controller = new AbortController()
  const waiting = rejection(Promise.resolve(one.acquire(REQUEST, controller.signal)))
  await vi.waitFor(() => expect(one.state.roundTrips).toBe(2))
  await sleep(20)
  expect(one.state).toMatchObject({ waiting: 1, cooldownMs: 0 })
  controller.abort()
  await waiting
})

test('single calls go before those in the background, while the limit is fully used', async () => {
  const key = `test-${(keys += 1)}`
  const of = (isBackground: boolean) =>
    createRedisRateLimiter({ redis: connection(), key, isBackground, requestsPerMinute: 6000 })
  const stop = new AbortController()
  const bulk = [1, 2, 3].map(async () => {
    const limiter = of(true)
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        while (!stop.signal.aborted) {
          const lease = await Promise.resolve(limiter.acquire(REQUEST, stop.signal)).catch(() => undefined)
          await sleep(10)
          lease?.release({ status: 200 })
        }
      }),
    )
  })
  const web = of(false)
  await sleep(500)
  const waits: number[] = []
  for (let at = 0; at < 20; at++) {
    const started = performance.now()
    await send(web, 1)
    waits.push(performance.now() - started)
    await sleep(30)
  }
  stop.abort()
  await Promise.all(bulk)
  expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(300)
})

describe('without Redis', () => {
  test('each goes on by a rate limiter of its own, says so, and returns', async () => {
    const away = await startRedisServer()
    const redis = connect(away.url)
    connections.push(redis)
    const errors: unknown[] = []
    const limiter = createRedisRateLimiter({
      redis,
      requestsPerMinute: 6000,
      onError: (reason) => errors.push(reason),
    })
    await send(limiter, 100)
    await away.stop()
    const started = performance.now()
    await send(limiter, 20)
    expect(performance.now() - started).toBeLessThan(1500)
    expect(limiter.state.isShared).toBe(false)
    expect(errors).toHaveLength(1)

    const back = await startRedisServer({ port: away.port })
    onTestFinished(() => back.stop())
    const backAt = performance.now()
    while (!limiter.state.isShared) {
      await send(limiter, 1)
      expect(performance.now() - backAt).toBeLessThan(10_000)
    }
    await send(limiter, 5)
    expect(limiter.state.isShared).toBe(true)
  })

  test('one that hangs is not waited for', async () => {
    const hanging: RedisConnection = { eval: () => new Promise(() => undefined) }
    const limiter = createRedisRateLimiter({ redis: hanging })
    const started = performance.now()
    await send(limiter, 10)
    expect(performance.now() - started).toBeLessThan(1000)
    expect(limiter.state).toMatchObject({ isShared: false, inFlight: 0, waiting: 0 })
  })
})

describe('a connection that gives', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['what no script returns', '"OK"'],
  ])('%s is taken to be away, and nobody waits for it', async (_, result) => {
    const errors: unknown[] = []
    const redis: RedisConnection = { eval: () => Promise.resolve(result) }
    const limiter = createRedisRateLimiter({ redis, onError: (reason) => errors.push(reason) })
    await send(limiter, 10)
    expect(limiter.state).toMatchObject({ isShared: false, waiting: 0 })
    expect(errors).toHaveLength(1)
  })

  test('bytes will do', async () => {
    const real = connection()
    const redis: RedisConnection = {
      eval: async (script: string, keys: string[], args: string[]) =>
        Buffer.from(String(await real.eval(script, 1, ...keys, ...args))),
    }
    const limiter = createRedisRateLimiter({ redis, key: `test-${(keys += 1)}` })
    await send(limiter, 5)
    expect(limiter.state.isShared).toBe(true)
  })
})

test('an onError that throws breaks no call', async () => {
  const limiter = createRedisRateLimiter({
    redis: { eval: () => Promise.reject(new Error('away')) },
    onError: () => {
      throw new Error('from onError')
    },
  })
  await send(limiter, 5)
  expect(limiter.state).toMatchObject({ isShared: false, waiting: 0 })
})

test.each([
  ['a list', (redis: Redis, name: string) => redis.lpush(name, 'x')],
  ['a text', (redis: Redis, name: string) => redis.set(name, 'hello')],
  ['another map', (redis: Redis, name: string) => redis.set(name, Buffer.from('81a16101', 'hex'))],
])('a key that holds %s is begun anew', async (_, fill) => {
  const redis = connection()
  const key = `test-${(keys += 1)}`
  await fill(redis, `${key}::${REQUEST.model}`)
  const errors: unknown[] = []
  const limiter = createRedisRateLimiter({ redis, key, onError: (reason) => errors.push(reason) })
  await send(limiter, 5)
  expect(errors).toEqual([])
  expect(limiter.state.isShared).toBe(true)
})

describe('while Redis is away for five seconds', () => {
  test.concurrent.each([
    [
      'hangs',
      async (away: RedisServer) => {
        away.suspend()
        await sleep(5000)
        away.resume()
        return away
      },
    ],
    [
      'is dead',
      async (away: RedisServer) => {
        await away.stop()
        await sleep(5000)
        return startRedisServer({ port: away.port })
      },
    ],
  ])(
    'and %s, no call fails, most of the limit is used, and all return within two seconds',
    async (_, disturb) => {
      let away = await startRedisServer()
      await using service = await serveLimited({ perSecond: 100, capacity: 10 })
      const all = Array.from({ length: 4 }, () => {
        const redis = connect(away.url)
        connections.push(redis)
        return createRedisRateLimiter({ redis, requestsPerMinute: 6000 })
      })
      let isOver = false
      function* endless() {
        for (let id = 0; !isOver; id++) yield { id, query: 'q', documents: ['d'] }
      }
      const running = all.map(async (rateLimiter) => {
        const errors: Error[] = []
        for await (const { error } of rankMany(clientOf(service.url), endless(), { rateLimiter })) {
          if (error) errors.push(error)
        }
        return errors
      })
      await sleep(2000)
      const before = service.admitted.length
      const back = disturb(away)
      await sleep(5000)
      const meanwhile = service.admitted.length - before
      expect(all.map(({ state }) => state.isShared)).toEqual([false, false, false, false])
      away = await back
      onTestFinished(() => away.stop())
      await vi.waitFor(() => expect(all.every(({ state }) => state.isShared)).toBe(true), 2000)
      isOver = true
      expect((await Promise.all(running)).flat()).toEqual([])
      // Six tenths and more, on a machine that does nothing else.
      expect(meanwhile).toBeGreaterThan(0.5 * 500)
    },
  )
})

describe('waiting', () => {
  test('ends at once with the caller’s reason, and leaves no listener', async () => {
    const [one] = limiters(1, { requestsPerMinute: 60 }) as [RedisRateLimiter]
    await send(one, 1)
    const controller = new AbortController()
    const waiting = rejection(Promise.resolve(one.acquire(REQUEST, controller.signal)))
    await sleep(20)
    expect(one.state.waiting).toBe(1)
    controller.abort('enough')
    expect(await waiting).toBe('enough')
    expect(one.state.waiting).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('puts one listener on a signal, however many share it', async () => {
    const [one] = limiters(1, { requestsPerMinute: 60 }) as [RedisRateLimiter]
    const controller = new AbortController()
    await send(one, 1)
    const all = Array.from({ length: 20 }, () =>
      rejection(Promise.resolve(one.acquire(REQUEST, controller.signal))),
    )
    expect(one.state.waiting).toBe(20)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    controller.abort('enough')
    expect(await Promise.all(all)).toEqual(Array(20).fill('enough'))
  })

  test('for longer than a call would wait is rejected at once', async () => {
    const [one] = limiters(1) as [RedisRateLimiter]
    await send(one, 1, { status: 429, retryAfterMs: 30_000 })
    const error = await rejection(Promise.resolve(one.acquire({ ...REQUEST, maxWaitMs: 1000 }, signal)))
    expect(error).toMatchObject({ name: 'RateLimitError' })
    expect(one.state.cooldownMs).toBeGreaterThan(29_000)
  })
})

test.runIf(isValkeyInstalled)('Valkey will do', async () => {
  const valkey = await startRedisServer({ program: 'valkey-server' })
  onTestFinished(() => valkey.stop())
  const redis = connect(valkey.url)
  connections.push(redis)
  const limiter = createRedisRateLimiter({ redis, requestsPerMinute: 6000 })
  await send(limiter, 10)
  await send(limiter, 1, { status: 429 })
  expect(limiter.state).toMatchObject({ isShared: true, rateLimited: 1 })
})

describe('a connection', () => {
  test('of node-redis, or any other with eval, will do', async () => {
    const client = createClient({ url: server.url })
    await client.connect()
    onTestFinished(() => client.destroy())
    const plain: RedisConnection = {
      eval: (script: string, keys: string[], args: string[]) =>
        client.eval(script, { keys, arguments: args }),
    }
    for (const redis of [client, plain]) {
      const limiter = createRedisRateLimiter({ redis, key: `test-${(keys += 1)}`, requestsPerMinute: 6000 })
      await send(limiter, 5)
      expect(limiter.state).toMatchObject({ isShared: true, requestsPerMinute: 6000 })
    }
  })

  test.each([
    [{ redis: {} }, 'redis must be a connection of ioredis or node-redis, got object'],
    [{ redis: undefined }, 'redis must be a connection of ioredis or node-redis, got undefined'],
    [{ redis: 'redis://localhost' }, 'redis must be a connection of ioredis or node-redis, got string'],
    [{ requestsPerMinute: 0 }, 'requestsPerMinute must be a number above 0, got 0'],
    [{ speed: 1 }, 'speed is not an option here, but concurrency, requestsPerMinute, tokensPerMinute are'],
  ])('or an option that is invalid is a TypeError: %j', (options, message) => {
    const valid = { redis: { eval: () => Promise.resolve() } }
    expect(() => createRedisRateLimiter({ ...valid, ...options } as never)).toThrow(new TypeError(message))
  })
})
