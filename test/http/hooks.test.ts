import { describe, expect, test, vi } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import type { Hooks } from '../../src/index.ts'
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

const URL_CALLED = 'https://rerank.test/v1/rerank'
const ms = expect.any(Number) as number
const callId = expect.any(String) as string
/** The facts that the events of an attempt share. */
const FACTS = { callId, url: URL_CALLED, model: 'Qwen/Qwen3-Reranker-8B', documents: 2 }

/** Hooks that write down what they are told. */
function recorder(): { hooks: Hooks; events: [hook: string, event: object][] } {
  const events: [string, object][] = []
  const record = (hook: string) => (event: object) => events.push([hook, event])
  const hooks = {
    onRequest: record('onRequest'),
    onResponse: record('onResponse'),
    onRetry: record('onRetry'),
    onError: record('onError'),
  }
  return { hooks, events }
}

describe('hooks hear', () => {
  test('of a success', async () => {
    const { hooks, events } = recorder()
    await clientOf(scripted(), { hooks }).rerank(REQUEST, { projectId: 'not in the url' })
    expect(events).toEqual([
      ['onRequest', { attempt: 1, ...FACTS }],
      ['onResponse', { attempt: 1, ...FACTS, status: 200, ms, requestId: undefined, tokens: 7 }],
    ])
  })

  test('of a retry and its success', async () => {
    const { hooks, events } = recorder()
    const busy = answers(503, null, { 'retry-after-ms': '1', 'x-request-id': 'req-1' })
    await clientOf(scripted(busy, good), { hooks, maxRetries: 1 }).rerank(REQUEST)
    expect(events).toEqual([
      ['onRequest', { attempt: 1, ...FACTS }],
      ['onResponse', { attempt: 1, ...FACTS, status: 503, ms, requestId: 'req-1', tokens: undefined }],
      ['onRetry', { attempt: 1, ...FACTS, kind: 'server', status: 503, requestId: 'req-1', delayMs: 1 }],
      ['onRequest', { attempt: 2, ...FACTS }],
      ['onResponse', { attempt: 2, ...FACTS, status: 200, ms, requestId: undefined, tokens: 7 }],
    ])
  })

  test('of a failure', async () => {
    const { hooks, events } = recorder()
    const refuses = answers(401, { detail: 'no' }, { 'x-request-id': 'req-1' })
    const { message } = await failure(clientOf(scripted(refuses), { hooks }).rerank(REQUEST))
    expect(events.at(-1)).toEqual([
      'onError',
      { callId, attempts: 1, kind: 'authentication', status: 401, requestId: 'req-1', message, ms },
    ])
  })

  test('of no answer where none came', async () => {
    const { hooks, events } = recorder()
    await failure(clientOf(scripted(stalls), { hooks, timeoutMs: 1 }).rerank(REQUEST))
    expect(events.map(([hook]) => hook)).toEqual(['onRequest', 'onError'])
    expect(events.at(-1)?.[1]).toMatchObject({ kind: 'timeout', status: undefined })
  })

  test('of how long it took', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(5000)
    const { hooks, events } = recorder()
    await failure(clientOf(scripted(answers(401)), { hooks }).rerank(REQUEST))
    expect(events.slice(1)).toEqual([
      ['onResponse', expect.objectContaining({ ms: 0 })],
      ['onError', expect.objectContaining({ ms: 0 })],
    ])
  })

  test('of what a rate limiter rejected with, but not its words', async () => {
    const { hooks, events } = recorder()
    const rateLimiter = { acquire: () => Promise.reject(new Error('secret')) }
    await rejection(clientOf(scripted(), { hooks }).rerank(REQUEST, { rateLimiter }))
    const facts = {
      kind: 'unknown',
      message: 'an error that is not of this package',
      status: undefined,
      requestId: undefined,
    }
    expect(events).toEqual([['onError', { callId, attempts: 0, ...facts, ms }]])
  })

  const ABORTED = {
    callId,
    kind: 'aborted',
    message: 'aborted by its signal',
    status: undefined,
    requestId: undefined,
    ms,
  }

  test('of an abort', async () => {
    const { hooks, events } = recorder()
    const caller = new AbortController()
    const call = clientOf(scripted(stalls), { hooks }).rerank(REQUEST, { signal: caller.signal })
    caller.abort()
    await rejection(call)
    expect(events.at(-1)).toEqual(['onError', { attempts: 1, ...ABORTED }])
  })

  test('of an abort before anything was sent', async () => {
    const { hooks, events } = recorder()
    await rejection(clientOf(scripted(), { hooks }).rerank(REQUEST, { signal: AbortSignal.abort() }))
    expect(events).toEqual([['onError', { attempts: 0, ...ABORTED }]])
  })

  test('of an abort as such, though its reason is an error of ours', async () => {
    const { hooks, events } = recorder()
    const reason = await failure(clientOf(scripted(answers(500))).rerank(REQUEST))
    await rejection(clientOf(scripted(), { hooks }).rerank(REQUEST, { signal: AbortSignal.abort(reason) }))
    expect(events).toEqual([['onError', { attempts: 0, ...ABORTED }]])
  })
})

test('the events of one call share its id, and those of another do not', async () => {
  const { hooks, events } = recorder()
  const client = clientOf(scripted(answers(503, null, { 'retry-after-ms': '1' }), good), {
    hooks,
    maxRetries: 1,
  })
  await client.rank('q', ['a', 'b', 'c'], { maxDocumentsPerRequest: 1 })
  await client.rerank(REQUEST)
  const ids = events.map(([, event]) => (event as { callId: string }).callId)
  expect(new Set(ids.slice(0, -2)).size).toBe(1)
  expect(new Set(ids).size).toBe(2)
})

test('a ranking that fails is told once, however many of its requests fail', async () => {
  const { hooks, events } = recorder()
  const client = clientOf(scripted(answers(500)), { hooks })
  await failure(client.rank('q', ['a', 'b', 'c'], { maxDocumentsPerRequest: 1 }))
  expect(events.filter(([hook]) => hook === 'onError')).toHaveLength(1)
})

describe('a hook breaks no call', () => {
  const fault = new Error('the hook’s own')
  const every = (hook: () => unknown): Hooks => ({
    onRequest: hook,
    onResponse: hook,
    onRetry: hook,
    onError: hook,
  })
  const busy = answers(503, null, { 'retry-after-ms': '1' })

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw fault
      },
    ],
    ['rejects', () => Promise.reject(fault)],
    ['never settles', () => new Promise(() => undefined)],
    [
      'returns a broken thenable',
      () => ({
        then: () => {
          throw fault
        },
      }),
    ],
  ])('that %s', async (_, hook) => {
    const options = { hooks: every(hook), maxRetries: 1 }
    await expect(clientOf(scripted(busy, good), options).rerank(REQUEST)).resolves.toHaveProperty('results')
    expect((await failure(clientOf(scripted(busy), options).rerank(REQUEST))).kind).toBe('server')
  })

  test('that changes its event', async () => {
    const { hooks, events } = recorder()
    const onRequest = (event: object): unknown => Object.assign(event, { url: 'changed', attempt: 99 })
    await clientOf(scripted(), { hooks: { ...hooks, onRequest } }).rerank(REQUEST)
    expect(events).toEqual([['onResponse', expect.objectContaining({ attempt: 1, ...FACTS })]])
  })
})

test.each([
  [5, 'hooks must be an object of functions, got 5'],
  [{ onRetry: 'log' }, 'onRetry must be a function, got "log"'],
])('hooks that are none are refused: %j', (hooks, message) => {
  expect(() => createRerankClient({ apiKey: KEY, hooks: hooks as Hooks })).toThrow(new TypeError(message))
})
