import { describe, expect, test } from 'vitest'
import type { Middleware, MiddlewareContext } from '../../src/index.ts'
import { answers, clientOf, failure, good, REQUEST, scripted, sentBy } from '../helpers/rerank.ts'

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
      'use must be an array of middlewares, each a function',
    )
  })
})
