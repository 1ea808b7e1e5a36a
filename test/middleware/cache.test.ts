import KeyvRedis from '@keyv/redis'
import Keyv from 'keyv'
import { LRUCache } from 'lru-cache'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Fetch, RerankClient } from '../../src/index.ts'
import { cache, longDocuments } from '../../src/middleware/index.ts'
import type { CacheOptions, CacheStore, StoredScore } from '../../src/middleware/index.ts'
import { isRedisInstalled, startRedisServer } from '../helpers/redis-server.ts'
import {
  answers,
  clientOf,
  failure,
  good,
  rejection,
  scripted,
  sentBy,
  stopTimers,
} from '../helpers/rerank.ts'

/** Scores a text by its length, and writes down the texts that it was sent. */
function service() {
  const sent: string[] = []
  const fetch: Fetch = async (_, init) => {
    const { documents } = sentBy(init)
    sent.push(...documents)
    const results = documents.map((text, index) => ({
      index,
      relevance_score: 1 / (1 + text.length),
      document: { text },
    }))
    return Response.json({ id: 'r', model: 'm', usage: { prompt_tokens: 5, total_tokens: 5 }, results })
  }
  return { fetch, sent }
}

function cached(fetch: Fetch, options: Partial<CacheOptions> = {}): RerankClient {
  return clientOf(fetch, { use: [cache({ store: new Map(), ...options })] })
}

describe('a cache', () => {
  test('sends each pair once, and says how many scores it had', async () => {
    const { fetch, sent } = service()
    const client = cached(fetch)
    const first = await client.rank.withUsage('q', ['a', 'bb'])
    const second = await client.rank.withUsage('q', ['ccc', 'bb', 'a'])
    const third = await client.rank.withUsage('q', ['a'])
    expect(sent).toEqual(['a', 'bb', 'ccc'])
    expect([first, second, third].map((result) => result.cached)).toEqual([undefined, 2, 1])
    expect(second.ranked.map(({ item, score }) => [item, score])).toEqual([
      ['a', 1 / 2],
      ['bb', 1 / 3],
      ['ccc', 1 / 4],
    ])
    expect(third).toMatchObject({ usage: { total_tokens: 0 }, ids: ['cached'] })
  })

  test('gives rerank a whole response, best first, with the documents', async () => {
    const { fetch } = service()
    const client = cached(fetch)
    const request = { query: 'q', documents: ['bb', 'a', 'bb'] }
    const sent = await client.rerank(request)
    const found = await client.rerank.withResponse(request)
    expect(found.data.results).toEqual(sent.results)
    expect(found.data.results.map(({ index, document }) => [index, document.text])).toEqual([
      [1, 'a'],
      [0, 'bb'],
      [2, 'bb'],
    ])
    expect(found.response).toMatchObject({ status: 200, attempts: 0, headers: {} })
  })

  test('misses for another model or query, not for another user or tier', async () => {
    const { fetch, sent } = service()
    const client = cached(fetch)
    for (const model of ['m1', 'm2'])
      for (const query of ['q1', 'q2']) await client.rank(query, ['a'], { model })
    expect(sent).toHaveLength(4)
    await client.rank('q1', ['a'], { model: 'm1', user: 'u', serviceTier: 'flex' })
    await client.rerank({ documents: ['a'], model: 'm1', query: 'q1' })
    expect(sent).toHaveLength(4)
    await client.rerank({ documents: ['a'], model: 'm1', query: 'q1', normalize: true } as never)
    expect(sent).toHaveLength(5)
  })

  test('keeps the scores of different services apart', async () => {
    const store = new Map()
    const { fetch, sent } = service()
    const urls = ['https://one.test', 'https://two.test', 'https://one.test/v1']
    for (const baseUrl of urls) {
      const client = clientOf(fetch, { baseUrl, use: [cache({ store })] })
      await client.rank('q', ['a'])
    }
    expect(sent).toHaveLength(2)
  })

  test('tells lone surrogates apart, and where the query ends', async () => {
    const { fetch, sent } = service()
    const client = cached(fetch)
    await client.rank('q', ['\ud800', '\ud801'])
    await client.rank('qa', ['b'])
    await client.rank('q', ['ab'])
    expect(sent).toHaveLength(4)
  })

  test('keeps a score for ttlMs, also in a store that knows of no time', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { fetch, sent } = service()
    const client = cached(fetch, { ttlMs: 1000 })
    await client.rank('q', ['a'])
    vi.setSystemTime(Date.now() + 999)
    await client.rank('q', ['a'])
    expect(sent).toHaveLength(1)
    vi.setSystemTime(Date.now() + 1)
    await client.rank('q', ['a'])
    expect(sent).toHaveLength(2)
  })

  test('takes a key of one’s own', async () => {
    const store = new Map()
    const { fetch } = service()
    const key: CacheOptions['key'] = ({ model, query, text }) => [model, query, text].join('|')
    await cached(fetch, { store, key }).rank('q', ['a'], { model: 'm' })
    expect([...store]).toEqual([['m|q|a', { score: 0.5, until: Infinity }]])
  })

  test('keeps no query and no text in its own keys', async () => {
    const store = new Map()
    await cached(service().fetch, { store }).rank('secret query', ['secret text'])
    expect([...store.keys()]).toEqual([expect.stringMatching(/^nebius-rerank:[\w+/]{43}=$/)])
  })

  test('stays out of the way of a request that limits its results', async () => {
    const { fetch, sent } = service()
    const client = cached(fetch)
    const request = { query: 'q', documents: ['a'], top_n: 1 } as never
    await client.rerank(request)
    await client.rerank(request)
    expect(sent).toHaveLength(2)
  })

  test('keeps the scores of passages, and not of whole documents', async () => {
    const { fetch, sent } = service()
    const use = [longDocuments({ maxTokens: 100 }), cache({ store: new Map() })]
    const client = clientOf(fetch, { use })
    const text = 'The quick brown fox. '.repeat(100)
    const [first] = await client.rank('q', [text])
    const count = sent.length
    const again = await client.rank.withUsage('q', [text])
    expect(sent).toHaveLength(count)
    expect(again.ranked).toEqual([first])
    expect(first?.passage).toBeDefined()
  })

  test('of a request that fails keeps nothing', async () => {
    const store = new Map()
    const client = cached(scripted(answers(500), good), { store })
    expect((await failure(client.rank('q', ['a']))).status).toBe(500)
    expect(store.size).toBe(0)
    await client.rank('q', ['a'])
    await vi.waitFor(() => expect(store.size).toBe(1))
  })

  test('of a second run of 1,000 queries that shares 80% of its pairs sends 20%', async () => {
    const { fetch, sent } = service()
    const store = new Map()
    const run = async (name: string): Promise<number> => {
      const before = sent.length
      // A client each, as after a restart: only the store is the same.
      const client = cached(fetch, { store })
      for (let query = 0; query < 1000; query++) {
        const documents = Array.from({ length: 10 }, (_, index) =>
          index < 8 ? `shared ${index} of ${query}` : `${name} ${index} of ${query}`,
        )
        await client.rank(`query ${query}`, documents)
      }
      return sent.length - before
    }
    expect([await run('first'), await run('second')]).toEqual([10_000, 2000])
  })
})

describe('pairs in flight', () => {
  test('are sent once for all that ask meanwhile', async () => {
    const { fetch, sent } = service()
    const client = cached(fetch)
    const results = await Promise.all([
      client.rank.withUsage('q', ['a', 'bb']),
      client.rank.withUsage('q', ['bb', 'ccc']),
      client.rank.withUsage('q', ['a', 'ccc', 'bb']),
    ])
    expect(sent.sort()).toEqual(['a', 'bb', 'ccc'])
    expect(results.reduce((sum, { cached = 0 }) => sum + cached, 0)).toBe(4)
    expect(results[2].ranked.map(({ item }) => item)).toEqual(['a', 'bb', 'ccc'])
  })

  test('are sent by those who wait for them, where the first is aborted or fails', async () => {
    const { fetch, sent } = service()
    const controller = new AbortController()
    let calls = 0
    const client = cached(async (url, init) => {
      calls += 1
      if (calls > 1) return fetch(url, init)
      return new Promise((_, reject) =>
        init.signal.addEventListener('abort', () => reject(new Error('aborted'))),
      )
    })
    const first = rejection(client.rank('q', ['a'], { signal: controller.signal }))
    await vi.waitFor(() => expect(calls).toBe(1))
    const second = client.rank('q', ['a'])
    controller.abort('enough')
    expect(await first).toBe('enough')
    expect(await second).toMatchObject([{ score: 0.5 }])
    expect(sent).toEqual(['a'])
  })

  test('keep nobody waiting beyond the own deadline, or after an abort', async () => {
    const client = cached(() => new Promise(() => undefined))
    const end = new AbortController()
    const first = rejection(client.rank('q', ['a'], { signal: end.signal }))
    const hasty = failure(client.rank('q', ['a'], { deadlineMs: 30 }))
    expect(await hasty).toMatchObject({ kind: 'timeout', limit: 'deadlineMs' })
    const controller = new AbortController()
    const aborted = rejection(client.rank('q', ['a'], { signal: controller.signal }))
    controller.abort('enough')
    expect(await aborted).toBe('enough')
    end.abort('over')
    expect(await first).toBe('over')
  })
})

describe('a store', () => {
  const broken: [string, CacheStore][] = [
    ['throws', { get: fail, set: fail }],
    ['rejects', { get: async () => fail(), set: async () => fail() }],
    ['throws for many', { get: fail, set: fail, getMany: fail, setMany: fail }],
    ['gives no list for many', { get: fail, set: fail, getMany: () => null, setMany: () => null }],
    ['gives NaN', { get: () => NaN, set: () => undefined }],
    ['gives a score that is none', { get: () => ({ score: NaN }), set: () => undefined }],
    ['gives a score in text', { get: () => ({ score: '1' }), set: () => undefined }],
    ['gives null', { get: () => null, set: () => null }],
    ['gives what is long over', { get: () => ({ score: 1, until: 1 }), set: () => undefined }],
  ]
  test.each(broken)('that %s never fails a call', async (_, store) => {
    const { fetch, sent } = service()
    const client = cached(fetch, { store })
    await client.rank('q', ['a'])
    expect(await client.rank('q', ['a', 'bb'])).toHaveLength(2)
    expect(sent).toEqual(['a', 'a', 'bb'])
  })

  test('that hangs holds a call up for storeTimeoutMs, and leaves no timer', async () => {
    stopTimers()
    const hangs = (): Promise<never> => new Promise(() => undefined)
    const { fetch, sent } = service()
    const key: CacheOptions['key'] = ({ text }) => text
    const client = cached(fetch, { store: { get: hangs, set: hangs }, storeTimeoutMs: 50, key })
    const call = client.rank('q', ['a'])
    await vi.advanceTimersByTimeAsync(49)
    expect(sent).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(await call).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(50)
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([20, 50, 300])('that hangs leaves a call most of a deadline of %i ms', async (deadlineMs) => {
    const { pass } = stopTimers()
    const hangs = (): Promise<never> => new Promise(() => undefined)
    const { fetch, sent } = service()
    const key: CacheOptions['key'] = ({ text }) => text
    const store = { get: hangs, set: hangs, getMany: hangs, setMany: hangs }
    const client = cached(fetch, { store, storeTimeoutMs: 100_000, key })
    const started = performance.now()
    const call = client.rank('q', ['a'], { deadlineMs })
    pass(Math.ceil(deadlineMs / 4))
    expect(await call).toMatchObject([{ score: 0.5 }])
    expect(performance.now() - started).toBeLessThan(deadlineMs + 1)
    expect(sent).toEqual(['a'])
  })

  test('that hangs does not keep an aborted call', async () => {
    const hangs = (): Promise<never> => new Promise(() => undefined)
    const controller = new AbortController()
    const client = cached(service().fetch, { store: { get: hangs, set: hangs }, storeTimeoutMs: 100_000 })
    const call = rejection(client.rank('q', ['a'], { signal: controller.signal }))
    controller.abort('enough')
    expect(await call).toBe('enough')
  })

  test('may be an lru-cache', async () => {
    const { fetch, sent } = service()
    const client = cached(fetch, { store: new LRUCache<string, StoredScore>({ max: 100 }), ttlMs: 60_000 })
    await client.rank('q', ['a'])
    await client.rank('q', ['a'])
    expect(sent).toEqual(['a'])
  })

  test('may be a Keyv', async () => {
    const { fetch, sent } = service()
    const store = new Keyv()
    for (const ttlMs of [undefined, 60_000]) {
      await cached(fetch, { store, ttlMs }).rank('q', ['a'])
      await cached(fetch, { store, ttlMs }).rank('q', ['a', 'bb'])
    }
    expect(sent).toEqual(['a', 'bb'])
  })

  test.skipIf(!isRedisInstalled)('may be a Keyv over Redis, and may go down and come back', async () => {
    const redis = await startRedisServer()
    onTestFinished(() => redis.stop())
    const redisStore = new KeyvRedis(redis.url)
    const store = new Keyv({ store: redisStore, throwOnErrors: false })
    store.on('error', () => undefined)
    const { fetch, sent } = service()
    const client = cached(fetch, { store, ttlMs: 60_000, storeTimeoutMs: 1000 })
    await client.rank('q', ['a', 'bb'])
    await vi.waitFor(async () => {
      const again = await cached(fetch, { store, ttlMs: 60_000 }).rank.withUsage('q', ['a', 'bb'])
      expect(again.cached).toBe(2)
    })
    expect(sent).toEqual(['a', 'bb'])

    await redis.stop()
    expect(await cached(fetch, { store, storeTimeoutMs: 50 }).rank('q', ['a'])).toMatchObject([
      { score: 0.5 },
    ])
    expect(sent).toEqual(['a', 'bb', 'a'])
    await redisStore.disconnect(true).catch(() => undefined)
  })
})

test.each<[object, string]>([
  [undefined as never, 'store must be an object with the methods get and set, got undefined'],
  [{}, 'store must be an object with the methods get and set, got undefined'],
  [
    { store: { set: () => undefined } },
    'store must be an object with the methods get and set, got an object',
  ],
  [{ store: new Map(), ttlMs: 0 }, 'ttlMs must be milliseconds above 0, got 0'],
  [{ store: new Map(), ttlMs: '5' }, 'ttlMs must be milliseconds above 0, got "5"'],
  [{ store: new Map(), key: 'k' }, 'key must be a function, got "k"'],
  [
    { store: new Map(), storeTimeoutMs: '5' },
    'storeTimeoutMs must be milliseconds above 0 and below 2 ** 31',
  ],
  ...[-1, Number.NaN, 2 ** 31].map((ms): [object, string] => [
    { store: new Map(), storeTimeoutMs: ms },
    `storeTimeoutMs must be milliseconds above 0 and below 2 ** 31, got ${ms}`,
  ]),
])('options of %j are a TypeError', (options, message) => {
  expect(() => cache(options as CacheOptions)).toThrow(message)
})

test('a key that is none is a TypeError, since all pairs would share it', async () => {
  const client = cached(service().fetch, { key: (() => undefined) as never })
  await expect(client.rank('q', ['a', 'bb'])).rejects.toThrow(
    new TypeError('the result of key must be a string, got undefined'),
  )
})

function fail(): never {
  throw new Error('the store is down')
}
