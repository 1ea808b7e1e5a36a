import type { Traffic } from './traffic.ts'

/** A settled request, as it is counted. */
export interface SettledRequest {
  method: string
  path: string
  /** The status of the response; `undefined` if the client left before its end. */
  status: number | undefined
  seconds: number
}

/** Counters of a server, in the text format of Prometheus. */
export interface Metrics {
  observe: (request: SettledRequest) => void
  text: () => string
}

/** Upper bounds of the durations' buckets, in seconds: Prometheus' own defaults. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const PATHS = ['/v1/rerank', '/openapi.json', '/health', '/metrics', '/']
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE']

/** Makes the counters of a server. Their labels have few values, which do not depend on what clients send. */
export function createMetrics(traffic: Pick<Traffic, 'connections' | 'exchanges' | 'bytes'>): Metrics {
  const requests = new Map<string, number>()
  const durations = new Map<number, number>()
  let count = 0
  let sum = 0

  return {
    observe({ method, path, status, seconds }) {
      const labels = `method="${oneOf(METHODS, method)}",path="${pathLabel(path)}",status="${status ?? 'aborted'}"`
      requests.set(labels, (requests.get(labels) ?? 0) + 1)
      count += 1
      sum += seconds
      for (const bound of BUCKETS) if (seconds <= bound) durations.set(bound, (durations.get(bound) ?? 0) + 1)
    },
    text: () =>
      [
        ...family('requests_total', 'counter', 'Requests by method, path and status.', [
          ...[...requests].map(([labels, n]) => `{${labels}} ${n}`),
        ]),
        ...family(
          'request_duration_seconds',
          'histogram',
          'Time from the head of a request to the end of its response.',
          [
            ...BUCKETS.map((bound) => `_bucket{le="${bound}"} ${durations.get(bound) ?? 0}`),
            `_bucket{le="+Inf"} ${count}`,
            `_sum ${sum}`,
            `_count ${count}`,
          ],
        ),
        ...family('requests_in_flight', 'gauge', 'Requests in flight, without this one.', [
          ` ${traffic.exchanges - 1}`,
        ]),
        ...family('bytes_in_flight', 'gauge', 'Bytes of the bodies and responses of requests in flight.', [
          ` ${traffic.bytes}`,
        ]),
        ...family('connections', 'gauge', 'Open connections.', [` ${traffic.connections}`]),
        '# HELP process_resident_memory_bytes Resident memory size in bytes.',
        '# TYPE process_resident_memory_bytes gauge',
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
        '',
      ].join('\n'),
  }
}

function family(name: string, type: string, help: string, samples: readonly string[]): string[] {
  const full = `nebius_rerank_${name}`
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...samples.map((sample) => full + sample)]
}

function pathLabel(path: string): string {
  return path.startsWith('/page/') ? '/page' : oneOf(PATHS, path)
}

function oneOf(known: readonly string[], value: string): string {
  return known.includes(value) ? value : 'other'
}
