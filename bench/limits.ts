// Part of npm run bench: jobs against services with limits of every kind, in virtual time, each with twenty latencies and
// chances: how much of what a service could have admitted was, how much was rate-limited, and how many jobs were lost.
// test/bulk asserts the bounds.
import { SCENARIOS } from '../test/bulk/scenarios.ts'
import { simulate } from '../test/bulk/simulation.ts'
import type { Report } from '../test/bulk/simulation.ts'
import { submit } from './report.ts'

const SEEDS = Array.from({ length: 20 }, (_, at) => at + 1)
const COLUMNS = [
  'service',
  'worst share',
  'share',
  'most limited',
  'lost',
  'longest',
  'plain retries: lost',
  'longest',
]

const rows: string[][] = []
for (const { name, service, isCompared, beside, ...how } of SCENARIOS.filter(({ name }) =>
  name.includes(process.argv[2] ?? ''),
)) {
  const runs = async (plain: boolean): Promise<Report[]> => {
    const reports: Report[] = []
    for (const seed of SEEDS) reports.push(await simulate(service, { ...how, seed, plain }))
    return reports
  }
  const ours = await runs(false)
  // 429s by chance use up retries at any rate, so what is lost by that is lost by plain retries as well.
  const plain = isCompared || beside ? await runs(true) : []
  const lost = (reports: readonly Report[]): string =>
    String(reports.reduce((sum, { lost }) => sum + lost, 0))
  const longest = (reports: readonly Report[]): string =>
    `${Math.max(...reports.map(({ seconds }) => seconds)).toFixed(1)} s`
  const shares = ours.map(({ share }) => share)
  const isLimited = Math.max(...shares) > 0.01
  rows.push([
    name,
    isLimited ? percent(Math.min(...shares)) : '–',
    isLimited ? percent(shares.reduce((sum, share) => sum + share, 0) / shares.length) : '–',
    percent(Math.max(...ours.map(({ rateLimited }) => rateLimited))),
    lost(ours),
    longest(ours),
    plain.length > 0 ? lost(plain) : '–',
    plain.length > 0 ? longest(plain) : '–',
  ])
}

submit({ tables: [{ title: 'Twenty runs each, in virtual time', columns: COLUMNS, rows }] })

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}
