import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { estimateTokens } from '../../src/index.ts'
import type { Fetch, RankedItem, ScoredDocument } from '../../src/index.ts'
import { createRateLimiter } from '../../src/bulk/index.ts'
import { longDocuments } from '../../src/middleware/index.ts'
import type { LongDocumentsOptions } from '../../src/middleware/index.ts'
import { answers, clientOf, failure, rejection, scripted, sentBy } from '../helpers/rerank.ts'

/** Scores a text by how often it says "needle", writes down what it was sent, and counts 10 tokens a request. */
function service() {
  const requests: { query: string; documents: readonly string[] }[] = []
  const fetch: Fetch = async (_, init) => {
    const request = sentBy(init)
    requests.push(request)
    const results = request.documents.map((text, index) => ({
      index,
      relevance_score: (text.split('needle').length - 1) / 10,
      document: { text },
    }))
    return Response.json({ id: 'r', model: 'm', usage: { prompt_tokens: 10, total_tokens: 10 }, results })
  }
  return { fetch, requests, sent: () => requests.flatMap(({ documents }) => documents) }
}

function clientWith(fetch: Fetch, options?: LongDocumentsOptions) {
  return clientOf(fetch, { use: [longDocuments(options)] })
}

const WORDS = 'The quick brown fox jumps over the lazy dog. '

/** The passages that a text is sent in. */
async function passages(text: string, options: LongDocumentsOptions): Promise<string[]> {
  const { fetch, sent } = service()
  await clientWith(fetch, { overlap: 0, ...options }).rank('', [text])
  return sent()
}

describe('long documents', () => {
  test('have the score and the place of their best passage', async () => {
    const { fetch } = service()
    const long = `${WORDS.repeat(50)}Here is the needle. ${WORDS.repeat(50)}`
    const ranked = await clientWith(fetch, { maxTokens: 100 }).rank('q', [long, 'no', 'needle needle'])
    expect(ranked.map(({ index, score }) => [index, score])).toEqual([
      [2, 0.2],
      [0, 0.1],
      [1, 0],
    ])
    const { start = 0, end = 0 } = ranked[1]?.passage ?? {}
    expect(long.slice(start, end)).toContain('needle')
    expect(ranked[0]).not.toHaveProperty('passage')
  })

  test('come back whole from rerank, with tokens and attempts of all requests', async () => {
    const { fetch, requests } = service()
    const long = WORDS.repeat(50)
    const client = clientWith(fetch, { maxTokens: 100, maxTokensPerRequest: 200 })
    const { data, response } = await client.rerank.withResponse({ query: 'q', documents: [long, 'b'] })
    expect(data.results.map(({ index, document }) => [index, document.text])).toEqual([
      [0, long],
      [1, 'b'],
    ])
    expect((data.results[0] as ScoredDocument).passage).toBeDefined()
    expect(requests.length).toBeGreaterThan(1)
    expect(data.usage.total_tokens).toBe(10 * requests.length)
    expect(response.attempts).toBe(requests.length)
  })

  test('are cut to their beginning in the mode truncate', async () => {
    const { fetch, sent } = service()
    const text = WORDS.repeat(50)
    const [ranked] = await clientWith(fetch, { maxTokens: 100, mode: 'truncate' }).rank('q', [text])
    expect(sent()).toHaveLength(1)
    expect(ranked?.passage).toEqual({ start: 0, end: sent()[0]?.length })
  })

  test('are cut to their first words in the mode truncate, where blanks come before them', async () => {
    const { fetch, sent } = service()
    const text = `${'\n'.repeat(5000)}${WORDS.repeat(50)}`
    const [ranked] = await clientWith(fetch, { maxTokens: 100, mode: 'truncate' }).rank('q', [text])
    expect(sent()).toEqual([text.slice(ranked?.passage?.start, ranked?.passage?.end)])
    expect(sent()[0]?.trim()).not.toBe('')
  })

  test('short ones are sent as they are, in one request', async () => {
    const { fetch, requests } = service()
    await clientWith(fetch).rank('q', ['a', 'b'])
    expect(requests.map(({ documents }) => documents)).toEqual([['a', 'b']])
  })

  test('a query that leaves no room is an error that says so, for which a ranking can fall back', async () => {
    const client = clientWith(service().fetch, { maxTokens: 100 })
    const query = WORDS.repeat(10)
    const error = await failure(client.rank(query, ['a']))
    expect(error).toMatchObject({ kind: 'bad_request', attempts: 0 })
    expect(error.message).toBe(
      'The query takes about 113 of 100 tokens, so that no document fits: shorten it',
    )
    expect(await client.rank(query, ['a'], { fallback: 'keep-order' })).toHaveLength(1)
  })
})

describe('passages', () => {
  test('end with paragraphs where there are some', async () => {
    const paragraph = `${WORDS.repeat(4).trim()}\r\n\r\n`
    const sent = await passages(paragraph.repeat(10), { maxTokens: 100 })
    expect(sent.slice(0, -1).every((text) => text.endsWith('\r\n\r\n'))).toBe(true)
  })

  test('or with sentences, or words, also of scripts without spaces', async () => {
    const sentences = await passages(WORDS.repeat(100), { maxTokens: 100 })
    expect(sentences.every((text) => text.trim().endsWith('.'))).toBe(true)
    const words = await passages('lorem '.repeat(1000), { maxTokens: 100 })
    expect(words.every((text) => /^ ?(?:lorem ?)+$/.test(text))).toBe(true)
    const thai = await passages('ภาษาไทย'.repeat(100), { maxTokens: 100 })
    expect(thai.every((text) => text.startsWith('ภาษา'))).toBe(true)
    const arabic = await passages('مرحبا بالعالم '.repeat(100), { maxTokens: 100 })
    expect(arabic.every((text) => /^[\u0600-\u06ff]/.test(text))).toBe(true)
  })

  test('split one giant word, but no character', async () => {
    const family = '👨‍👩‍👧‍👦'
    for (const text of ['x'.repeat(100_000), family.repeat(1000), `e${'\u0301'.repeat(5000)}`]) {
      const sent = await passages(text, { maxTokens: 100 })
      expect(sent.join('')).toBe(text)
      expect(sent.every((passage) => !/\p{Cs}/u.test(passage))).toBe(true)
    }
    const families = await passages(family.repeat(1000), { maxTokens: 100 })
    expect(families.every((text) => text.replaceAll(family, '') === '')).toBe(true)
  })

  test('leave out what is blank', async () => {
    const text = `${WORDS.repeat(5)}${'\n'.repeat(20_000)}${WORDS}`
    const sent = await passages(text, { maxTokens: 100 })
    expect(sent.length).toBeLessThan(10)
    expect(sent.every((passage) => passage.trim() !== '')).toBe(true)
    const { fetch } = service()
    const blank = { query: 'q', documents: ['\n'.repeat(20_000)] }
    expect((await clientWith(fetch, { maxTokens: 100 }).rerank(blank)).results).toHaveLength(1)
  })

  test('repeat about as many tokens of the one before as are asked for, from a word on', async () => {
    const text = Array.from({ length: 2000 }, (_, index) => `word${index}`).join(' ')
    const sent = await passages(text, { maxTokens: 100, overlap: 20 })
    for (const [index, passage] of sent.entries()) {
      const before = sent[index - 1]
      if (before === undefined) continue
      expect(passage).toMatch(/^ ?word\d/)
      const [first = ''] = passage.trim().split(' ')
      const repeated = before.slice(before.lastIndexOf(first))
      expect(estimateTokens(repeated)).toBeGreaterThanOrEqual(15)
      expect(estimateTokens(repeated)).toBeLessThanOrEqual(24)
    }
  })

  test('cover a text of any kind, in order, within the limit', async () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('\n\n', '\r\n', ' ', '. ', '。', 'x'.repeat(500), '👩🏽‍🚀', 'שלום ', '\u0301'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(unit, { maxLength: 60 }).map((parts) => `a${parts.join('')}`),
        fc.integer({ min: 10, max: 200 }),
        fc.integer({ min: 0, max: 50 }),
        async (text, maxTokens, most) => {
          const overlap = Math.min(most, maxTokens - 1)
          const { fetch, requests, sent } = service()
          const client = clientWith(fetch, { maxTokens, overlap, maxTokensPerRequest: 500 })
          await client.rank('', [text])
          for (const passage of sent()) expect(estimateTokens(passage)).toBeLessThanOrEqual(maxTokens)
          for (const { documents } of requests) {
            const tokens = documents.reduce((sum, passage) => sum + estimateTokens(passage), 0)
            expect(tokens).toBeLessThanOrEqual(500)
          }
          let covered = 0
          for (const passage of await passages(text, { maxTokens })) {
            const at = text.indexOf(passage, covered)
            expect(text.slice(covered, at).trim()).toBe('')
            covered = at + passage.length
          }
          expect(text.slice(covered).trim()).toBe('')
        },
      ),
      { numRuns: 200 },
    )
  })

  test('take time in proportion to the text', async () => {
    const [short, long] = [1_000_000, 4_000_000].map((length) => 'x'.repeat(length))
    const time = async (text = ''): Promise<number> => {
      const started = performance.now()
      await passages(text, { maxTokens: 1000 })
      return performance.now() - started
    }
    await time(short)
    expect(await time(long)).toBeLessThan(4 * 4 * (await time(short)) + 500)
  })
})

test('an abort between two requests sends no more', async () => {
  const controller = new AbortController()
  const { fetch, requests } = service()
  const aborting: Fetch = async (url, init) => {
    controller.abort('enough')
    return fetch(url, init)
  }
  const client = clientWith(aborting, { maxTokens: 100, maxTokensPerRequest: 200 })
  const call = client.rank('q', [WORDS.repeat(100)], { signal: controller.signal })
  expect(await rejection(call)).toBe('enough')
  expect(requests.length).toBeLessThanOrEqual(1)
})

test('four requests are in flight at once', async () => {
  const { fetch } = service()
  let inFlight = 0
  let most = 0
  const counting: Fetch = async (url, init) => {
    most = Math.max(most, (inFlight += 1))
    await new Promise((resolve) => setImmediate(resolve))
    inFlight -= 1
    return fetch(url, init)
  }
  const client = clientWith(counting, { maxTokens: 100, maxTokensPerRequest: 200 })
  await client.rerank({ query: 'q', documents: [WORDS.repeat(200)] })
  expect(most).toBe(4)
})

test('those in flight end with the first that fails', async () => {
  let sent = 0
  let aborted = 0
  const fetch: Fetch = (_, { signal }) =>
    (sent += 1) < 4
      ? new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted += 1
            reject(new Error('aborted'))
          })
        })
      : Promise.resolve(new Response('{}', { status: 400 }))
  const client = clientWith(fetch, { maxTokens: 100, maxTokensPerRequest: 200 })
  const error = await failure(client.rerank({ query: 'q', documents: [WORDS.repeat(200)] }))
  expect([error.status, sent, aborted]).toEqual([400, 4, 3])
})

test('a failure of one request is the failure of the call', async () => {
  const client = clientWith(scripted(answers(500)), { maxTokens: 100 })
  expect((await failure(client.rank('q', [WORDS.repeat(100)]))).status).toBe(500)
})

test.each([
  [{ maxTokens: 0 }, 'maxTokens must be a whole number, 1 or more, got 0'],
  [{ overlap: -1 }, 'overlap must be a whole number, 0 or more, got -1'],
  [{ maxTokens: 100, overlap: 100 }, 'overlap must be less than maxTokens, got 100'],
  [{ mode: 'all' }, "mode must be 'best-passage' or 'truncate', got \"all\""],
  [{ maxTokensPerRequest: 1.5 }, 'maxTokensPerRequest must be a whole number'],
])('%j is a TypeError', (options, message) => {
  expect(() => longDocuments(options as LongDocumentsOptions)).toThrow(message)
})

test('maxTokens may be less than the default of overlap', () => {
  expect(longDocuments({ maxTokens: 1 })).toBeTypeOf('function')
})

/** A service that reads 32,768 tokens a pair and serves 400,000 a minute, as a bucket that refills all the time. */
function limitedService() {
  const inner = service()
  const CAPACITY = 400_000
  let remaining = CAPACITY
  let at = performance.now()
  const tally = { refused: 0, tokens: 0 }
  const fetch: Fetch = async (url, init) => {
    const { query, documents } = sentBy(init)
    const ofPairs = documents.map((text) => estimateTokens(query) + estimateTokens(text))
    if (ofPairs.some((tokens) => tokens > 32_768)) {
      return Response.json(
        { message: "This model's maximum context length is 32768 tokens" },
        { status: 400 },
      )
    }
    const tokens = ofPairs.reduce((sum, each) => sum + each, 0)
    remaining = Math.min(CAPACITY, remaining + ((performance.now() - at) / 60_000) * CAPACITY)
    at = performance.now()
    if (tokens > remaining) {
      tally.refused += 1
      return new Response('{}', { status: 429 })
    }
    remaining -= tokens
    tally.tokens += tokens
    return inner.fetch(url, init)
  }
  return { ...inner, fetch, tally }
}

test('a document of 200,000 tokens among 50 is ranked by its best passage, within 400,000 tokens a minute', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { fetch, tally, requests } = limitedService()
  const filler = WORDS.repeat(9000)
  const long = `${filler}The needle, the needle, the needle. ${filler}`
  expect(estimateTokens(long)).toBeGreaterThan(200_000)
  const documents = Array.from({ length: 50 }, (_, index) =>
    index === 31 ? long : `${WORDS.repeat(100)}${index % 2 === 0 ? 'needle' : ''} ${index}`,
  )
  const rateLimiter = createRateLimiter({ tokensPerMinute: 400_000 })
  const client = clientOf(fetch, { use: [longDocuments()], rateLimiter })

  const call: Promise<RankedItem<string>[]> = client.rank('where is the needle', documents)
  await vi.advanceTimersByTimeAsync(120_000)
  const [best, ...rest] = await call
  expect(best).toMatchObject({ index: 31, score: 0.3 })
  expect(long.slice(best?.passage?.start, best?.passage?.end)).toContain('needle, the needle')
  expect(rest).toHaveLength(49)
  expect(tally.refused).toBe(0)
  expect(tally.tokens).toBeGreaterThan(200_000)
  expect(tally.tokens).toBeLessThan(400_000)
  expect(requests.length).toBeGreaterThan(2)
})
