import { describe, expect, test, vi } from 'vitest'
import type { FallbackScorer, RankOptions, UnscoredOptions } from '../../src/index.ts'
import { fallbackTo, longDocuments } from '../../src/middleware/index.ts'
import {
  answers,
  clientOf,
  failure,
  good,
  rejection,
  scripted,
  stalls,
  stopTimers,
} from '../helpers/rerank.ts'

const TEXTS = ['a', 'b', 'c']
const KEEP = { fallback: 'keep-order' } as const

describe('keep-order', () => {
  test('returns the items in their order, without scores, and says why', async () => {
    const { ranked, degraded, usage, ids } = await clientOf(scripted(answers(503))).rank.withUsage(
      'q',
      TEXTS,
      KEEP,
    )
    expect(ranked).toEqual(TEXTS.map((item, index) => ({ item, index, score: undefined })))
    expect(degraded).toMatchObject({ kind: 'server', status: 503 })
    expect({ usage, ids }).toEqual({ usage: { prompt_tokens: 0, total_tokens: 0 }, ids: [] })
  })

  test('does nothing where the call succeeds', async () => {
    const { ranked, degraded } = await clientOf(scripted(good)).rank.withUsage('q', TEXTS, KEEP)
    expect(ranked.map(({ item }) => item)).toEqual(['c', 'b', 'a'])
    expect(degraded).toBeUndefined()
  })

  test('takes over when the deadline passes', async () => {
    const { pass } = stopTimers()
    const call = clientOf(scripted(stalls)).rank.withUsage('q', TEXTS, { ...KEEP, deadlineMs: 300 })
    pass(300)
    expect((await call).degraded).toMatchObject({ kind: 'timeout', limit: 'deadlineMs' })
  })

  test('drops nothing for minScore, keeps topN, leaves blank items out and gives equal ones back', async () => {
    const client = clientOf(scripted(answers(500)))
    const items = ['a', ' ', 'b', 'a', 'c']
    const ranked = await client.rank('q', items, { ...KEEP, minScore: 0.9, topN: 3 })
    expect(ranked.map(({ index }) => index)).toEqual([0, 2, 3])
    expect(await client.rank('q', [], KEEP)).toEqual([])
  })

  test('keeps no scores of the requests that succeeded, and counts their tokens', async () => {
    const client = clientOf(scripted(good, answers(500)))
    const options = { ...KEEP, maxDocumentsPerRequest: 1, concurrency: 1 }
    const { ranked, usage } = await client.rank.withUsage('q', TEXTS, options)
    expect(ranked.map(({ score }) => score)).toEqual([undefined, undefined, undefined])
    expect(usage.total_tokens).toBe(7)
  })

  test.each([401, 402])('never stands in for a %i, unless a function does', async (status) => {
    const client = clientOf(scripted(answers(status)))
    expect((await failure(client.rank('q', TEXTS, KEEP))).status).toBe(status)
    expect(await client.rank('q', TEXTS, { fallback: () => undefined })).toHaveLength(3)
  })

  test('never stands in for an abort, or for a TypeError', async () => {
    const controller = new AbortController()
    const client = clientOf(
      scripted(async () => {
        controller.abort('enough')
        return new Response(null, { status: 503 })
      }),
    )
    expect(await rejection(client.rank('q', TEXTS, { ...KEEP, signal: controller.signal }))).toBe('enough')
    const wrong = client.rank('q', [5 as never], KEEP)
    await expect(wrong).rejects.toThrow('items[0] must be a string')
  })

  test('never stands in for what a rate limiter of one’s own throws', async () => {
    const rateLimiter = {
      acquire: () => {
        throw new Error('mine')
      },
    }
    await expect(clientOf(scripted(), { rateLimiter }).rank('q', TEXTS, KEEP)).rejects.toThrow('mine')
  })

  test('tells the hook of the error all the same', async () => {
    const onError = vi.fn()
    await clientOf(scripted(answers(503)), { hooks: { onError } }).rank('q', TEXTS, KEEP)
    expect(onError).toHaveBeenCalledOnce()
  })

  test.each(['none', 5, null, ['keep-order']])('%j is no fallback', async (fallback) => {
    const call = clientOf(scripted()).rank('q', TEXTS, { fallback: fallback as never })
    await expect(call).rejects.toThrow(
      "fallback must be 'keep-order' or a function, such as the result of fallbackTo, got",
    )
  })
})

describe('a list of clients', () => {
  const down = (): ReturnType<typeof clientOf> => clientOf(scripted(answers(503)))
  const ranked = (options: RankOptions<string> & Required<Pick<UnscoredOptions, 'fallback'>>) =>
    down().rank.withUsage('q', TEXTS, options)

  test('is tried in its order, and its scores and tokens count', async () => {
    const second = scripted(answers(500))
    const third = scripted(good)
    const last = scripted(good)
    const fallback = fallbackTo(clientOf(second), clientOf(third), clientOf(last), 'keep-order')
    const { ranked: items, degraded, usage } = await ranked({ fallback, topN: 2, minScore: 0.5 })
    expect(items.map(({ item, score }) => [item, score])).toEqual([
      ['c', 1],
      ['b', 2 / 3],
    ])
    expect(degraded?.status).toBe(503)
    expect(usage.total_tokens).toBe(7)
    expect([second, third, last].map(({ calls }) => calls.length)).toEqual([1, 1, 0])
  })

  test('ends with the order given, or with the error of the first', async () => {
    const second = clientOf(scripted(answers(500)))
    const kept = await ranked({ fallback: fallbackTo(second, 'keep-order') })
    expect(kept.ranked.map(({ score }) => score)).toEqual([undefined, undefined, undefined])
    expect((await failure(ranked({ fallback: fallbackTo(second) }))).status).toBe(503)
  })

  test('sends the others nothing of the call but query and texts, each text once', async () => {
    const second = scripted(good)
    const headers = { 'x-token': 'secret' }
    await down().rank('q', ['a', 'b', 'a'], {
      ...{ headers, model: 'first-model', projectId: 'p', serviceTier: 'flex' },
      fallback: fallbackTo(clientOf(second, { model: 'second-model' })),
    })
    const { url, init } = second.calls[0] ?? { url: '', init: {} }
    expect(JSON.parse(init.body as string)).toEqual({
      model: 'second-model',
      query: 'q',
      documents: ['a', 'b'],
    })
    expect(url).not.toContain('ai_project_id')
    expect(init.headers).not.toHaveProperty('x-token')
  })

  test('gives the passages of another that splits long documents', async () => {
    const splitting = clientOf(scripted(good), { use: [longDocuments({ maxTokens: 20, overlap: 0 })] })
    const call = down().rank('q', ['word '.repeat(50)], { fallback: fallbackTo(splitting) })
    expect(await call).toMatchObject([{ passage: { end: 250 } }])
  })

  test('without a step, or with one after keep-order, is a TypeError before any call', () => {
    expect(() => fallbackTo()).toThrow(
      new TypeError("steps must be one or more clients, or 'keep-order', got none"),
    )
    expect(() => fallbackTo('keep-order', clientOf(scripted(good)))).toThrow(
      new TypeError("steps[0] must be a client: only the last step may be 'keep-order'"),
    )
    expect(() => fallbackTo('keep-order', 'keep-order')).toThrow(TypeError)
  })

  test.each([undefined, {}, 'keep', []])('of %j is a TypeError before any call', (step) => {
    expect(() => fallbackTo(clientOf(scripted(good)), step as never)).toThrow(
      /^steps\[1\] must be a client or 'keep-order', got /,
    )
  })

  test('asks nobody once the deadline has passed', async () => {
    const { pass } = stopTimers()
    const second = scripted(good)
    const fallback = fallbackTo(clientOf(second), 'keep-order')
    const call = clientOf(scripted(stalls)).rank('q', TEXTS, { fallback, deadlineMs: 300 })
    pass(300)
    expect(await call).toHaveLength(3)
    expect(second.calls).toEqual([])
  })

  test('gives the next the time that remains', async () => {
    const { pass } = stopTimers()
    const fallback = fallbackTo(clientOf(scripted(stalls)), 'keep-order')
    const options = { fallback, timeoutMs: 100, deadlineMs: 300 }
    const call = clientOf(scripted(stalls)).rank.withUsage('q', TEXTS, options)
    pass(100)
    setTimeout(() => pass(200), 100)
    pass(0)
    expect((await call).degraded).toMatchObject({ limit: 'timeoutMs' })
    expect(performance.now()).toBeGreaterThanOrEqual(300)
  })

  test('shows a wrong key, be it of another client, and an abort while another is asked', async () => {
    const wrong = clientOf(scripted(answers(401)))
    expect((await failure(ranked({ fallback: fallbackTo(wrong, 'keep-order') }))).status).toBe(401)
    const first = clientOf(scripted(answers(402))).rank('q', TEXTS, { fallback: fallbackTo('keep-order') })
    expect((await failure(first)).status).toBe(402)

    const controller = new AbortController()
    const aborting = clientOf(
      scripted(async () => {
        controller.abort('enough')
        throw new Error('broken')
      }),
    )
    const options = { fallback: fallbackTo(aborting, 'keep-order'), signal: controller.signal }
    expect(await rejection(ranked(options))).toBe('enough')
  })

  test('leaves an item without a score that the other left out', async () => {
    const fallback = async () => ({
      ranked: [{ item: 'b', index: 1, score: 0.5 }],
      usage: { prompt_tokens: 0, total_tokens: 0 },
      ids: [],
    })
    const { ranked: items } = await ranked({ fallback })
    expect(items.map(({ index, score }) => [index, score])).toEqual([
      [1, 0.5],
      [0, undefined],
      [2, undefined],
    ])
  })
})

describe('a fallback of one’s own', () => {
  const down = clientOf(scripted(answers(503)))
  const usage = { prompt_tokens: 0, total_tokens: 0 }
  const given = (value: unknown) =>
    down.rank('q', TEXTS, { fallback: (() => value) as unknown as FallbackScorer })

  test.each<[unknown, string]>([
    [[{ item: 'a', index: 0, score: NaN }], 'got index 0, item "a", score NaN'],
    [[{ item: 'a', index: 0, score: '1' }], 'got index 0, item "a", score "1"'],
    [[{ item: 'a', index: 0, score: undefined }], 'got index 0, item "a", score undefined'],
    [[{ item: 'a', index: 3, score: 1 }], 'got index 3, item "a", score 1'],
    [[{ item: 'a', index: -1, score: 1 }], 'got index -1, item "a", score 1'],
    [[{ index: 3, score: 1 }], 'got index 3, item undefined, score 1'],
    [[{ index: 'length', item: 3, score: 1 }], 'got index "length", item 3, score 1'],
    [[{ item: 'foreign', index: 0, score: 1 }], 'got index 0, item "foreign", score 1'],
    [[null], 'got index undefined, item undefined, score undefined'],
  ])('that gives %j is a TypeError', async (ranked, message) => {
    await expect(given({ ranked, usage, ids: [] })).rejects.toThrow(
      new TypeError(
        `fallback: ranked[0] must be one of the texts, once, with its index and score, ${message}`,
      ),
    )
  })

  test('that gives a text twice is a TypeError', async () => {
    const twice = ['b', 'b'].map((item) => ({ item, index: 1, score: 0.5 }))
    await expect(given({ ranked: twice, usage, ids: [] })).rejects.toThrow('fallback: ranked[1] must be one')
  })

  test.each([[[]], ['keep-order'], [5], [{}], [{ ranked: {} }]])(
    'that gives %j, and no ranking, is a TypeError',
    async (value) => {
      await expect(given(value)).rejects.toThrow(
        /^the result of fallback must be a ranking or undefined, got /,
      )
    },
  )

  test('that hangs ends at the deadline, with the error of the call', async () => {
    stopTimers()
    const hangs = (): Promise<never> => new Promise(() => undefined)
    const call = failure(down.rank('q', TEXTS, { fallback: hangs, deadlineMs: 300 }))
    await vi.advanceTimersByTimeAsync(302)
    expect(await call).toMatchObject({ status: 503 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that is not done at a deadline that has passed is not waited for', async () => {
    stopTimers()
    const slow = async (): Promise<undefined> => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return undefined
    }
    const client = clientOf(scripted(stalls))
    const late = failure(client.rank('q', TEXTS, { fallback: slow, deadlineMs: 300 }))
    const done = client.rank('q', TEXTS, { fallback: async () => undefined, deadlineMs: 300 })
    await vi.advanceTimersByTimeAsync(310)
    expect(await late).toMatchObject({ kind: 'timeout', limit: 'deadlineMs' })
    expect(await done).toHaveLength(3)
  })

  test('that hangs ends with the caller’s abort', async () => {
    const controller = new AbortController()
    const fallback = (): Promise<never> => {
      queueMicrotask(() => controller.abort('enough'))
      return new Promise(() => undefined)
    }
    const call = down.rank('q', TEXTS, { fallback, signal: controller.signal })
    expect(await rejection(call)).toBe('enough')
  })

  test('is asked nothing where there is nothing to rank', async () => {
    const fallback = vi.fn()
    expect(await down.rank('q', ['', ' '], { fallback })).toEqual([])
    expect(fallback).not.toHaveBeenCalled()
  })
})

describe('onlyFirst', () => {
  test('ranks the first items and appends the rest, unread and without scores', async () => {
    const fetch = scripted(good)
    const text = vi.fn((item: { name: string }) => item.name)
    const items = ['a', 'b', 'c', ' ', 'e'].map((name) => ({ name }))
    const ranked = await clientOf(fetch).rank('q', items, { text, onlyFirst: 2, minScore: 0.6, topN: 3 })
    expect(ranked.map(({ index, score }) => [index, score])).toEqual([
      [1, 1],
      [2, undefined],
      [3, undefined],
    ])
    expect(text).toHaveBeenCalledTimes(2)
    expect(JSON.parse(fetch.calls[0]?.init.body as string)).toMatchObject({ documents: ['a', 'b'] })
  })

  test('keeps all in order with a fallback', async () => {
    const options = { ...KEEP, onlyFirst: 2 }
    const ranked = await clientOf(scripted(answers(500))).rank('q', TEXTS, options)
    expect(ranked.map(({ index }) => index)).toEqual([0, 1, 2])
  })

  test('of more than there are ranks them all, and so does Infinity', async () => {
    for (const onlyFirst of [4, Infinity]) {
      const ranked = await clientOf(scripted(good)).rank('q', TEXTS, { onlyFirst, topN: Infinity })
      expect(ranked.map(({ index }) => index)).toEqual([2, 1, 0])
    }
  })

  test.each([0, -1, 1.5, NaN])('%d is a TypeError', async (onlyFirst) => {
    await expect(clientOf(scripted()).rank('q', TEXTS, { onlyFirst })).rejects.toThrow(
      'onlyFirst must be a whole number',
    )
  })
})

describe('fields', () => {
  const written = async (item: object, fields: readonly string[]): Promise<string | undefined> => {
    const fetch = scripted(good)
    await clientOf(fetch).rank('q', [item], { fields: fields as readonly never[] })
    const { documents } = JSON.parse((fetch.calls[0]?.init.body ?? '{"documents":[]}') as string) as {
      documents: string[]
    }
    return documents[0]
  }

  test('are written a line each, in the order asked for', async () => {
    const item = { body: 'Warm.\r\nDry.\nSoft.', title: ' Wool socks ', price: 9.5, isNew: false, sku: 7n }
    expect(await written(item, ['title', 'body', 'price', 'isNew'])).toBe(
      'title: Wool socks\nbody: Warm.\n  Dry.\n  Soft.\nprice: 9.5\nisNew: false',
    )
  })

  test('hold structures as JSON, and leave out what is missing', async () => {
    const item = { tags: ['a', 'b'], size: { eu: 42 }, none: null, blank: ' ', made: new Date(0) }
    expect(await written(item, ['tags', 'size', 'none', 'blank', 'absent', 'made'])).toBe(
      'tags: ["a","b"]\nsize: {"eu":42}\nmade: 1970-01-01T00:00:00.000Z',
    )
  })

  test('are blank where all are missing: such an item is left out', async () => {
    expect(await written({ a: '' }, ['a', 'b'])).toBeUndefined()
  })

  test('that no item has are a TypeError, and none of no items', async () => {
    await expect(written({ title: 'a' }, ['titel', 'name'])).rejects.toThrow(
      new TypeError('fields must name fields of the items, but no item has titel or name'),
    )
    expect(await clientOf(scripted()).rank('q', [], { fields: ['a' as never] })).toEqual([])
  })

  test('beside text are a TypeError', async () => {
    const call = clientOf(scripted()).rank('q', [{ a: 'a' }], { fields: ['a'], text: ({ a }) => a })
    await expect(call).rejects.toThrow(
      new TypeError('text and fields cannot be used together: leave one of them out'),
    )
  })

  test('that one of the items has are no mistake, even where it is blank', async () => {
    const items: { a?: string }[] = [{ a: '' }, {}]
    expect(await clientOf(scripted()).rank('q', items, { fields: ['a'] })).toEqual([])
  })

  test('come from getters too, and a big number is a number', async () => {
    class Item {
      readonly id = 7n
      get name(): string {
        return `getter of ${this.id}`
      }
    }
    expect(await written(new Item(), ['name', 'id'])).toBe('name: getter of 7\nid: 7')
  })

  test.each<[unknown, string]>([
    [7n, '7'],
    [{ big: 7n }, '{"big":"7"}'],
    [new Map([['a', new Set([1, 2n])]]), '[["a",[1,"2"]]]'],
    [new Uint8Array([1, 2]), '[1,2]'],
    [new URL('https://a.test/'), 'https://a.test/'],
    [[new Date(0)], '["1970-01-01T00:00:00.000Z"]'],
    [false, 'false'],
    [0, '0'],
  ])('write %s as text', async (value, text) => {
    expect(await written({ it: value }, ['it'])).toBe(`it: ${text}`)
  })

  test.each([NaN, Infinity, new Date(NaN), null, undefined, ''])('leave %s out', async (value) => {
    expect(await written({ it: value, other: 'a' }, ['it', 'other'])).toBe('other: a')
  })

  const cyclic: { self?: unknown } = {}
  cyclic.self = [cyclic]
  const deep = { toJSON: () => Symbol('deep') }
  test.each<[unknown, string]>([
    [cyclic, 'an object'],
    [Symbol('it'), 'Symbol(it)'],
    [() => 'code', 'a function'],
    [deep, 'an object'],
  ])('that hold %s are a TypeError that names item and field', async (it, got) => {
    const items = [{ it: 'a' }, { it }]
    await expect(clientOf(scripted()).rank('q', items, { fields: ['it'] })).rejects.toThrow(
      new TypeError(`items[1].it must be text, or a value that JSON can hold, got ${got}`),
    )
  })

  test.each([[[]], ['title'], [[5]], [[Symbol('s')]]])('%o are none', async (fields) => {
    const call = clientOf(scripted()).rank('q', [{ a: 'a' }], { fields: fields as never })
    await expect(call).rejects.toThrow('fields must be an array of names, one or more, got')
  })
})
