import { describe, expect, test, vi } from 'vitest'
import { createRateLimiter, rankMany } from '../../src/bulk/index.ts'
import { isRerankError } from '../../src/index.ts'
import type { RateLimiter, RerankClient } from '../../src/index.ts'
import { answers, clientOf, good, rejection, scripted, sentBy, skipWaits } from '../helpers/rerank.ts'
import { collect, jobs, OPEN } from './jobs.ts'
import type { Job } from './jobs.ts'

function client(): RerankClient {
  return clientOf(scripted(good))
}

describe('an outcome', () => {
  test('has the job, its items best first, usage and ids', async () => {
    const [job] = jobs(1)
    const [outcome] = await collect(
      rankMany(client(), [{ ...job, query: 'q', documents: ['a', 'b'], page: 3 }]),
    )
    expect(outcome).toEqual({
      job: { ...job, query: 'q', page: 3 },
      ranked: [
        { item: 'b', index: 1, score: 1 },
        { item: 'a', index: 0, score: 0.5 },
      ],
      usage: { prompt_tokens: 7, total_tokens: 7 },
      ids: ['rerank-1'],
    })
  })

  test('has the very items, where a job has items', async () => {
    const items = [{ body: 'a' }, { body: 'b' }]
    const text = ({ body }: { body: string }): string => body
    const [outcome] = await collect(rankMany(client(), [{ query: 'q', items }], { text }))
    expect(outcome?.ranked?.[0]?.item).toBe(items[1])
  })

  test('of texts needs no text function, though one is there for others', async () => {
    const text = (): string => expect.fail()
    const [outcome] = await collect(rankMany(client(), [{ query: 'q', documents: ['a'] }], { text }))
    expect(outcome?.ranked).toHaveLength(1)
  })

  test('needs no text function where its items are texts', async () => {
    const [outcome] = await collect(rankMany(client(), [{ query: 'q', items: ['a', 'b'] }]))
    expect(outcome?.ranked?.map(({ item }) => item)).toEqual(['b', 'a'])
  })

  test('comes as soon as it is known, whatever the order of the jobs', async () => {
    const answered: (() => void)[] = []
    const fetch = scripted(async (init) => {
      if (sentBy(init).query === 'q0') await new Promise<void>((resolve) => answered.push(resolve))
      return good(init)
    })
    const outcomes = rankMany(clientOf(fetch), jobs(2))
    expect((await outcomes.next()).value).toMatchObject({ job: jobs(2)[1] })
    answered[0]?.()
    expect((await outcomes.next()).value).toMatchObject({ job: jobs(2)[0] })
  })

  test('is a failure where the service asks for a longer wait than is allowed', async () => {
    const busy = answers(429, null, { 'retry-after': '5' })
    const [outcome] = await collect(
      rankMany(clientOf(scripted(busy, good)), jobs(1), { maxRetryAfterMs: 4999 }),
    )
    expect(outcome?.error).toMatchObject({ kind: 'rate_limit', retryAfterMs: 5000 })
  })

  test('has as many items as the job says, or the options', async () => {
    const [first, second] = await collect(
      rankMany(client(), [{ query: 'q', documents: ['a', 'b', 'c'], topN: 1 }, ...jobs(1)], {
        topN: 2,
        ordered: true,
      }),
    )
    expect(first?.ranked).toHaveLength(1)
    expect(second?.ranked).toHaveLength(2)
  })

  test('of a job that fails is its error, and no other job is lost', async () => {
    const fetch = scripted(async (init) =>
      sentBy(init).query === 'q1' ? answers(400, { detail: 'no' })(init) : good(init),
    )
    const outcomes = await collect(rankMany(clientOf(fetch), jobs(3), { ordered: true }))
    expect(outcomes.map(({ error }) => isRerankError(error, 'bad_request'))).toEqual([false, true, false])
    expect(outcomes[1]).toEqual({ job: jobs(3)[1], error: outcomes[1]?.error })
  })

  test.each([
    ['is none', null, 'a job must be an object, got null'],
    ['is a text', 'q', 'a job must be an object, got "q"'],
    ['has no list', { query: 'q' }, 'a job must have documents or items, got neither'],
    [
      'has two',
      { query: 'q', documents: ['a'], items: ['a'] },
      'a job must have documents or items, got both',
    ],
    ['has no query', { documents: ['a'] }, 'query must be a string, got undefined'],
    [
      'has a document that is no text',
      { query: 'q', documents: ['a', 1] },
      'documents[1] must be a string, got 1',
    ],
    [
      'has documents that are no list',
      { query: 'q', documents: 'abc' },
      'documents must be an iterable, got "abc"',
    ],
    ['has null for documents', { query: 'q', documents: null }, 'documents must be an iterable, got null'],
    ['has items that are no list', { query: 'q', items: {} }, 'items must be an iterable, got an object'],
    [
      'has an item without a text',
      { query: 'q', items: [{}] },
      'items[0] must be a string, or the option text must return one for it',
    ],
    [
      'wants no results',
      { query: 'q', documents: ['a'], topN: 0 },
      'topN must be a whole number, 1 or more, got 0',
    ],
  ])('of a job that %s is a TypeError that says so, and no other job is lost', async (_, job, message) => {
    const outcomes = await collect(rankMany(client(), [job as unknown as Job, ...jobs(1)], { ordered: true }))
    expect(outcomes[0]?.error).toBeInstanceOf(TypeError)
    expect(outcomes[0]?.error?.message).toContain(message)
    expect(outcomes[1]?.ranked).toHaveLength(2)
  })

  test.each([
    ['oops', 'oops'],
    [Object.create(null), 'a value was thrown that is not an error'],
    [undefined, 'a value was thrown that is not an error'],
  ])('of a text function that throws %j is an error all the same', async (thrown: unknown, message) => {
    const text = (): string => {
      throw thrown
    }
    const [outcome] = await collect(rankMany(client(), [{ query: 'q', items: [1] }], { text }))
    expect(outcome?.error).toEqual(new Error(message, { cause: thrown }))
  })
})

describe('options', () => {
  test('are those of each ranking', async () => {
    const fetch = scripted(good)
    await collect(
      rankMany(clientOf(fetch), jobs(1), { model: 'm', serviceTier: 'flex', maxDocumentsPerRequest: 1 }),
    )
    expect(fetch.calls.map(({ init }) => sentBy(init))).toEqual(
      ['a', 'b'].map((text) => ({ query: 'q0', documents: [text], model: 'm', service_tier: 'flex' })),
    )
  })

  test('repeat ten times unless told otherwise', async () => {
    const fetch = scripted(answers(503))
    await collect(rankMany(clientOf(fetch, { hooks: skipWaits() }), jobs(1), { rateLimiter: OPEN }))
    expect(fetch.calls).toHaveLength(11)
    await collect(rankMany(clientOf(fetch), jobs(1), { maxRetries: 0 }))
    expect(fetch.calls).toHaveLength(12)
  })

  test.each([
    [{ topN: 0 }, 'topN must be a whole number, 1 or more, got 0'],
    [{ maxRetries: -1 }, 'maxRetries must be a whole number from 0 to 100, got -1'],
    [{ rateLimiter: 5 as never }, 'rateLimiter must be an object with a method acquire, got 5'],
  ])('that are wrong for any job are thrown, and no job is asked for: %j', async (options, message) => {
    const asked = vi.fn()
    function* source(): Generator<Job> {
      asked()
      yield* jobs(1)
    }
    expect(await rejection(collect(rankMany(client(), source(), options)))).toEqual(new TypeError(message))
    expect(asked).not.toHaveBeenCalled()
  })

  test.each([
    [
      () => rankMany(client(), jobs(1), { concurrency: 0 }),
      'concurrency must be a whole number, 1 or more, got 0',
    ],
    [() => rankMany(client(), jobs(1), { ordered: 1 as never }), 'ordered must be true or false, got 1'],
    [() => rankMany(client(), jobs(1), null as never), 'options must be an object, got null'],
    [
      () => rankMany(undefined as never, jobs(1)),
      'client must be a client made by createRerankClient, got undefined',
    ],
    [() => rankMany(null as never, jobs(1)), 'client must be a client made by createRerankClient, got null'],
    [
      () => rankMany(client(), {} as never),
      'jobs must be an iterable, or an async iterable, of jobs, got an object',
    ],
    [
      () => rankMany(client(), 'jobs' as never),
      'jobs must be an iterable, or an async iterable, of jobs, got "jobs"',
    ],
    [
      () => rankMany(client(), null as never),
      'jobs must be an iterable, or an async iterable, of jobs, got null',
    ],
    [
      () => rankMany(client(), jobs(1), { rateLimiter: createRateLimiter(), requestsPerMinute: 5 }),
      'requestsPerMinute must not be combined with a rate limiter, which has its own: pass it to createRateLimiter instead',
    ],
    [
      () => rankMany(client(), jobs(1), { rateLimiter: OPEN, concurrency: 5 }),
      'concurrency must not be combined with a rate limiter, which has its own: pass it to createRateLimiter instead',
    ],
    [
      () =>
        rankMany(clientOf(scripted(good), { rateLimiter: createRateLimiter() }), jobs(1), {
          tokensPerMinute: 5,
        }),
      'tokensPerMinute must not be combined with a rate limiter, which has its own: pass it to createRateLimiter instead',
    ],
    [
      () => rankMany(client(), jobs(1), { rateLimiter: { ...OPEN, concurrency: NaN } }),
      'concurrency must be a whole number, 1 or more, got NaN',
    ],
  ])('%s is a TypeError at once', (call, message) => {
    expect(call).toThrow(new TypeError(message))
  })
})

describe('the pace', () => {
  test('is each run’s own: the limits of one hold for no other', async () => {
    const one = client()
    const controller = new AbortController()
    const slow = rankMany(one, jobs(2), { requestsPerMinute: 0.001, signal: controller.signal })
    await slow.next()
    expect(await collect(rankMany(one, jobs(5)))).toHaveLength(5)
    const second = slow.next()
    controller.abort('enough')
    expect(await rejection(second)).toBe('enough')
  })

  test('decides how many jobs are held', async () => {
    const fetch = scripted(() => new Promise(() => undefined))
    const controller = new AbortController()
    const rateLimiter = createRateLimiter({ concurrency: 7 })
    const outcomes = collect(rankMany(clientOf(fetch), jobs(100), { rateLimiter, signal: controller.signal }))
    await vi.waitFor(() => expect(fetch.calls).toHaveLength(7))
    controller.abort('enough')
    expect(await rejection(outcomes)).toBe('enough')
  })

  test('is the one given, then the client’s', async () => {
    const entered: string[] = []
    const named = (name: string): RateLimiter => ({
      acquire: () => {
        entered.push(name)
        return { release: () => undefined }
      },
    })
    const one = clientOf(scripted(good), { rateLimiter: named('client’s') })
    await collect(rankMany(one, jobs(1)))
    await collect(rankMany(one, jobs(1), { rateLimiter: named('given') }))
    expect(entered).toEqual(['client’s', 'given'])
  })

  test('lets the other requests wait when one is refused', async () => {
    const started = performance.now()
    const times: number[] = []
    const fetch = scripted(async (init) => {
      times.push(performance.now() - started)
      return times.length === 1 ? answers(429, null, { 'retry-after-ms': '100' })(init) : good(init)
    })
    const outcomes = await collect(rankMany(clientOf(fetch), jobs(3), { concurrency: 1 }))
    expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
    expect(times[1]).toBeGreaterThanOrEqual(99)
  })
})

describe('whoever leaves the loop', () => {
  test('cancels the requests under way', async () => {
    const aborted: unknown[] = []
    const fetch = scripted(good, ({ signal }) => {
      signal?.addEventListener('abort', () => aborted.push(signal.reason))
      return new Promise(() => undefined)
    })
    const rateLimiter = createRateLimiter({ concurrency: 3 })
    for await (const outcome of rankMany(clientOf(fetch), jobs(100), { rateLimiter })) {
      expect(outcome.ranked).toHaveLength(2)
      await vi.waitFor(() => expect(rateLimiter.state.inFlight).toBeGreaterThan(0))
      break
    }
    await vi.waitFor(() => expect(rateLimiter.state).toMatchObject({ inFlight: 0, waiting: 0 }))
    expect(aborted.length).toBeGreaterThan(0)
  })

  test('by an abort gets its reason', async () => {
    const controller = new AbortController()
    const fetch = scripted(() => new Promise(() => undefined))
    const outcomes = collect(rankMany(clientOf(fetch), jobs(5), { signal: controller.signal }))
    await vi.waitFor(() => expect(fetch.calls.length).toBeGreaterThan(0))
    controller.abort('enough')
    expect(await rejection(outcomes)).toBe('enough')
  })
})
