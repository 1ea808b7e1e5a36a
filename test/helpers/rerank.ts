import { expect, onTestFinished, vi } from 'vitest'
import { createRerankClient, isRerankError } from '../../src/index.ts'
import type {
  ClientOptions,
  Fetch,
  Hooks,
  RerankClient,
  RerankError,
  RerankRequest,
  RerankResponse,
} from '../../src/index.ts'

/** A key that is found at once wherever it leaks to. */
export const KEY = 'sk-MARKER-0123456789abcdef'

/** A request that any test can send. */
export const REQUEST = { query: 'capital of France', documents: ['Belgrade', 'Paris'] } as const

/** The spec's answer to a request: the last document first. */
export function answerTo({ documents, model = 'test-model' }: RerankRequest): RerankResponse {
  const results = documents.map((text, index) => ({
    index,
    relevance_score: (index + 1) / documents.length,
    document: { text },
  }))
  return {
    id: 'rerank-1',
    model,
    usage: { prompt_tokens: 7, total_tokens: 7 },
    results: results.reverse(),
  }
}

/** What a scripted fetch does when it is called. */
export type Step = (init: RequestInit) => Promise<Response>

/** A stub of fetch, and the calls that it heard. */
export interface ScriptedFetch extends Fetch {
  readonly calls: { url: string; init: RequestInit }[]
}

/** A fetch that plays one step a call; the last goes on playing. Without steps it answers well. */
export function scripted(...steps: readonly Step[]): ScriptedFetch {
  const calls: ScriptedFetch['calls'] = []
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const step = steps[Math.min(calls.length, steps.length - 1)] ?? good
    calls.push({ url, init })
    return step(init)
  }
  return Object.assign(fetch, { calls })
}

/** Answers well. */
export const good: Step = async (init) => Response.json(answerTo(sentBy(init)))

/** The request that a call to fetch carries. */
export function sentBy({ body }: RequestInit): RerankRequest {
  if (typeof body !== 'string') throw new TypeError('the body is no string')
  return JSON.parse(body) as RerankRequest
}

/** Answers with a status, and a body that is text or becomes JSON. */
export function answers(status: number, body: unknown = null, headers: Record<string, string> = {}): Step {
  const text = typeof body === 'string' || body === null ? body : JSON.stringify(body)
  return async () => new Response(text, { status, headers })
}

/** Answers with a 200. */
export function answersOk(body: unknown, headers: Record<string, string> = {}): Step {
  return answers(200, body, headers)
}

/** Throws. */
export function throws(reason: unknown): Step {
  return async () => {
    throw reason
  }
}

/** Answers with headers and no body that ever ends; pays no heed to the signal. */
export const stalls: Step = () => new Promise(() => undefined)

/** A client of a scripted fetch; it does not retry unless it is told to. */
export function clientOf(fetch: Fetch, options: ClientOptions = {}): RerankClient {
  return createRerankClient({ apiKey: KEY, baseUrl: 'https://rerank.test', maxRetries: 0, fetch, ...options })
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('resolved, but should have rejected'),
    (reason: unknown) => reason,
  )
}

/** The error of this package that a call rejects with. */
export async function failure(call: Promise<unknown>): Promise<RerankError> {
  const reason = await rejection(call)
  if (!isRerankError(reason)) throw new Error('rejected with another error', { cause: reason })
  return reason
}

/** Stops timers for the rest of the test; `pass` lets them run on, as soon as what is under way has set them. */
export function stopTimers(): { pass: (ms: number) => void } {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  return { pass: (ms) => setImmediate(() => vi.isFakeTimers() && vi.advanceTimersByTime(ms)) }
}

/** Lets waits between attempts pass at once for the rest of the test: give these hooks to the client. */
export function skipWaits(): Pick<Hooks, 'onRetry'> {
  const timers = stopTimers()
  return { onRetry: ({ delayMs }) => timers.pass(delayMs) }
}
