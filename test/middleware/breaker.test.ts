import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { isRerankError, isRetryable } from '../../src/index.ts'
import type { Fetch, RerankErrorKind } from '../../src/index.ts'
import { breaker } from '../../src/middleware/index.ts'
import {
  answers,
  clientOf,
  failure,
  good,
  KEY,
  rejection,
  REQUEST,
  scripted,
  stalls,
} from '../helpers/rerank.ts'
import { createRerankClient } from '../../src/index.ts'

/** Stops time for the rest of the test. */
function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
}

describe('a breaker', () => {
  test('opens after so many failures in a row, and then rejects at once', async () => {
    const fetch = scripted(answers(503))
    const client = clientOf(fetch, { use: [breaker({ failures: 2, cooldownMs: 1000 })] })
    await failure(client.rerank(REQUEST))
    await failure(client.rerank(REQUEST))
    const error = await failure(client.rerank(REQUEST))
    expect(fetch.calls).toHaveLength(2)
    expect(error).toMatchObject({ name: 'CircuitOpenError', kind: 'circuit_open', attempts: 0 })
    expect(error.message).toMatch(
      /^Not sent: 2 requests in a row failed, so nothing is sent for another \d+ ms\. Try again at retryAt, or set a fallback\.$/,
    )
    expect(error.retryAfterMs).toBeGreaterThan(900)
    expect(isRerankError(error.cause, 'server')).toBe(true)
    expect(isRerankError(error, 'circuit_open') && isRetryable(error)).toBe(true)
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ kind: 'circuit_open' })
  })

  test('counts a row of failures alone', async () => {
    const down = answers(500)
    const fetch = scripted(down, good, down, good, down, down, good)
    const client = clientOf(fetch, { use: [breaker({ failures: 2 })] })
    const kinds: (RerankErrorKind | 'ok')[] = []
    for (let call = 0; call < 7; call++) {
      kinds.push(
        await client.rerank(REQUEST).then(
          () => 'ok' as const,
          (error: unknown) => (isRerankError(error) ? error.kind : 'ok'),
        ),
      )
    }
    expect(kinds).toEqual(['server', 'ok', 'server', 'ok', 'server', 'server', 'circuit_open'])
  })

  test.each([400, 401, 404, 422, 429])('takes a %i for a sign of life', async (status) => {
    const fetch = scripted(answers(503), answers(status), answers(503), answers(status))
    const client = clientOf(fetch, { use: [breaker({ failures: 2 })] })
    for (let call = 0; call < 4; call++) await failure(client.rerank(REQUEST))
    expect(fetch.calls).toHaveLength(4)
  })

  test.each<[string, Fetch]>([
    ['no connection', async () => Promise.reject(new TypeError('fetch failed'))],
    ['no usable response', async () => new Response('<html>')],
  ])('counts %s as a failure', async (_, fetch) => {
    const client = clientOf(fetch, { use: [breaker({ failures: 1 })] })
    await failure(client.rerank(REQUEST))
    expect((await failure(client.rerank(REQUEST))).kind).toBe('circuit_open')
  })

  test('tries one after cooldownMs, rejects all others meanwhile, and closes when it succeeds', async () => {
    stopTime()
    let respond: (response: Response) => void = () => undefined
    const waits = (): Promise<Response> => new Promise((resolve) => (respond = resolve))
    const fetch = scripted(answers(503), waits, good)
    const client = clientOf(fetch, { use: [breaker({ failures: 1, cooldownMs: 1000 })] })
    await failure(client.rerank(REQUEST))
    vi.advanceTimersByTime(999)
    expect((await failure(client.rerank(REQUEST))).retryAfterMs).toBe(1)
    vi.advanceTimersByTime(1)
    const trial = client.rerank(REQUEST)
    const refused = await Promise.all([1, 2, 3].map(async () => failure(client.rerank(REQUEST))))
    expect(refused.map(({ message }) => message)).toEqual(
      Array(3).fill(
        'Not sent: 1 request failed, so nothing is sent until a trial request has ended. Try again at retryAt, or set a fallback.',
      ),
    )
    respond(await good({ body: JSON.stringify(REQUEST) }))
    await trial
    await Promise.all([client.rerank(REQUEST), client.rerank(REQUEST)])
    expect(fetch.calls).toHaveLength(4)
  })

  test('opens anew when the one that it tried fails, from that one’s start on', async () => {
    stopTime()
    const fetch = scripted(answers(503), stalls, good)
    const client = clientOf(fetch, { timeoutMs: 300, use: [breaker({ failures: 1, cooldownMs: 1000 })] })
    await failure(client.rerank(REQUEST))
    vi.advanceTimersByTime(1000)
    const trial = failure(client.rerank(REQUEST))
    await vi.advanceTimersByTimeAsync(300)
    expect((await trial).kind).toBe('timeout')
    expect((await failure(client.rerank(REQUEST))).retryAfterMs).toBe(700)
    vi.advanceTimersByTime(700)
    await client.rerank(REQUEST)
  })

  test('tries another when the one that it tried was aborted', async () => {
    stopTime()
    const fetch = scripted(answers(503), stalls, good)
    const client = clientOf(fetch, { use: [breaker({ failures: 1, cooldownMs: 1000 })] })
    await failure(client.rerank(REQUEST))
    vi.advanceTimersByTime(1000)
    const controller = new AbortController()
    const trial = rejection(client.rerank(REQUEST, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(10)
    controller.abort('enough')
    expect(await trial).toBe('enough')
    await client.rerank(REQUEST)
  })

  test('ends what is in flight when it opens', async () => {
    stopTime()
    const signals: AbortSignal[] = []
    const fetch: Fetch = async (_, { signal }) => {
      signals.push(signal)
      return new Promise(() => undefined)
    }
    const client = clientOf(fetch, { timeoutMs: 300, use: [breaker({ failures: 2 })] })
    const calls = []
    for (let call = 0; call < 5; call++) {
      calls.push(failure(client.rerank(REQUEST)))
      await vi.advanceTimersByTimeAsync(10)
    }
    await vi.advanceTimersByTimeAsync(270)
    const kinds = (await Promise.all(calls)).map(({ kind }) => kind)
    expect(kinds).toEqual(['timeout', 'timeout', 'circuit_open', 'circuit_open', 'circuit_open'])
    expect(signals.every(({ aborted }) => aborted)).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('counts no call that its caller aborted', async () => {
    const client = clientOf(scripted(stalls, stalls, good), { use: [breaker({ failures: 1 })] })
    for (let call = 0; call < 2; call++) {
      const controller = new AbortController()
      const aborted = rejection(client.rerank(REQUEST, { signal: controller.signal }))
      controller.abort('enough')
      expect(await aborted).toBe('enough')
    }
    await client.rerank(REQUEST)
  })

  test.each([{ failures: 0 }, { failures: 1.5 }, { cooldownMs: -1 }, { cooldownMs: NaN }])(
    '%j is a TypeError',
    (options) => {
      expect(() => breaker(options)).toThrow(
        /^(?:failures|cooldownMs) must be a whole number, 1 or more, got/,
      )
    },
  )
})

/** What the service does from a time on, in milliseconds. */
type Phase = readonly [from: number, name: 'fast' | 'slow' | 'hung' | 'down' | 'back', latencyMs: number]

const PHASES: readonly Phase[] = [
  [0, 'fast', 20],
  [2000, 'slow', 200],
  [4000, 'hung', Infinity],
  [14_000, 'down', 1],
  [17_000, 'back', 20],
]

test('a search route answers each of 2,000 requests in 350 ms, whatever becomes of the service', async () => {
  stopTime()
  const COOLDOWN_MS = 5000
  const phaseAt = (time: number): Phase => PHASES.findLast(([from]) => time >= from) ?? [0, 'fast', 20]
  const start = performance.now()
  const now = (): number => performance.now() - start
  const fetch: Fetch = async (_, init) => {
    const [, name, latencyMs] = phaseAt(now())
    if (name === 'hung') return new Promise(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, latencyMs))
    if (name === 'down') throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })
    return good({ body: init.body })
  }
  const use = [breaker({ failures: 3, cooldownMs: COOLDOWN_MS })]
  const client = createRerankClient({ apiKey: KEY, baseUrl: 'https://rerank.test', fetch, use })
  const route = async () => {
    const from = now()
    const ranked = await client.rank('q', ['a', 'b'], { deadlineMs: 300, fallback: 'keep-order' })
    return { from, tookMs: now() - from, isScored: ranked[0]?.score !== undefined, items: ranked.length }
  }

  const calls = []
  // One every 10 ms: dozens are in flight whenever the service is slow.
  for (let request = 0; request < 2000; request++) {
    calls.push(route())
    await vi.advanceTimersByTimeAsync(10)
  }
  await vi.advanceTimersByTimeAsync(1000)
  const answered = await Promise.all(calls)

  expect(answered).toHaveLength(2000)
  expect(answered.every(({ items }) => items === 2)).toBe(true)
  expect(Math.max(...answered.map(({ tookMs }) => tookMs))).toBeLessThanOrEqual(350)
  const during = (name: Phase[1]) => answered.filter(({ from }) => phaseAt(from)[1] === name)
  expect(during('hung')).toHaveLength(1000)
  expect(during('hung').filter(({ tookMs }) => tookMs >= 300).length).toBeLessThanOrEqual(5)
  expect([...during('fast'), ...during('slow').slice(0, 170)].every(({ isScored }) => isScored)).toBe(true)
  const back = during('back')
  const firstScored = back.find(({ isScored }) => isScored)
  expect(firstScored?.from).toBeLessThanOrEqual(17_000 + COOLDOWN_MS)
  expect(
    back.filter(({ from }) => from > (firstScored?.from ?? 0) + 350).every(({ isScored }) => isScored),
  ).toBe(true)
})
