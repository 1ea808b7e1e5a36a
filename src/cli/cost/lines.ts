import type { Workload } from './workload.ts'
import type { Price } from './price.ts'

/** The limits of a service. */
export interface Limits {
  requestsPerMinute: number
  tokensPerMinute: number
  /** The origin of the numbers, to stand after them. */
  source: string
}

/** The limits of every account to begin with, by the service's documentation. */
const BASE = { requestsPerMinute: 60, tokensPerMinute: 400_000 }

/** The limits of the flags, or else the base limits of the service. */
export function limitsFor({
  requestsPerMinute,
  tokensPerMinute,
}: {
  requestsPerMinute?: number | undefined
  tokensPerMinute?: number | undefined
}): Limits {
  const isGiven = requestsPerMinute !== undefined || tokensPerMinute !== undefined
  return {
    requestsPerMinute: requestsPerMinute ?? (isGiven ? Infinity : BASE.requestsPerMinute),
    tokensPerMinute: tokensPerMinute ?? (isGiven ? Infinity : BASE.tokensPerMinute),
    source: isGiven ? 'as given' : 'the service’s base limits (yours: nebius-rerank check)',
  }
}

/** Minutes that a workload takes at limits that are used up evenly. */
export function minutesFor({ requests, tokens }: Workload, limits: Limits): number {
  return Math.max(requests / limits.requestsPerMinute, tokens / limits.tokensPerMinute)
}

/** A workload and what it will cost, by lines. `limits` and `price` are `undefined` if nothing is limited or paid. */
export function costLines(
  workload: Workload,
  { limits, price, error }: { limits: Limits | undefined; price: Price | undefined; error: number },
): string[] {
  const { jobs, documents, pairs, tokens } = workload
  const time = limits && [
    duration(minutesFor(workload, limits)),
    `at ${ratesOf(limits)} a minute, ${limits.source}`,
  ]
  const rows: [string, string, string][] = [
    ['jobs', whole(jobs), ''],
    ['documents', whole(documents), ''],
    ['pairs', whole(pairs), 'of a query and a document, each of which gets a score'],
    ['tokens', `about ${whole(tokens)}`, `an estimate, ${errorOf(error)}`],
    ['time', time?.[0] ?? 'not limited', time?.[1] ?? 'ranked on this machine'],
    ['cost', ...(price ? moneyOf(tokens, price) : (['none', 'ranked on this machine'] as const))],
  ]
  const [first, second] = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map(([name, value, note]) =>
    `${name.padEnd(first ?? 0)}  ${value.padEnd(second ?? 0)}  ${note}`.trimEnd(),
  )
}

function ratesOf({ requestsPerMinute, tokensPerMinute }: Limits): string {
  return [
    ...(requestsPerMinute < Infinity
      ? [`${whole(requestsPerMinute)} ${requestsPerMinute === 1 ? 'request' : 'requests'}`]
      : []),
    ...(tokensPerMinute < Infinity ? [`${whole(tokensPerMinute)} tokens`] : []),
  ].join(' and ')
}

function moneyOf(tokens: number, { perMillion, currency, source }: Price): [string, string] {
  if (perMillion === undefined) return ['unknown', source]
  return [money((tokens / 1e6) * perMillion), `at ${perMillion} per million tokens, ${currency}, ${source}`]
}

/** An amount with two significant digits below 1, and two decimals above. */
export function money(amount: number): string {
  const digits =
    amount < 1 ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }
  return amount.toLocaleString('en', digits)
}

function errorOf(error: number): string {
  const percent = Math.round(Math.abs(error) * 100)
  return percent === 0
    ? 'exact on the sample collection'
    : `usually too ${error > 0 ? 'high' : 'low'}, by ${percent}% on the sample collection`
}

function duration(minutes: number): string {
  const seconds = minutes * 60
  if (seconds < 90) return `about ${Math.max(Math.ceil(seconds), 1)} s`
  return minutes < 90 ? `about ${Math.round(minutes)} min` : `about ${(minutes / 60).toFixed(1)} h`
}

function whole(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 3 })
}
