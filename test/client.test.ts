import { describe, expect, test } from 'vitest'
import { createRerankClient } from '../src/index.ts'
import { answers, answersOk, answerTo, clientOf, failure, KEY, REQUEST, scripted } from './helpers/rerank.ts'

const GOOD = answerTo(REQUEST)

describe('rerank', () => {
  test('returns the service’s answer', async () => {
    expect(await clientOf(scripted(answersOk(GOOD))).rerank(REQUEST)).toEqual(GOOD)
  })

  test('works without its client', async () => {
    const { rerank } = clientOf(scripted())
    await expect(rerank(REQUEST)).resolves.toHaveProperty('results')
  })
})

test('a client tells where its requests go, and which model they ask for', () => {
  const client = createRerankClient({ apiKey: KEY, baseUrl: 'https://rerank.test/v1/', model: 'm' })
  expect(client).toMatchObject({ url: 'https://rerank.test/v1/rerank', model: 'm' })
  expect(createRerankClient({ apiKey: KEY })).toMatchObject({
    url: 'https://api.tokenfactory.nebius.com/v1/rerank',
    model: 'Qwen/Qwen3-Reranker-8B',
  })
})

describe('rerank.withResponse', () => {
  const headers = {
    'x-request-id': 'req-1',
    'x-inference-id': 'inf-1',
    'x-ratelimit-limit-requests': '600',
    'x-ratelimit-over-limit': 'yes',
  }

  test('returns the answer, and what is known of it beside it', async () => {
    const { data, response } = await clientOf(scripted(answersOk(GOOD, headers))).rerank.withResponse(REQUEST)
    expect(data).toEqual(GOOD)
    expect(response).toEqual({
      status: 200,
      headers: expect.objectContaining(headers) as object,
      requestId: 'req-1',
      inferenceId: 'inf-1',
      attempts: 1,
      rateLimit: { requests: { limit: 600 }, overLimit: true },
    })
    expect(response.headers['x-ratelimit-over-limit']).toBe('yes')
  })

  test('says that nothing is known', async () => {
    const { response } = await clientOf(scripted()).rerank.withResponse(REQUEST)
    expect(response).toMatchObject({
      requestId: undefined,
      inferenceId: undefined,
      rateLimit: undefined,
    })
  })

  test('counts the attempts', async () => {
    const fetch = scripted(answers(503, null, { 'retry-after-ms': '0' }), answersOk(GOOD))
    const { response } = await clientOf(fetch, { maxRetries: 1 }).rerank.withResponse(REQUEST)
    expect(response.attempts).toBe(2)
  })

  test('rejects as rerank does', async () => {
    const call = clientOf(scripted(answers(401))).rerank.withResponse(REQUEST)
    expect((await failure(call)).kind).toBe('authentication')
  })
})

test('making a client calls nothing', () => {
  const fetch = scripted()
  createRerankClient({ apiKey: KEY, fetch })
  expect(fetch.calls).toEqual([])
})
