import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import type { RerankClient } from '../../src/index.ts'
import { createLocalReranker } from '../../src/local/index.ts'
import type { LocalRerankerOptions } from '../../src/local/index.ts'
import { failure, rejection } from '../helpers/rerank.ts'

const REQUEST = { query: 'capital', documents: ['no', 'the capital'] }

function clientOf(options: LocalRerankerOptions): RerankClient {
  return createRerankClient({ fetch: createLocalReranker(options), maxRetries: 0 })
}

describe('the embedded endpoint', () => {
  test('waits for latencyMs, and no longer than its caller', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const endpoint = createLocalReranker({ latencyMs: 500 })
    const init = {
      method: 'POST',
      headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
    }
    const body = JSON.stringify({ ...REQUEST, model: 'Qwen/Qwen3-Reranker-8B' })
    let isDone = false
    const call = endpoint('http://local/v1/rerank', { ...init, body }).then((response) => {
      isDone = true
      return response.status
    })
    await untilTimer()
    await vi.advanceTimersByTimeAsync(499)
    expect(isDone).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await call).toBe(200)

    const controller = new AbortController()
    const aborted = rejection(
      endpoint('http://local/v1/rerank', { ...init, body, signal: controller.signal }),
    )
    await untilTimer()
    controller.abort('enough')
    expect(await aborted).toBe('enough')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('fails as often as it is asked to', async () => {
    expect(await failure(clientOf({ failRate: 1 }).rerank(REQUEST))).toMatchObject({ status: 503 })
    vi.spyOn(Math, 'random').mockReturnValue(0)
    onTestFinished(() => void vi.restoreAllMocks())
    expect(await clientOf({ failRate: 0 }).rerank(REQUEST)).toHaveProperty('results')
  })

  test('limits requests a minute, and tells so as the service does', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const fetch = createLocalReranker({ rateLimit: 1 })
    // A client would wait for what its last response told.
    const fresh = (): RerankClient => createRerankClient({ fetch, maxRetries: 0 })
    const { response } = await fresh().rerank.withResponse(REQUEST)
    expect(response.rateLimit?.requests).toEqual({ limit: 1, remaining: 0, resetMs: 60_000 })
    vi.advanceTimersByTime(59_000)
    expect(await failure(fresh().rerank(REQUEST))).toMatchObject({ status: 429, retryAfterMs: 1_000 })
    vi.advanceTimersByTime(1_000)
    expect(await fresh().rerank(REQUEST)).toHaveProperty('results')
  })

  test('lets a function respond, with the request checked, or leaves it to itself', async () => {
    const respond = vi.fn(({ query }: { query: string }) =>
      query === 'down' ? new Response('{"detail":"no"}', { status: 500 }) : undefined,
    )
    const client = clientOf({ respond })
    expect(await failure(client.rerank({ ...REQUEST, query: 'down' }))).toMatchObject({ status: 500 })
    expect((await client.rerank(REQUEST)).results[0]?.index).toBe(1)
    await failure(client.rerank({ ...REQUEST, service_tier: 'never' as never }))
    expect(respond).toHaveBeenCalledTimes(2)
  })

  test('takes scores of one’s own', async () => {
    const score = async (_: string, documents: readonly string[]) =>
      Float32Array.from(documents, ({ length }) => 1 / length)
    const ranked = await clientOf({ score }).rank('q', ['long text', 'a', 'ab'])
    expect(ranked.map(({ item }) => item)).toEqual(['a', 'ab', 'long text'])
    const wrong = (scores: unknown) => failure(clientOf({ score: () => scores as number[] }).rerank(REQUEST))
    const expected = 'score must return an array with one number for each document, got '
    expect((await wrong([1])).message).toContain(`${expected}undefined at 1`)
    expect((await wrong(0.5)).message).toContain(`${expected}0.5`)
    expect((await wrong('0.5')).message).toContain(`${expected}"0.5"`)
  })

  test('ranks a blank document last', async () => {
    const { results } = await clientOf({}).rerank({ query: 'capital', documents: [' ', 'the capital', ''] })
    expect(results.map(({ index }) => index)).toEqual([1, 0, 2])
  })
})

test.each([
  [{ latencyMs: -1 }, 'latencyMs must be whole milliseconds, 0 or more, got -1'],
  [{ failRate: 2 }, 'failRate must be a number from 0 to 1, got 2'],
  [{ rateLimit: 1.5 }, 'rateLimit must be a whole number, 0 or more, got 1.5'],
  [{ respond: 'no' }, 'respond must be a function, got "no"'],
  [{ score: [1] }, 'score must be a function, got an array'],
])('%j is a TypeError', (options, message) => {
  expect(() => createLocalReranker(options as LocalRerankerOptions)).toThrow(message)
})

/** Resolves when there is a timer. Vitest's own way to wait would let it run on. */
async function untilTimer(): Promise<void> {
  while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve))
}
