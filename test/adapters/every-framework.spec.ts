import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createRerankClient, isRerankError } from '../../src/index.ts'
import type { ClientOptions, RerankError } from '../../src/index.ts'
import { serveLocalReranker } from '../../src/local/index.ts'
import type { LocalServer } from '../../src/local/index.ts'
import { busy, reply, serveFaults, stall } from '../helpers/fault-server.ts'
import type { FaultServer } from '../helpers/fault-server.ts'
import { KEY, rejection } from '../helpers/rerank.ts'
import { viewsOf } from '../helpers/views.ts'
import { FRAMEWORKS } from './frameworks.ts'

const QUERY = 'capital of France'
const TEXTS = [
  'Amsterdam, the Netherlands',
  'The capital of Brazil is Brasilia',
  'Paris is the capital of France',
  'France',
]

const limited = reply(429, '{"detail":"slow down"}', { 'retry-after-ms': '0' })
const refused = reply(400, '{"detail":"a blank document"}')

let endpoint: LocalServer
beforeAll(async () => {
  endpoint = await serveLocalReranker({ apiKey: KEY })
})
afterAll(() => endpoint.close())

beforeEach(() => {
  vi.stubGlobal('AI_SDK_LOG_WARNINGS', false)
})

describe.each(FRAMEWORKS)('%s', (_, hold) => {
  test('ranks as the endpoint does, with its scores, in one call', async () => {
    const onRequest = vi.fn()
    const options = { baseUrl: endpoint.url, apiKey: KEY, hooks: { onRequest } }
    const ranked = await (await hold(TEXTS)).rank(QUERY, options)
    expect(onRequest).toHaveBeenCalledOnce()

    const { results } = await createRerankClient(options).rerank({ query: QUERY, documents: TEXTS })
    expect(ranked).toEqual(
      results.map(({ document, relevance_score }) => ({ ...document, score: relevance_score })),
    )
  })

  test('leaves what it was given as it was', async () => {
    const { inputs, rank } = await hold(TEXTS)
    const before = structuredClone(inputs)
    await rank(QUERY, { baseUrl: endpoint.url, apiKey: KEY })
    expect(structuredClone(inputs)).toEqual(before)
  })

  test('makes no call for an empty list', async () => {
    const server = await serveFaults([])
    expect(await (await hold([])).rank(QUERY, to(server))).toEqual([])
    expect(server.received).toHaveLength(0)
  })

  test('repeats a call that was over the limit', async () => {
    const server = await serveFaults([limited])
    expect(await (await hold(TEXTS)).rank(QUERY, to(server))).toHaveLength(TEXTS.length)
    expect(server.received).toHaveLength(2)
  })

  test('gives up a service that stays unavailable after three calls', async () => {
    const server = await serveFaults(() => busy)
    const error = errorIn(await rejection((await hold(TEXTS)).rank(QUERY, to(server))))
    expect(error).toMatchObject({ kind: 'server', status: 503 })
    expect(server.received).toHaveLength(3)
  })

  test('does not repeat a call that was refused', async () => {
    const server = await serveFaults(() => refused)
    const error = errorIn(await rejection((await hold(TEXTS)).rank(QUERY, to(server))))
    expect(error).toMatchObject({ kind: 'bad_request', status: 400 })
    expect(server.received).toHaveLength(1)
  })

  test("ends a call with the reason of the caller's signal", async () => {
    const server = await serveFaults(() => stall)
    const caller = new AbortController()
    const reason = new DOMException('the user left', 'AbortError')
    const held = await hold(TEXTS)
    const rejected = rejection(held.rank(QUERY, { ...to(server), signal: caller.signal }))
    await server.arrival()
    caller.abort(reason)
    expect(await rejected).toBe(reason)
    expect(server.received).toHaveLength(1)
  })

  test('shows the key in no error', async () => {
    const server = await serveFaults((request) =>
      reply(401, JSON.stringify({ detail: `no such key: ${request.headers.authorization ?? ''}` })),
    )
    const thrown = await rejection((await hold(TEXTS)).rank(QUERY, to(server)))
    expect(errorIn(thrown)).toMatchObject({ kind: 'authentication' })
    expect(viewsOf(thrown).filter((view) => view.includes(KEY))).toEqual([])
  })
})

function to(server: FaultServer): ClientOptions {
  return { baseUrl: server.url, apiKey: KEY }
}

/** The error of this package: as it is, or as the last of those that the AI SDK lists when it gives up. */
function errorIn(thrown: unknown): RerankError {
  const last: unknown = thrown instanceof Error && 'lastError' in thrown ? thrown.lastError : thrown
  if (!isRerankError(last)) throw new Error('rejected with another error', { cause: thrown })
  return last
}
