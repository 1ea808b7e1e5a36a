import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createRerankClient, isRerankError } from '../../src/index.ts'
import type { RerankClient } from '../../src/index.ts'
import { sentBy } from '../helpers/rerank.ts'

/** Sends what the stub is asked into `requests`, and scores each document by the number it ends with. */
function stub(overrides: (documents: readonly string[], request: number) => unknown = () => undefined) {
  const requests: { query: string; documents: readonly string[]; [field: string]: unknown }[] = []
  const client = createRerankClient({
    apiKey: null,
    baseUrl: 'http://127.0.0.1:1',
    maxRetries: 0,
    fetch: async (_, init) => {
      const request = sentBy(init) as (typeof requests)[number]
      requests.push(request)
      const answer = overrides(request.documents, requests.length) ?? answerFor(request.documents)
      return answer instanceof Response ? answer : Response.json(answer)
    },
  })
  return { client, requests }
}

function answerFor(documents: readonly string[]) {
  const results = documents.map((text, index) => ({
    index,
    relevance_score: Number(/[\d.]+$/.exec(text)?.[0] ?? 0),
  }))
  return { results: results.reverse() }
}

describe('the order', () => {
  test('best first, equal scores in the order given, with the items themselves', async () => {
    const { client } = stub()
    const items = [{ body: 'a 0.2' }, { body: 'b 0.9' }, { body: 'c 0.2' }, { body: 'd 0.5' }]
    const ranked = await client.rank('q', items, { text: (item) => item.body })
    expect(ranked.map(({ index, score }) => [index, score])).toEqual([
      [1, 0.9],
      [3, 0.5],
      [0, 0.2],
      [2, 0.2],
    ])
    expect(ranked[0]?.item).toBe(items[1])
  })

  test('strings need no text function, and any iterable will do', async () => {
    const { client } = stub()
    const ranked = await client.rank('q', new Set(['a 0.1', 'b 0.3']))
    expect(ranked).toEqual([
      { item: 'b 0.3', index: 1, score: 0.3 },
      { item: 'a 0.1', index: 0, score: 0.1 },
    ])
  })

  test('topN keeps the best, minScore those that reach it', async () => {
    const { client } = stub()
    const items = ['a 0.1', 'b 0.5', 'c 0.9']
    expect((await client.rank('q', items, { topN: 2 })).map(({ index }) => index)).toEqual([2, 1])
    expect((await client.rank('q', items, { minScore: 0.5 })).map(({ index }) => index)).toEqual([2, 1])
    expect(await client.rank('q', items, { minScore: 1 })).toEqual([])
  })

  test('is the same however the items are divided into requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (scores, maxDocumentsPerRequest, concurrency, dedupe) => {
          const { client, requests } = stub()
          const items = scores.map((score) => ({ score }))
          const text = (item: { score: number }): string => `text 0.${item.score}`
          const ranked = await client.rank('q', items, { text, maxDocumentsPerRequest, concurrency, dedupe })
          const expected = items
            .map((item, index) => ({ item, index, score: item.score / 10 }))
            .sort((a, b) => b.score - a.score)
          expect(ranked).toEqual(expected)
          expect(requests.every(({ documents }) => documents.length <= maxDocumentsPerRequest)).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('what is sent', () => {
  test('the fields of the spec by their names', async () => {
    const { client, requests } = stub()
    await client.rank('q', ['a 1'], { model: 'm', serviceTier: 'flex', user: 'u' })
    expect(requests).toEqual([
      { query: 'q', documents: ['a 1'], model: 'm', service_tier: 'flex', user: 'u' },
    ])
  })

  test('nothing for an empty list, or for blank texts alone', async () => {
    const { client, requests } = stub()
    expect(await client.rank('q', [])).toEqual([])
    expect(await client.rank('q', ['', ' \n'])).toEqual([])
    expect(requests).toEqual([])
  })

  test('blank items are left out, and the indices of the rest hold', async () => {
    const { client, requests } = stub()
    const ranked = await client.rank('q', ['', 'a 0.1', '  ', 'b 0.2'])
    expect(ranked.map(({ index }) => index)).toEqual([3, 1])
    expect(requests[0]?.documents).toEqual(['a 0.1', 'b 0.2'])
  })

  test('equal texts once, unless told otherwise, and all of them get the score', async () => {
    const { client, requests } = stub()
    const items = ['a 0.5', 'b 0.7', 'a 0.5']
    expect((await client.rank('q', items)).map(({ index }) => index)).toEqual([1, 0, 2])
    expect(requests[0]?.documents).toEqual(['a 0.5', 'b 0.7'])
    await client.rank('q', items, { dedupe: false })
    expect(requests[1]?.documents).toEqual(items)
  })

  test('requests of about equal length', async () => {
    const { client, requests } = stub()
    const items = Array.from({ length: 1001 }, (_, index) => `text ${index}`)
    await client.rank('q', items)
    expect(requests.map(({ documents }) => documents.length)).toEqual([501, 500])
  })

  test('requests within the token limit, the query counted for each document', async () => {
    const { client, requests } = stub()
    // 2 tokens of query and 3 of document: 5 a document.
    await client.rank('12345678', ['document  01', 'document  02', 'document  03'], {
      maxTokensPerRequest: 10,
    })
    expect(requests.map(({ documents }) => documents.length)).toEqual([2, 1])
    await client.rank('12345678', ['a document that is too long by itself'], { maxTokensPerRequest: 5 })
    expect(requests).toHaveLength(3)
  })

  test('at most `concurrency` requests at once', async () => {
    let under = 0
    let most = 0
    const client = createRerankClient({
      apiKey: null,
      fetch: async (_, init) => {
        most = Math.max(most, ++under)
        await new Promise(setImmediate)
        under--
        return Response.json(answerFor(sentBy(init).documents))
      },
    })
    const items = Array.from({ length: 20 }, (_, index) => `text ${index}`)
    await client.rank('q', items, { maxDocumentsPerRequest: 1, concurrency: 3 })
    expect(most).toBe(3)
  })
})

describe('what comes back', () => {
  test('usage is summed and ids are in the order of the requests', async () => {
    const { client } = stub((documents, request) => ({
      ...answerFor(documents),
      id: `id-${request}`,
      usage: { prompt_tokens: 2, total_tokens: 3 },
    }))
    const { ranked, usage, ids } = await client.rank.withUsage('q', ['a 1', 'b 2'], {
      maxDocumentsPerRequest: 1,
      concurrency: 1,
    })
    expect(ranked).toHaveLength(2)
    expect(usage).toEqual({ prompt_tokens: 4, total_tokens: 6 })
    expect(ids).toEqual(['id-1', 'id-2'])
  })

  test('servers that leave out documents, ids and usage will do', async () => {
    const { client } = stub()
    const { usage, ids } = await client.rank.withUsage('q', ['a 1'])
    expect(usage).toEqual({ prompt_tokens: 0, total_tokens: 0 })
    expect(ids).toEqual([])
  })

  test.each([
    [
      'an index out of range',
      [
        { index: 2, relevance_score: 1 },
        { index: 0, relevance_score: 1 },
      ],
    ],
    [
      'an index twice',
      [
        { index: 0, relevance_score: 1 },
        { index: 0, relevance_score: 1 },
      ],
    ],
    ['an index missing', [{ index: 0, relevance_score: 1 }]],
    [
      'a fractional index',
      [
        { index: 0.5, relevance_score: 1 },
        { index: 1, relevance_score: 1 },
      ],
    ],
    [
      'a score that is null',
      [
        { index: 0, relevance_score: null },
        { index: 1, relevance_score: 1 },
      ],
    ],
    [
      'a score that is text',
      [
        { index: 0, relevance_score: '1' },
        { index: 1, relevance_score: 1 },
      ],
    ],
  ])('%s is a RerankResponseError that names the request', async (_, results) => {
    const { client } = stub((_documents, request) => (request === 2 ? { results } : undefined))
    const items = ['a 1', 'b 1', 'c 1', 'd 1']
    const failure = client.rank('q', items, { maxDocumentsPerRequest: 2, concurrency: 1 })
    await expect(failure).rejects.toMatchObject({ name: 'RerankResponseError', items: [2, 3] })
    await expect(failure).rejects.toThrow('(request 2 of 2)')
  })

  test('progress is told as requests are answered', async () => {
    const { client } = stub()
    const onProgress = vi.fn()
    await client.rank('q', ['a 1', 'b 1', 'c 1'], { maxDocumentsPerRequest: 2, concurrency: 1, onProgress })
    expect(onProgress.mock.calls).toEqual([[{ done: 2, total: 3 }], [{ done: 3, total: 3 }]])
  })

  test('a progress report that throws breaks nothing', async () => {
    const { client } = stub()
    const onProgress = (): never => {
      throw new Error('no')
    }
    expect(await client.rank('q', ['a 1'], { onProgress })).toHaveLength(1)
  })
})

describe('when a request fails for good', () => {
  test('those beside it are cancelled, and the rest is not sent', async () => {
    const cancelled: unknown[] = []
    let sent = 0
    const client = createRerankClient({
      apiKey: null,
      maxRetries: 0,
      fetch: async (_, { signal }) => {
        if (++sent === 2) return new Response('{"detail":"bad"}', { status: 400 })
        signal.addEventListener('abort', () => cancelled.push(signal.reason))
        return new Promise(() => undefined)
      },
    })
    const items = ['a', 'b', 'c', 'd']
    const failure = client.rank('q', items, { maxDocumentsPerRequest: 1, concurrency: 2 })
    await expect(failure).rejects.toSatisfy((error) => isRerankError(error, 'bad_request'))
    await expect(failure).rejects.toMatchObject({ items: [1] })
    expect(sent).toBe(2)
    expect(cancelled).toHaveLength(1)
  })

  test('the items of one text are all named', async () => {
    const { client } = stub(() => new Response('', { status: 400 }))
    await expect(client.rank('q', ['same', '', 'same'])).rejects.toMatchObject({ items: [0, 2] })
  })

  test('an abort rejects with its reason and sends nothing more', async () => {
    const controller = new AbortController()
    const { client, requests } = stub(() => {
      controller.abort('enough')
    })
    const items = ['a', 'b', 'c']
    const options = { maxDocumentsPerRequest: 1, concurrency: 1, signal: controller.signal }
    await expect(client.rank('q', items, options)).rejects.toBe('enough')
    expect(requests).toHaveLength(1)
  })

  test('an aborted signal sends nothing, whatever the list', async () => {
    const { client, requests } = stub()
    await expect(client.rank('q', ['a'], { signal: AbortSignal.abort('no') })).rejects.toBe('no')
    await expect(client.rank('q', [], { signal: AbortSignal.abort('no') })).rejects.toBe('no')
    expect(requests).toEqual([])
  })

  test('the deadline covers all requests together', async () => {
    vi.useFakeTimers()
    try {
      const client: RerankClient = createRerankClient({
        apiKey: null,
        fetch: async (_, init) => {
          await vi.advanceTimersByTimeAsync(60)
          return Response.json(answerFor(sentBy(init).documents))
        },
      })
      const options = { maxDocumentsPerRequest: 1, concurrency: 1, deadlineMs: 100 }
      await expect(client.rank('q', ['a', 'b', 'c'], options)).rejects.toMatchObject({ limit: 'deadlineMs' })
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('arguments of the wrong shape are TypeErrors before anything is sent', () => {
  const { client, requests } = stub()
  const items: unknown = ['a']
  test.each([
    [() => client.rank(5 as never, ['a']), 'query must be a string, got 5'],
    [() => client.rank(5 as never, []), 'query must be a string, got 5'],
    [() => client.rank('q', 'text' as never), 'items must be an iterable of items, got "text"'],
    [() => client.rank('q', null as never), 'items must be an iterable of items, got null'],
    [
      () => client.rank('q', [{ body: 'a' }] as never),
      'items[0] must be a string, or the option text must return one for it, got an object',
    ],
    [
      () => client.rank('q', ['a', ' '], { blank: 'error' }),
      "items[1] has a blank text: leave it out, or set blank to 'skip'",
    ],
    [() => client.rank('q', items as string[], { topN: 0 }), 'topN must be a whole number, 1 or more, got 0'],
    [() => client.rank('q', ['a'], { minScore: NaN }), 'minScore must be a number, got NaN'],
    [
      () => client.rank('q', ['a'], { concurrency: 1.5 }),
      'concurrency must be a whole number, 1 or more, got 1.5',
    ],
    [() => client.rank('q', ['a'], null as never), 'options must be an object, got null'],
    [() => client.rank.withUsage('q', ['a'], 'm' as never), 'options must be an object, got string'],
    [() => client.rank('q', ['a'], { signal: 5 as never }), 'signal must be an AbortSignal, got 5'],
    [
      () => client.rank('q', ['a'], { text: 'body' as never }),
      'text must be a function that returns the text of an item, got "body"',
    ],
    [
      () => client.rank('q', ['a'], { text: () => Promise.resolve('a') as never }),
      'items[0] must be a string, or the option text must return one for it, got an object',
    ],
    [
      () => client.rank('q', [], { maxRetries: -1 }),
      'maxRetries must be a whole number from 0 to 100, got -1',
    ],
    [() => client.rank('q', ['a'], { blank: 'no' as never }), "blank must be 'skip' or 'error', got \"no\""],
  ])('%s', async (call, message) => {
    await expect(call()).rejects.toThrow(new TypeError(message))
    expect(requests).toEqual([])
  })
})
