import { metrics, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createRerankClient } from '../../src/index.ts'
import type { ClientOptions, Fetch, Middleware, RerankClient } from '../../src/index.ts'
import { cache, longDocuments } from '../../src/middleware/index.ts'
import { withTelemetry } from '../../src/otel/index.ts'
import type { TelemetryOptions } from '../../src/otel/index.ts'
import { PAGES } from '../helpers/pages.ts'
import {
  answers,
  answersOk,
  answerTo,
  failure,
  good,
  KEY,
  rejection,
  REQUEST,
  scripted,
  stalls,
  throws,
} from '../helpers/rerank.ts'

const spans = new InMemorySpanExporter()
const tracing = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
const measured = new InMemoryMetricExporter(AggregationTemporality.DELTA)
const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 1e9 })
const metering = new MeterProvider({ readers: [reader] })

beforeAll(() => {
  tracing.register()
  metrics.setGlobalMeterProvider(metering)
})
beforeEach(() => spans.reset())
afterAll(async () => {
  await Promise.all([tracing.shutdown(), metering.shutdown()])
})

function clientOf(fetch: Fetch, options: ClientOptions = {}, more: TelemetryOptions = {}): RerankClient {
  const telemetry = { tracer: trace.getTracer('test'), ...more }
  const client = { apiKey: KEY, baseUrl: 'https://rerank.test', maxRetries: 0, fetch, ...options }
  return createRerankClient(withTelemetry(client, telemetry))
}

/** The spans of logical requests and those of attempts, in the order of their ends. */
function ended(): { requests: ReadableSpan[]; attempts: ReadableSpan[] } {
  const all = spans.getFinishedSpans()
  return {
    requests: all.filter(({ name }) => name.startsWith('rerank')),
    attempts: all.filter(({ name }) => name.startsWith('POST')),
  }
}

test('a request is a span, with one for each attempt in it', async () => {
  const busy = answers(503, null, { 'retry-after-ms': '1' })
  await clientOf(scripted(busy, throws(new TypeError('reset')), good), {
    maxRetries: 2,
    use: [],
  }).rerank(REQUEST)
  const { requests, attempts } = ended()
  expect(requests).toHaveLength(1)
  expect(requests[0]?.attributes).toEqual({
    'openinference.span.kind': 'RERANKER',
    'gen_ai.operation.name': 'rerank',
    'gen_ai.provider.name': 'nebius',
    'gen_ai.request.model': 'Qwen/Qwen3-Reranker-8B',
    'gen_ai.response.id': 'rerank-1',
    'gen_ai.response.model': 'Qwen/Qwen3-Reranker-8B',
    'gen_ai.usage.input_tokens': 7,
    'llm.token_count.prompt': 7,
    'llm.token_count.total': 7,
    'nebius_rerank.attempts': 3,
    'reranker.model_name': 'Qwen/Qwen3-Reranker-8B',
    'reranker.top_k': 2,
    'reranker.output_documents.0.document.id': '1',
    'reranker.output_documents.0.document.score': 1,
    'reranker.output_documents.1.document.id': '0',
    'reranker.output_documents.1.document.score': 0.5,
  })
  const parent = requests[0]?.spanContext().spanId
  expect(attempts.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([parent, parent, parent])
  expect(attempts.map(({ attributes }) => attributes)).toMatchObject([
    { 'http.request.resend_count': 0, 'http.response.status_code': 503, 'error.type': '503' },
    { 'http.request.resend_count': 1, 'error.type': 'connection' },
    { 'http.request.resend_count': 2, 'http.response.status_code': 200 },
  ])
  expect(attempts.map(({ status }) => status.code)).toEqual([2, 2, 0])
})

test('texts are in the spans only where asked for, and the key nowhere', async () => {
  await clientOf(scripted(good)).rerank(REQUEST)
  await failure(clientOf(scripted(answers(422, { detail: 'Belgrade is no document' }))).rerank(REQUEST))
  const without = JSON.stringify(
    spans.getFinishedSpans().map(({ attributes, status }) => [attributes, status]),
  )
  expect(without).not.toMatch(/capital of France|Belgrade|Paris/)
  expect(without).not.toContain(KEY)
  spans.reset()
  await clientOf(scripted(good), {}, { texts: true }).rerank(REQUEST)
  expect(ended().requests[0]?.attributes).toMatchObject({
    'reranker.query': 'capital of France',
    'reranker.input_documents.0.document.content': 'Belgrade',
    'reranker.output_documents.0.document.content': 'Paris',
  })
})

test('a failure is an error, and says whether the ranking falls back', async () => {
  const client = clientOf(scripted(throws(new TypeError('reset'))))
  await failure(client.rank('q', ['a']))
  await client.rank('q', ['a'], { fallback: 'keep-order' })
  const { requests, attempts } = ended()
  expect(
    requests.map(({ attributes }) => [attributes['error.type'], attributes['nebius_rerank.degraded']]),
  ).toEqual([
    ['connection', undefined],
    ['connection', true],
  ])
  expect([...requests, ...attempts].map(({ status }) => status.code)).toEqual([2, 2, 2, 2])
})

test('each request of a ranking has its own attempts, and cached scores are counted', async () => {
  const client = clientOf(scripted(good), { use: [cache({ store: new Map() })] })
  const options = { maxDocumentsPerRequest: 1, concurrency: 3 }
  await client.rank('q', ['a', 'b', 'c'], options)
  const { requests, attempts } = ended()
  const parents = attempts.map(({ parentSpanContext }) => parentSpanContext?.spanId)
  expect(new Set(parents)).toEqual(new Set(requests.map((span) => span.spanContext().spanId)))
  expect(new Set(parents).size).toBe(3)
  spans.reset()
  await client.rank('q', ['a', 'b', 'c'])
  expect(ended().attempts).toEqual([])
  expect(ended().requests[0]?.attributes).toMatchObject({
    'nebius_rerank.cached': 3,
    'nebius_rerank.attempts': 0,
  })
})

test('concurrent requests of a long document have attempts of their own, each with its status and duration', async () => {
  const responses: (() => void)[] = []
  const fetch: Fetch = (_, init) =>
    new Promise((resolve) => {
      const place = responses.length
      const status = place === 1 && responses.length === 1 ? 503 : 200
      responses.push(() => {
        if (status === 200) void good({ body: init.body }).then(resolve)
        else resolve(new Response(null, { status, headers: { 'retry-after-ms': '1' } }))
      })
    })
  const client = clientOf(fetch, {
    maxRetries: 1,
    use: [longDocuments({ maxTokens: 100, overlap: 0, maxTokensPerRequest: 100 })],
  })
  const options = { maxDocumentsPerRequest: 1, concurrency: 2 }
  const call = client.rank('q', ['long '.repeat(150), 'short'], options)
  await vi.waitFor(() => expect(responses).toHaveLength(3))
  expect(ended()).toEqual({ requests: [], attempts: [] })
  responses[1]?.()
  await vi.waitFor(() => expect(responses).toHaveLength(4))
  expect(ended().attempts.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([503])
  for (const respond of responses) respond()
  await call

  const { requests, attempts } = ended()
  expect(requests).toHaveLength(2)
  expect(
    attempts.map(({ attributes, status }) => [attributes['http.response.status_code'], status.code]),
  ).toEqual([
    [503, 2],
    [200, 0],
    [200, 0],
    [200, 0],
  ])
  const ids = requests.map((span) => span.spanContext().spanId)
  const parents = attempts.map(({ parentSpanContext }) => parentSpanContext?.spanId ?? '')
  expect(ids.map((id) => parents.filter((parent) => parent === id).length).sort()).toEqual([1, 3])
})

test('an attempt whose response is of no use, or that is aborted, says so', async () => {
  await failure(clientOf(scripted(answers(200, '<html>'))).rerank(REQUEST))
  const controller = new AbortController()
  const stalled = clientOf(scripted(stalls)).rerank(REQUEST, { signal: controller.signal })
  controller.abort('enough')
  expect(await rejection(stalled)).toBe('enough')
  expect(ended().attempts.map(({ attributes, status }) => [attributes['error.type'], status.code])).toEqual([
    ['response', 2],
    ['aborted', 2],
  ])
})

test('a span ends at the deadline, though a middleware inside it hangs', async () => {
  const hangs: Middleware = () => new Promise(() => undefined)
  await failure(clientOf(scripted(good), { use: [hangs] }).rerank(REQUEST, { deadlineMs: 20 }))
  expect(ended().requests.map(({ attributes }) => attributes['error.type'])).toEqual(['timeout'])
})

test('a wrong key, which rejects in spite of a fallback, degrades nothing', async () => {
  await failure(clientOf(scripted(answers(401))).rank('q', ['a'], { fallback: 'keep-order' }))
  expect(ended().requests[0]?.attributes).not.toHaveProperty(['nebius_rerank.degraded'])
})

test('hooks of one’s own are called too', async () => {
  const hooks = { onRequest: vi.fn(), onResponse: vi.fn(), onRetry: vi.fn(), onError: vi.fn() }
  const busy = answers(503, null, { 'retry-after-ms': '1' })
  await failure(clientOf(scripted(busy, answers(400)), { maxRetries: 1, hooks }).rerank(REQUEST))
  expect(Object.values(hooks).map(({ mock }) => mock.calls.length)).toEqual([2, 2, 1, 1])
})

test('the meter is told of durations, tokens and errors', async () => {
  const options = { tracer: undefined, meter: metrics.getMeter('test') }
  await clientOf(scripted(good), {}, options).rerank(REQUEST)
  await failure(clientOf(scripted(answers(500)), {}, options).rerank(REQUEST))
  await metering.forceFlush()
  const points = measured
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: all }) => all))
    .map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints] as const)
  const by = Object.fromEntries(points)
  const model = { 'gen_ai.operation.name': 'rerank', 'gen_ai.request.model': 'Qwen/Qwen3-Reranker-8B' }
  expect(by['gen_ai.client.operation.duration']?.map(({ attributes }) => attributes)).toEqual([
    model,
    { ...model, 'error.type': 'server' },
  ])
  expect(by['gen_ai.client.token.usage']?.[0]?.value).toMatchObject({ count: 1, sum: 7 })
  expect(by['nebius_rerank.client.errors']).toMatchObject([
    { value: 1, attributes: { ...model, 'error.type': 'server' } },
  ])
  expect(spans.getFinishedSpans()).toEqual([])
})

describe('the page on tracing', () => {
  const page = PAGES.get('docs/tracing.md') ?? ''
  /** The first cells of a section's tables, a list each. */
  const tablesOf = (heading: string): string[][] => {
    const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
    return section
      .split('\n\n')
      .filter((block) => block.startsWith('| '))
      .map((table) => [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name))
  }
  const namesIn = (all: readonly ReadableSpan[]): string[] => [
    ...new Set(all.flatMap(({ attributes }) => Object.keys(attributes))),
  ]

  test('names every attribute of the spans, and no other', async () => {
    const busy = answers(503, null, { 'retry-after-ms': '1' })
    const options = { maxRetries: 1, use: [cache({ store: new Map() })] }
    await clientOf(scripted(busy, good), options, { texts: true }).rerank(REQUEST)
    await clientOf(scripted(answers(503))).rank('q', ['a'], { fallback: 'keep-order' })
    const { requests, attempts } = ended()
    const [ofRequests = [], ofAttempts = []] = tablesOf('Spans')
    expect(ofRequests.length).toBeGreaterThan(10)
    const emitted = namesIn(requests).map((name) => name.replace(/\.\d+\./, '.N.'))
    expect(new Set(ofRequests)).toEqual(new Set(emitted))
    expect(new Set(ofAttempts)).toEqual(new Set(namesIn(attempts)))
  })

  test('names every metric, with its unit and its attributes', async () => {
    const options = { tracer: undefined, meter: metrics.getMeter('page') }
    await clientOf(scripted(good), {}, options).rerank(REQUEST)
    await failure(clientOf(scripted(answers(500)), {}, options).rerank(REQUEST))
    await metering.forceFlush()
    const emitted = measured
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.filter(({ scope }) => scope.name === 'page'))
      .flatMap(({ metrics: all }) => all)
      .map(({ descriptor, dataPoints }) => ({
        name: descriptor.name,
        unit: descriptor.unit,
        attributes: new Set(dataPoints.flatMap(({ attributes }) => Object.keys(attributes))),
      }))
    const rows = [...page.matchAll(/^\| `(\S+)` +\| (?:histogram|counter) +\| `(\S+)` +\| (.*) \|$/gm)]
    const told = rows.map(([, name, unit, attributes = '']) => ({
      name,
      unit,
      attributes: new Set([...attributes.matchAll(/`([^`]+)`/g)].map(([, each]) => each)),
    }))
    expect(told).toEqual(emitted)
  })
})

test.each([
  [undefined, 'telemetry must be an object, got undefined'],
  [{ tracer: 'search' }, 'tracer must be an OpenTelemetry tracer, got "search"'],
  [{ meter: trace }, 'meter must be an OpenTelemetry meter, got an object'],
])('telemetry that is %o is a TypeError', (telemetry, message) => {
  expect(() => withTelemetry({}, telemetry as never)).toThrow(new TypeError(message))
})

test('no span holds a key that a success echoes', async () => {
  const [first, ...others] = answerTo(REQUEST).results
  const echo = { ...answerTo(REQUEST), id: `id-${KEY}`, model: KEY }
  const results = [{ ...first, document: { text: `Paris ${KEY}` } }, ...others]
  await clientOf(scripted(answersOk({ ...echo, results })), {}, { texts: true }).rerank(REQUEST)
  expect(ended().requests[0]?.attributes).toMatchObject({
    'gen_ai.response.id': 'id-[redacted]',
    'gen_ai.response.model': '[redacted]',
    'reranker.output_documents.0.document.content': 'Paris',
  })
})
