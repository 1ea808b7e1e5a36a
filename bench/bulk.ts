// Part of npm run bench: 2,000 jobs against a server that admits so many requests a second and refuses the rest,
// as rankMany sends them, and as a plain Promise.all with retries does. The server is a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRerankClient } from 'nebius-rerank'
import { rankMany } from 'nebius-rerank/bulk'
import { submit } from './report.ts'
import type { Goal } from './report.ts'

const JOBS = 2000

interface Service {
  perSecond: number
  capacity: number
  wording: 'seconds' | 'milliseconds' | 'nothing'
}

interface Tally {
  admitted: number
  /** How many it could have admitted in that time, those included that it had room for when it began. */
  admissible: number
  different: number
  refused: number
  /** From the first request to the last. */
  seconds: number
}

interface Result extends Tally {
  /** How many jobs have no answer. */
  failed: number
}

const jobs = Array.from({ length: JOBS }, (_, id) => ({ id, query: String(id), documents: ['a', 'b', 'c'] }))

interface Aim {
  text: string
  isReached: (result: Result) => boolean
  found: (result: Result) => string
  why?: string
}

const AIMS: readonly Aim[] = [
  {
    text: 'rankMany gets through nine tenths of what a rate limit admits that it is not told',
    isReached: (result) => shareOf(result) >= 0.9,
    found: (result) => percent(shareOf(result)),
    why: 'a wait that the service names is waited in full, and what its bucket gains meanwhile is not spent in a burst',
  },
  {
    text: 'fewer than one in ten of its requests are refused there',
    isReached: (result) => refusedOf(result) < 0.1,
    found: (result) => percent(refusedOf(result)),
  },
  {
    text: `none of its ${JOBS.toLocaleString('en')} jobs is lost there`,
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
const unlimited = await measure({ perSecond: 1e6, capacity: 1e6, wording: 'nothing' }, rankThem)
const perSecond = Math.min(500, Math.floor(JOBS / unlimited.seconds / 3))
const SERVICES: readonly Service[] = [
  { perSecond, capacity: perSecond, wording: 'seconds' },
  { perSecond, capacity: perSecond, wording: 'nothing' },
  { perSecond, capacity: perSecond / 10, wording: 'milliseconds' },
  { perSecond, capacity: perSecond / 10, wording: 'nothing' },
]

const results: Result[] = []
for (const service of SERVICES) {
  console.log(
    `${perSecond} a second, ${service.capacity} at once, a 429 names ${service.wording}`.padEnd(60),
    ['a second', 'share', 'refused', 'failed', 'twice', 'time'].map((title) => title.padStart(9)).join(''),
  )
  const ours = await measure(service, rankThem)
  report('rankMany', ours)
  results.push(ours)
  report('Promise.all, 10 retries', await measure(service, callThemAll))
  console.log()
}

submit({ goals: AIMS.map(goalOf) })

/** Reached if it is under each limit. */
function goalOf({ isReached, found, ...told }: Aim): Goal {
  return { ...told, isMet: results.every(isReached), found: results.map(found).join(', ') }
}

/** Both send all jobs, and say how many of them failed. */
async function rankThem(baseUrl: string): Promise<number> {
  const client = createRerankClient({ baseUrl, apiKey: null })
  const answered = new Set<number>()
  for await (const { job, error } of rankMany(client, jobs, { concurrency: 64 })) {
    if (!error) answered.add(job.id)
  }
  return JOBS - answered.size
}

async function callThemAll(baseUrl: string): Promise<number> {
  const client = createRerankClient({ baseUrl, apiKey: null, maxRetries: 10 })
  const all = await Promise.allSettled(jobs.map(({ query, documents }) => client.rank(query, documents)))
  return all.filter(({ status }) => status === 'rejected').length
}

async function measure(service: Service, call: (baseUrl: string) => Promise<number>): Promise<Result> {
  const path = fileURLToPath(new URL('limited-server.ts', import.meta.url))
  const server = spawn(process.execPath, [...process.execArgv, path, JSON.stringify(service)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  const port = (await lines.next()) as { value: string }
  const failed = await call(`http://127.0.0.1:${port.value}`)
  server.stdin.end()
  const told = (await lines.next()) as { value: string }
  await once(server, 'exit')
  return { ...(JSON.parse(told.value) as Tally), failed }
}

/** How much was admitted of what could have been. */
function shareOf({ admitted, admissible }: Tally): number {
  return admitted / admissible
}

/** How much of what was sent was refused. */
function refusedOf({ refused, admitted }: Tally): number {
  return refused / (refused + admitted)
}

/** How many jobs have no answer, or never got to where one is made. */
function lostOf({ failed, different }: Result): number {
  return Math.max(failed, JOBS - different)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

function report(name: string, result: Result): void {
  const { admitted, different, failed, seconds } = result
  const cells = [
    (admitted / seconds).toFixed(0),
    percent(shareOf(result)),
    percent(refusedOf(result)),
    String(failed),
    String(admitted - different),
    `${seconds.toFixed(1)} s`,
  ]
  console.log(`  ${name}`.padEnd(60), cells.map((cell) => cell.padStart(9)).join(''))
}
