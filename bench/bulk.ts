// Part of npm run bench: 2,000 jobs against a server that admits so many requests a second and refuses the rest,
// as rankMany sends them, and as a plain Promise.all with retries does; and jobs against one with the headers of Token
// Factory. Over real sockets, and the server is a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRerankClient } from 'nebius-rerank'
import { rankMany } from 'nebius-rerank/bulk'
import { submit } from './report.ts'
import type { LimitedService } from './limited-server.ts'
import type { Goal } from './report.ts'

const JOBS = 2000

interface Case {
  name: string
  service: LimitedService
  jobs: number
}

interface Tally {
  admitted: number
  /** How many it could have admitted in that time, those included that it had room for when it began. */
  admissible: number
  different: number
  rateLimited: number
  /** From the first request to the last. */
  seconds: number
}

interface Result extends Tally {
  jobs: number
  /** Jobs without an outcome. */
  failed: number
}

const jobsOf = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, query: String(id), documents: ['a', 'b', 'c'] }))

interface Aim {
  text: string
  isReached: (result: Result) => boolean
  found: (result: Result) => string
  why?: string
}

const AIMS: readonly Aim[] = [
  {
    text: 'rankMany gets through nine tenths of what a rate limit admits',
    isReached: (result) => shareOf(result) >= 0.9,
    found: (result) => percent(shareOf(result)),
    why: 'a wait that the service names is waited in full, and not all that its bucket gains meanwhile can be spent',
  },
  {
    text: 'fewer than one in twenty of its requests are rate-limited there',
    isReached: (result) => rateLimitedOf(result) < 0.05,
    found: (result) => percent(rateLimitedOf(result)),
    why: 'a limit that is not stated can only be found by exceeding it',
  },
  {
    text: 'none of its jobs is lost there',
    isReached: (result) => lostOf(result) === 0,
    found: (result) => String(lostOf(result)),
  },
  {
    text: 'none of them is admitted twice',
    isReached: ({ admitted, different }) => admitted === different,
    found: ({ admitted, different }) => String(admitted - different),
  },
]

// A limit that this machine can reach with ease, whatever else it is doing; which also warms everything up.
const ANY = { name: '', service: { unstated: { perSecond: 1e6, capacity: 1e6 } }, jobs: JOBS }
const unlimited = await measure(ANY, rankThem)
const perSecond = Math.min(500, Math.floor(JOBS / unlimited.seconds / 3))
const unstated = (capacity: number, wording: 'seconds' | 'milliseconds' | 'nothing'): Case => ({
  name: `${perSecond} a second, ${capacity} at once, a 429 names ${wording}`,
  service: { unstated: { perSecond, capacity, wording } },
  jobs: JOBS,
})
const nebius = (limit: number, level: number, jobs: number): Case => ({
  name: `headers of Token Factory, ${limit} a minute of which ${level} remain, ${jobs} jobs`,
  service: { nebius: { limit, periodMs: 60_000, level } },
  jobs,
})
const CASES: readonly Case[] = [
  unstated(perSecond, 'seconds'),
  unstated(perSecond, 'nothing'),
  unstated(perSecond / 10, 'milliseconds'),
  unstated(perSecond / 10, 'nothing'),
  nebius(1200, 1200, 1500),
  nebius(1200, 0, 300),
  nebius(600, 30, 150),
]

const results: Result[] = []
for (const each of CASES) {
  console.log(
    each.name.padEnd(64),
    ['a second', 'share', 'limited', 'failed', 'twice', 'time'].map((title) => title.padStart(9)).join(''),
  )
  const ours = await measure(each, rankThem)
  report('rankMany', ours)
  results.push(ours)
  if ('unstated' in each.service) report('Promise.all, 10 retries', await measure(each, callThemAll))
  console.log()
}

submit({ goals: AIMS.map(goalOf) })

/** Reached if it is under each limit. */
function goalOf({ isReached, found, ...told }: Aim): Goal {
  return { ...told, isMet: results.every(isReached), found: results.map(found).join(', ') }
}

/** Both send all jobs, and say how many of them failed. */
async function rankThem(baseUrl: string, count: number): Promise<number> {
  const client = createRerankClient({ baseUrl, apiKey: null })
  const done = new Set<number>()
  for await (const { job, error } of rankMany(client, jobsOf(count), { concurrency: 64 })) {
    if (!error) done.add(job.id)
  }
  return count - done.size
}

async function callThemAll(baseUrl: string, count: number): Promise<number> {
  const client = createRerankClient({ baseUrl, apiKey: null, maxRetries: 10 })
  const calls = jobsOf(count).map(({ query, documents }) => client.rank(query, documents))
  const all = await Promise.allSettled(calls)
  return all.filter(({ status }) => status === 'rejected').length
}

async function measure(
  { service, jobs }: Case,
  call: (baseUrl: string, count: number) => Promise<number>,
): Promise<Result> {
  const path = fileURLToPath(new URL('limited-server.ts', import.meta.url))
  const server = spawn(process.execPath, [...process.execArgv, path, JSON.stringify(service)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  const port = (await lines.next()) as { value: string }
  const failed = await call(`http://127.0.0.1:${port.value}`, jobs)
  server.stdin.end()
  const told = (await lines.next()) as { value: string }
  await once(server, 'exit')
  return { ...(JSON.parse(told.value) as Tally), jobs, failed }
}

/** How much was admitted of what could have been. */
function shareOf({ admitted, admissible }: Tally): number {
  return admitted / admissible
}

/** The share of what was sent that was rate-limited. */
function rateLimitedOf({ rateLimited, admitted }: Tally): number {
  return rateLimited / (rateLimited + admitted)
}

/** The number of jobs without an outcome. */
function lostOf({ jobs, failed, different }: Result): number {
  return Math.max(failed, jobs - different)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

function report(name: string, result: Result): void {
  const { admitted, different, failed, seconds } = result
  const cells = [
    (admitted / seconds).toFixed(0),
    percent(shareOf(result)),
    percent(rateLimitedOf(result)),
    String(failed),
    String(admitted - different),
    `${seconds.toFixed(1)} s`,
  ]
  console.log(`  ${name}`.padEnd(64), cells.map((cell) => cell.padStart(9)).join(''))
}
