import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createNebiusReranker } from '../../src/adapters/ai-sdk.ts'
import type { NebiusRerankerOptions, NebiusRerankingModel } from '../../src/adapters/ai-sdk.ts'
import { createRerankClient, isRerankError } from '../../src/index.ts'
import type { Fetch } from '../../src/index.ts'
import { busy, closedPort, reply, serveFaults, stall } from '../helpers/fault-server.ts'
import { answers, answersOk, good, KEY, rejection, scripted, sentBy } from '../helpers/rerank.ts'
import { AI_SDKS } from './ai-sdk-versions.ts'

const CALL = {
  documents: { type: 'text', values: ['Belgrade', 'Paris'] },
  query: 'capital of France',
} as const

beforeEach(() => {
  vi.stubGlobal('AI_SDK_LOG_WARNINGS', false)
})

describe.each(AI_SDKS)(
  '%s',
  (_, { rerank, createProviderRegistry, AISDKError, APICallError, RetryError }) => {
    test('takes models from a registry, which tells that there are no others', async () => {
      const registry = createProviderRegistry({
        nebius: createNebiusReranker({ apiKey: KEY, fetch: scripted() }),
      })
      const { ranking } = await rerank({
        model: registry.rerankingModel('nebius:m') as NebiusRerankingModel,
        query: 'q',
        documents: ['a', 'b'],
      })
      expect(ranking[0]?.originalIndex).toBe(1)
      for (const kind of ['languageModel', 'embeddingModel', 'imageModel'] as const) {
        expect(() => registry[kind]('nebius:m')).toThrow(
          'nebius-rerank has only reranking models: call rerankingModel("m")',
        )
      }
    })

    test('ranks objects as JSON, and says so', async () => {
      const fetch = scripted()
      const documents = [{ city: 'Belgrade' }, { city: 'Paris' }]
      const warn = vi.fn()
      vi.stubGlobal('AI_SDK_LOG_WARNINGS', warn)
      const { ranking } = await rerank({ model: modelOf(fetch), query: 'capital of France', documents })
      expect(ranking[0]).toEqual({ originalIndex: 1, score: 1, document: documents[1] })
      expect(sentBy(fetch.calls[0]?.init ?? {}).documents).toEqual([
        '{"city":"Belgrade"}',
        '{"city":"Paris"}',
      ])
      expect(warn.mock.lastCall?.[0]).toMatchObject({
        warnings: [{ type: 'compatibility', feature: 'object documents' }],
      })
    })

    test('passes on what the answer is beside the ranking', async () => {
      const fetch = scripted(async (init) => {
        const response = await good(init)
        response.headers.set('x-request-id', 'r1')
        return response
      })
      const { response } = await rerank({ model: modelOf(fetch), query: 'q', documents: ['a'] })
      expect(response).toMatchObject({
        id: 'rerank-1',
        modelId: 'Qwen/Qwen3-Reranker-8B',
        headers: { 'x-request-id': 'r1' },
      })
      expect(response.body).toMatchObject({ usage: { total_tokens: 7 } })
    })

    test('takes models by all their names, and tells the tokens used', async () => {
      const nebius = createNebiusReranker({ apiKey: KEY, fetch: scripted() })
      for (const model of [nebius('m'), nebius.reranking('m'), nebius.rerankingModel('m')]) {
        expect(model).toMatchObject({ modelId: 'm', maxDocumentsPerCall: 1000, supportsParallelCalls: true })
      }
      const { providerMetadata } = await nebius.reranking('m').doRerank(CALL)
      expect(providerMetadata).toEqual({ nebius: { usage: { prompt_tokens: 7, total_tokens: 7 } } })
    })

    test('needs an index and a score of each result, and nothing else', async () => {
      const results = [
        { index: 1, relevance_score: 0.5 },
        { index: 0, relevance_score: 0.1 },
      ]
      const model = modelOf(scripted(answersOk({ results })))
      const { ranking, response } = await rerank({ model, query: 'q', documents: ['a', 'b'] })
      expect(ranking.map(({ originalIndex }) => originalIndex)).toEqual([1, 0])
      expect(response.modelId).toBe(model.modelId)
    })

    test('returns the best documents, as many as asked for', async () => {
      const call = { model: modelOf(scripted()), query: 'q', documents: ['a', 'b', 'c'], topN: 2 }
      expect((await rerank(call)).rerankedDocuments).toEqual(['c', 'b'])
    })

    test('takes an error of this package for one of its own', async () => {
      const server = await serveFaults([reply(422, '{"detail":"no"}', { 'x-request-id': 'r1' })])
      const model = createNebiusReranker({ apiKey: KEY, baseUrl: server.url })('a-model')
      const error = await rejection(rerank({ model, query: 'private words', documents: ['a', 'b'] }))
      expect(isRerankError(error, 'bad_request')).toBe(true)
      expect(AISDKError.isInstance(error)).toBe(true)
      expect(APICallError.isInstance(error)).toBe(true)
      expect(error).toMatchObject({
        url: `${server.url}/v1/rerank`,
        requestBodyValues: { model: 'a-model', documents: 2 },
        statusCode: 422,
        responseHeaders: { 'x-request-id': 'r1' },
        responseBody: '{"detail":"no"}',
        isRetryable: false,
      })
    })

    test('counts the attempts, and lists the errors of all when it gives up', async () => {
      const server = await serveFaults(() => busy)
      const model = createNebiusReranker({ apiKey: KEY, baseUrl: server.url })()
      const error = await rejection(rerank({ model, query: 'q', documents: ['a'], maxRetries: 1 }))
      expect(RetryError.isInstance(error)).toBe(true)
      expect(error).toMatchObject({
        reason: 'maxRetriesExceeded',
        errors: [{ attempts: 1 }, { attempts: 1 }],
      })
      expect(server.received).toHaveLength(2)
    })
  },
)

describe('an attempt is worth repeating', () => {
  test.each([
    ['for 408', 408, true],
    ['for 409', 409, true],
    ['for 429', 429, true],
    ['for 500', 500, true],
    ['not for 404', 404, false],
    ['not for 302', 302, false],
  ])('%s', async (_, status, isRetryable) => {
    expect(await rejection(modelOf(scripted(answers(status))).doRerank(CALL))).toMatchObject({ isRetryable })
  })

  test('when the connection failed', async () => {
    const model = createNebiusReranker({ apiKey: KEY, baseUrl: await closedPort() })()
    const error = await rejection(model.doRerank(CALL))
    expect(error).toMatchObject({ kind: 'connection', isRetryable: true, statusCode: undefined })
  })

  test('when there was no answer in time', async () => {
    const { url } = await serveFaults(() => stall)
    const model = createNebiusReranker({ apiKey: KEY, baseUrl: url, timeoutMs: 20 })()
    expect(await rejection(model.doRerank(CALL))).toMatchObject({ kind: 'timeout', isRetryable: true })
  })

  test('not when no time is left', async () => {
    const { url } = await serveFaults(() => stall)
    const model = createNebiusReranker({ apiKey: KEY, baseUrl: url, deadlineMs: 20 })()
    expect(await rejection(model.doRerank(CALL))).toMatchObject({ kind: 'timeout', isRetryable: false })
  })

  test('when the service asked to be left alone, and then says for how long', async () => {
    const fetch = scripted(answers(429, '', { 'retry-after': '30' }))
    const model = createNebiusReranker({ apiKey: KEY, fetch, deadlineMs: 5000 })()
    await rejection(model.doRerank(CALL))
    const responseHeaders = { 'retry-after-ms': expect.stringMatching(/^(?:29|30)\d{3}$/) as string }
    const held = { kind: 'rate_limit', statusCode: undefined, isRetryable: true, responseHeaders }
    expect(await rejection(model.doRerank(CALL))).toMatchObject(held)
    expect(fetch.calls).toHaveLength(1)
  })

  test('when the answer breaks off, and not when it is of another kind', async () => {
    const broken = await rejection(modelOf(scripted(answersOk('{"results":['))).doRerank(CALL))
    expect(broken).toMatchObject({ kind: 'response', isRetryable: true })
    const other = await rejection(modelOf(scripted(answersOk('<html>'))).doRerank(CALL))
    expect(other).toMatchObject({ kind: 'response', isRetryable: false })
  })
})

describe('a model', () => {
  test('makes one attempt, whatever the client would make', async () => {
    const server = await serveFaults(() => busy)
    const client = createRerankClient({ apiKey: KEY, baseUrl: server.url, maxRetries: 5 })
    const error = await rejection(createNebiusReranker({ client })().doRerank(CALL))
    expect(error).toMatchObject({ kind: 'server', url: `${server.url}/v1/rerank` })
    expect(server.received).toHaveLength(1)
  })

  test('has the id asked for, or that of the options, or the client’s', () => {
    const reranker = createNebiusReranker({ apiKey: KEY, model: 'b' })
    expect([reranker('a').modelId, reranker().modelId]).toEqual(['a', 'b'])
    const client = createRerankClient({ apiKey: KEY, model: 'b' })
    expect(createNebiusReranker({ client })().modelId).toBe('b')
  })

  test("asks for the model that it was made for, or else the client's", async () => {
    const fetch = scripted()
    const client = createRerankClient({ apiKey: KEY, model: 'b', fetch })
    const reranker = createNebiusReranker({ client })
    await reranker('a').doRerank(CALL)
    await reranker().doRerank(CALL)
    expect(fetch.calls.map(({ init }) => sentBy(init).model)).toEqual(['a', 'b'])
  })

  test('sends the headers and options of the call', async () => {
    const fetch = scripted()
    const nebius = { serviceTier: 'flex', user: 'u1', projectId: 'p1' }
    const headers = { 'x-trace': 't1', 'x-none': undefined }
    await modelOf(fetch).doRerank({ ...CALL, headers, providerOptions: { nebius, other: { user: 'u2' } } })
    const { url, init } = fetch.calls[0] ?? expect.fail('no call')
    expect(sentBy(init)).toMatchObject({ service_tier: 'flex', user: 'u1' })
    expect(new URL(url).searchParams.get('ai_project_id')).toBe('p1')
    expect(init.headers).toMatchObject({ 'x-trace': 't1' })
  })

  test('lets the hooks of the options hear its requests', async () => {
    const onRequest = vi.fn()
    const onResponse = vi.fn()
    await modelOf(scripted(), { hooks: { onRequest, onResponse } }).doRerank(CALL)
    expect([onRequest, onResponse].map((hook) => hook.mock.calls.length)).toEqual([1, 1])
  })

  test.each([
    ['an unknown option', { service_tier: 'flex' }, /got "service_tier"$/],
    [
      'a tier that is no string',
      { serviceTier: 1 },
      /^providerOptions\.nebius\.serviceTier must be a string/,
    ],
    ['a user that is no string', { user: null }, /^providerOptions\.nebius\.user must be a string/],
  ])('refuses %s before it calls', async (_, nebius, message) => {
    const fetch = scripted()
    const error = await rejection(modelOf(fetch).doRerank({ ...CALL, providerOptions: { nebius } }))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: expect.stringMatching(message) as string })
    expect(fetch.calls).toHaveLength(0)
  })

  test.each([0, -1, 1.5, NaN])('refuses a topN of %d', async (topN) => {
    const error = await rejection(modelOf(scripted()).doRerank({ ...CALL, topN }))
    expect(error).toBeInstanceOf(TypeError)
  })

  test('answers for an empty list by itself', async () => {
    const fetch = scripted()
    const documents = { type: 'text', values: [] } as const
    expect(await modelOf(fetch).doRerank({ ...CALL, documents })).toEqual({ ranking: [], warnings: [] })
    expect(fetch.calls).toHaveLength(0)
  })

  test('orders the answers of a service that does not', async () => {
    const results = [0.2, 0.9].map((relevance_score, index) => ({
      index,
      relevance_score,
      document: { text: 'a' },
    }))
    const usage = { prompt_tokens: 1, total_tokens: 1 }
    const fetch = scripted(answersOk({ id: 'r', model: 'm', usage, results }))
    const { ranking } = await modelOf(fetch).doRerank(CALL)
    expect(ranking.map(({ index }) => index)).toEqual([1, 0])
  })
})

test('without a key there is no reranker', () => {
  expect(() => createNebiusReranker()).toThrow(TypeError)
})

function modelOf(
  fetch: Fetch,
  options: Exclude<NebiusRerankerOptions, { client: object }> = {},
): NebiusRerankingModel {
  return createNebiusReranker({ apiKey: KEY, baseUrl: 'https://rerank.test', fetch, ...options })()
}
