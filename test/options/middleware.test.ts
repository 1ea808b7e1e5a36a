import { describe, expect, test, vi } from 'vitest'
import type { Middleware, MiddlewareContext, MiddlewareResponse } from '../../src/index.ts'
import { breaker } from '../../src/middleware/index.ts'
import {
  answers,
  clientOf,
  failure,
  good,
  rejection,
  REQUEST,
  scripted,
  sentBy,
  stalls,
  stopTimers,
} from '../helpers/rerank.ts'

/** A middleware that writes down when it is entered and left. */
function named(name: string, log: string[]): Middleware {
  return async (request, next) => {
    log.push(`> ${name}`)
    const response = await next(request)
    log.push(`< ${name}`)
    return response
  }
}

describe('middlewares', () => {
  test('wrap a request in their order, the first outermost', async () => {
    const log: string[] = []
    await clientOf(scripted(good), { use: [named('a', log), named('b', log)] }).rerank(REQUEST)
    expect(log).toEqual(['> a', '> b', '< b', '< a'])
  })

  test('run once a logical request, with all its attempts inside', async () => {
    const log: string[] = []
    const busy = answers(503, null, { 'retry-after-ms': '0' })
    const client = clientOf(scripted(busy, good), { use: [named('a', log)], maxRetries: 1 })
    const { response } = await client.rerank.withResponse(REQUEST)
    expect(log).toEqual(['> a', '< a'])
    expect(response.attempts).toBe(2)
  })

  test('run for each request of a ranking, and know its place and the call', async () => {
    const contexts: MiddlewareContext[] = []
    const spy: Middleware = (request, next, context) => {
      contexts.push(context)
      return next(request)
    }
    const client = clientOf(scripted(good), { use: [spy] })
    await client.rank('q', ['a', 'b', 'c'], { maxDocumentsPerRequest: 1, concurrency: 1 })
    expect(contexts.map(({ part }) => [part?.place, part?.parts])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ])
    expect(new Set(contexts.map(({ callId }) => callId)).size).toBe(1)
  })

  test('see the model that the request did not name, and may change the request', async () => {
    const fetch = scripted(good)
    const models: string[] = []
    const shout: Middleware = (request, next) => {
      models.push(request.model)
      return next({ ...request, query: request.query.toUpperCase() })
    }
    await clientOf(fetch, { model: 'm', use: [shout] }).rerank({ query: 'q', documents: ['a'] })
    expect(models).toEqual(['m'])
    expect(fetch.calls.map(({ init }) => sentBy(init).query)).toEqual(['Q'])
  })

  test('may respond without sending anything, and change the scores', async () => {
    const fetch = scripted(good)
    const half: Middleware = async (request, next) => {
      const response = await next(request)
      const results = response.body.results.map((result) => ({ ...result, relevance_score: 0.5 }))
      return { ...response, body: { ...response.body, results } }
    }
    const ranked = await clientOf(fetch, { use: [half] }).rank('q', ['a', 'b'])
    expect(ranked.map(({ score }) => score)).toEqual([0.5, 0.5])

    const fixed: Middleware = async () => ({
      status: 200,
      headers: new Headers(),
      attempts: 0,
      body: { results: [{ index: 0, relevance_score: 1 }] },
    })
    const silent = scripted(good)
    expect(await clientOf(silent, { use: [fixed] }).rank('q', ['a'])).toMatchObject([{ score: 1 }])
    expect(silent.calls).toEqual([])
  })

  test('see the failure of a request, and may pass it on', async () => {
    const seen: unknown[] = []
    const watch: Middleware = async (request, next) => {
      try {
        return await next(request)
      } catch (error) {
        seen.push(error)
        throw error
      }
    }
    const error = await failure(clientOf(scripted(answers(404)), { use: [watch] }).rerank(REQUEST))
    expect(seen).toEqual([error])
  })

  test.each([[5], [[5]], [{}]])('%j are not', (use) => {
    expect(() => clientOf(scripted(good), { use: use as never })).toThrow(
      'use must be an array of middlewares, got ',
    )
  })
})

describe('a middleware that hangs', () => {
  const hangs: Middleware = () => new Promise(() => undefined)
  const passes: Middleware = (request, next) => next(request)

  test.each([
    ['before the request', [hangs]],
    ['after it', [async (request, next) => (await next(request), await new Promise<never>(() => undefined))]],
    ['within others', [passes, hangs]],
    ['around others', [hangs, passes]],
  ] satisfies [string, Middleware[]][])('%s ends at the deadline and by an abort', async (_, use) => {
    stopTimers()
    const client = clientOf(scripted(good), { use })
    for (const call of [
      failure(client.rerank(REQUEST, { deadlineMs: 300 })),
      failure(client.rank('q', ['a'], { deadlineMs: 300 })),
    ]) {
      await vi.advanceTimersByTimeAsync(350)
      expect(await call).toMatchObject({ kind: 'timeout', limit: 'deadlineMs' })
    }
    const controller = new AbortController()
    const { signal } = controller
    const calls = [client.rerank(REQUEST, { signal }), client.rank('q', ['a'], { signal })].map(rejection)
    await vi.advanceTimersByTimeAsync(0)
    controller.abort('enough')
    expect(await Promise.all(calls)).toEqual(['enough', 'enough'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('falls back like a service that hangs', async () => {
    stopTimers()
    const client = clientOf(scripted(good), { use: [hangs] })
    const call = client.rank.withUsage('q', ['a'], { deadlineMs: 300, fallback: 'keep-order' })
    await vi.advanceTimersByTimeAsync(302)
    expect((await call).degraded).toMatchObject({ kind: 'timeout', limit: 'deadlineMs' })
  })

  test('does not keep a breaker around it trying', async () => {
    stopTimers()
    const use = [breaker({ failures: 1, cooldownMs: 1000 }), hangs]
    const client = clientOf(scripted(good), { use, deadlineMs: 300 })
    const kinds: string[] = []
    for (let call = 0; call < 2; call++) {
      const failed = failure(client.rerank(REQUEST))
      await vi.advanceTimersByTimeAsync(1302)
      kinds.push((await failed).kind)
    }
    expect(kinds).toEqual(['timeout', 'timeout'])
  })

  test('leaves the time limit of a request to it: a breaker counts a service that hangs', async () => {
    stopTimers()
    const slow: Middleware = async (request, next) => (await Promise.resolve(), next(request))
    const client = clientOf(scripted(stalls), {
      use: [slow, slow, breaker({ failures: 1 })],
      deadlineMs: 300,
    })
    const failed = failure(client.rerank(REQUEST))
    await vi.advanceTimersByTimeAsync(302)
    expect(await failed).toMatchObject({ kind: 'timeout', attempts: 1 })
    expect((await failure(client.rerank(REQUEST))).kind).toBe('circuit_open')
  })
})

test('a middleware that throws at once rejects for the one around it', async () => {
  const seen: unknown[] = []
  const watch: Middleware = (request, next) =>
    next(request).catch((error: unknown) => {
      seen.push(error)
      throw error
    })
  const throwing: Middleware = () => {
    throw new Error('mine')
  }
  const call = clientOf(scripted(good), { use: [watch, throwing] }).rerank(REQUEST)
  await expect(call).rejects.toThrow('mine')
  expect(seen).toHaveLength(1)
})

describe('the response of a middleware', () => {
  const response = { status: 200, headers: new Headers(), attempts: 0 }
  const results = (...given: unknown[]) => ({ ...response, body: { results: given } })

  test.each<[unknown, string]>([
    [undefined, 'results is undefined, not an array'],
    [breaker, 'results is undefined, not an array'],
    [{ ...response, body: {} }, 'results is undefined, not an array'],
    [results({ index: 0, relevance_score: NaN }), 'results[0].relevance_score is NaN, not a finite number'],
    [
      results({ index: 2, relevance_score: 1 }),
      "results[0].index is 2, not one of the request's 2 documents",
    ],
  ])('of no use is a TypeError: %#', async (given, message) => {
    const use: Middleware[] = [(request, next) => next(request), (async () => given) as never]
    const error = new TypeError(`use[1] returned an unusable response: ${message}`)
    const client = clientOf(scripted(), { use })
    await expect(client.rerank(REQUEST)).rejects.toThrow(error)
    await expect(client.rank('q', ['a', 'b'], { fallback: 'keep-order' })).rejects.toThrow(error)
  })

  test('is put in order, best first', async () => {
    const use: Middleware[] = [
      async () =>
        results({ index: 0, relevance_score: 0.1 }, { index: 1, relevance_score: 0.2 }) as MiddlewareResponse,
    ]
    const { data } = await clientOf(scripted(), { use }).rerank.scored(REQUEST)
    expect(data.results.map(({ index }) => index)).toEqual([1, 0])
  })
})

test('the hooks that a middleware gives are called in place of the client’s', async () => {
  const own = vi.fn()
  const hooks = { onRequest: vi.fn(), onResponse: vi.fn() }
  const use: Middleware[] = [
    (request, next, context) => next(request, { hooks: { ...context.hooks, onRequest: own } }),
  ]
  await clientOf(scripted(good), { use, hooks }).rerank(REQUEST)
  expect([own, hooks.onRequest, hooks.onResponse].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1])
})
