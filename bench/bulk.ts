// Part of npm run bench: 2,000 jobs against a server that admits so many requests a second and refuses the rest,
// as rankMany sends them, and as a plain Promise.all with retries does. The server is a process of its own. It fails
// unless rankMany reaches all of GOALS.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRerankClient } from 'nebius-rerank'
import { rankMany } from 'nebius-rerank/bulk'
import { submit } from './report.ts'

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
  /** How many jobs failed. */
  failed: number
}

const jobs = Array.from({ length: JOBS }, (_, id) => ({ id, query: String(id), documents: ['a', 'b', 'c'] }))

const GOALS: Record<string, (result: Result) => boolean> = {
  'nine tenths of what is admissible': (result) => shareOf(result) >= 0.9,
  'fewer than one in ten refused': ({ refused, admitted }) => refused < 0.1 * (refused + admitted),
  'nothing lost': ({ failed, different }) => failed === 0 && different === JOBS,
  'nothing doubled': ({ admitted, different }) => admitted === different,
}

// A limit that this machine can reach with ease, whatever else it is doing; which also warms everything up.
const unlimited = await measure({ perSecond: 1e6, capacity: 1e6, wording: 'nothing' }, rankThem)
const perSecond = Math.min(500, Math.floor(JOBS / unlimited.seconds / 3))
const SERVICES: readonly Service[] = [
  { perSecond, capacity: perSecond, wording: 'seconds' },
  { perSecond, capacity: perSecond, wording: 'nothing' },
  { perSecond, capacity: perSecond / 10, wording: 'milliseconds' },
  { perSecond, capacity: perSecond / 10, wording: 'nothing' },
]

const shares: number[] = []
for (const service of SERVICES) {
  console.log(
    `${perSecond} a second, ${service.capacity} at once, a 429 names ${service.wording}`.padEnd(60),
    ['a second', 'share', 'refused', 'failed', 'twice', 'time'].map((title) => title.padStart(9)).join(''),
  )
  const ours = await measure(service, rankThem)
  report('rankMany', ours)
  shares.push(shareOf(ours))
  report('Promise.all, 10 retries', await measure(service, callThemAll))
  console.log()
  const missed = Object.entries(GOALS).filter(([, isReached]) => !isReached(ours))
  for (const [goal] of missed) console.error(`rankMany missed its goal: ${goal}`)
  if (missed.length > 0) process.exitCode = 1
}

submit({
  goals: [
    {
      text: 'rankMany gets through nine tenths of what a rate limit admits that it is not told',
      isMet: shares.every((share) => share >= 0.9),
      found: shares.map(percent).join(', '),
      why: 'a refusal halves what is under way, and the rate is tried upwards from there',
    },
  ],
})

/** Both send all jobs, and say how many of them failed. */
async function rankThem(baseUrl: string): Promise<number> {
  const client = createRerankClient({ baseUrl, apiKey: null })
  let failed = 0
  for await (const { error } of rankMany(client, jobs, { concurrency: 64 })) if (error) failed += 1
  return failed
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

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

function report(name: string, result: Result): void {
  const { admitted, different, refused, failed, seconds } = result
  const cells = [
    (admitted / seconds).toFixed(0),
    percent(shareOf(result)),
    percent(refused / (refused + admitted)),
    String(failed),
    String(admitted - different),
    `${seconds.toFixed(1)} s`,
  ]
  console.log(`  ${name}`.padEnd(60), cells.map((cell) => cell.padStart(9)).join(''))
}
