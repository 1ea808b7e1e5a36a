import { expect, test } from 'vitest'
import { createMetrics } from '../../../src/cli/serve/metrics.ts'

const traffic = { connections: 3, exchanges: 2, bytes: 7 }
const settled = { method: 'POST', path: '/v1/rerank', status: 200, seconds: 0.03 }

/** The samples of a text, which its comments name and type first. */
function samplesOf(text: string): Record<string, number> {
  const lines = text.trimEnd().split('\n')
  for (const line of lines) expect(line).toMatch(/^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{[^}]*\})? \S+)$/)
  const samples = lines.filter((line) => !line.startsWith('#'))
  for (const sample of samples) {
    const family = /^\w+?(?=(?:_bucket|_sum|_count)?[ {])/.exec(sample)?.[0] ?? ''
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^# TYPE ${family} `)))
  }
  return Object.fromEntries(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(/\S+$/.exec(line)?.[0])]),
  )
}

test('counts requests by method, path and status', () => {
  const metrics = createMetrics(traffic)
  for (const status of [200, 200, 401, undefined]) metrics.observe({ ...settled, status })
  expect(samplesOf(metrics.text())).toMatchObject({
    'nebius_rerank_requests_total{method="POST",path="/v1/rerank",status="200"}': 2,
    'nebius_rerank_requests_total{method="POST",path="/v1/rerank",status="401"}': 1,
    'nebius_rerank_requests_total{method="POST",path="/v1/rerank",status="aborted"}': 1,
  })
})

test('has few labels, whatever clients send', () => {
  const metrics = createMetrics(traffic)
  for (let n = 0; n < 100; n += 1) {
    metrics.observe({ ...settled, method: `M${n}`, path: `/"\n${n}` })
    metrics.observe({ ...settled, method: 'GET', path: `/page/${n}` })
  }
  const counted = Object.keys(samplesOf(metrics.text())).filter((name) => name.includes('requests_total'))
  expect(counted).toEqual([
    'nebius_rerank_requests_total{method="other",path="other",status="200"}',
    'nebius_rerank_requests_total{method="GET",path="/page",status="200"}',
  ])
})

test('sorts durations into cumulative buckets', () => {
  const metrics = createMetrics(traffic)
  for (const seconds of [0.001, 0.03, 100]) metrics.observe({ ...settled, seconds })
  expect(samplesOf(metrics.text())).toMatchObject({
    'nebius_rerank_request_duration_seconds_bucket{le="0.005"}': 1,
    'nebius_rerank_request_duration_seconds_bucket{le="0.025"}': 1,
    'nebius_rerank_request_duration_seconds_bucket{le="0.05"}': 2,
    'nebius_rerank_request_duration_seconds_bucket{le="10"}': 2,
    'nebius_rerank_request_duration_seconds_bucket{le="+Inf"}': 3,
    nebius_rerank_request_duration_seconds_count: 3,
    nebius_rerank_request_duration_seconds_sum: 100.031,
  })
})

test('tells what is in flight beside the request for it', () => {
  expect(samplesOf(createMetrics(traffic).text())).toMatchObject({
    nebius_rerank_requests_in_flight: 1,
    nebius_rerank_bytes_in_flight: 7,
    nebius_rerank_connections: 3,
    process_resident_memory_bytes: expect.any(Number) as number,
  })
})
