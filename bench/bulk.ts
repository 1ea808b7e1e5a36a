// Part of npm run bench: 2,000 jobs against a server that admits so many requests a second and refuses the rest,
// as rankMany sends them, and as a plain Promise.all with retries does. The server is a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRerankClient } from 'nebius-rerank'
import { rankMany } from 'nebius-rerank/bulk'

const JOBS = 2000
const SERVICES = [
  { perSecond: 500, capacity: 500, wording: 'seconds' },
  { perSecond: 500, capacity: 500, wording: 'nothing' },
  { perSecond: 500, capacity: 50, wording: 'milliseconds' },
  { perSecond: 500, capacity: 50, wording: 'nothing' },
]

interface Tally {
  admitted: number
  different: number
  refused: number
}

const jobs = Array.from({ length: JOBS }, (_, id) => ({ id, query: String(id), documents: ['a', 'b', 'c'] }))

/** Each sends all jobs and says how many of them failed. */
const CALLERS: Record<string, (baseUrl: string) => Promise<number>> = {
  async rankMany(baseUrl) {
    let failed = 0
    for await (const { error } of rankMany(createRerankClient({ baseUrl, apiKey: null }), jobs, {
      concurrency: 64,
    }))
      if (error) failed += 1
    return failed
  },
  async 'Promise.all, 10 retries'(baseUrl) {
    const client = createRerankClient({ baseUrl, apiKey: null, maxRetries: 10 })
    const all = await Promise.allSettled(jobs.map(({ query, documents }) => client.rank(query, documents)))
    return all.filter(({ status }) => status === 'rejected').length
  },
}

for (const service of SERVICES) {
  console.log(
    `${service.perSecond} a second, ${service.capacity} at once, a 429 names ${service.wording}`.padEnd(60),
    ['a second', 'refused', 'failed', 'twice', 'time'].map((title) => title.padStart(9)).join(''),
  )
  for (const [name, call] of Object.entries(CALLERS)) await measure(name, service, call)
  console.log()
}

async function measure(
  name: string,
  service: (typeof SERVICES)[number],
  call: (baseUrl: string) => Promise<number>,
): Promise<void> {
  const path = fileURLToPath(new URL('limited-server.ts', import.meta.url))
  const server = spawn(process.execPath, [...process.execArgv, path, JSON.stringify(service)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  const port = (await lines.next()) as { value: string }
  const started = performance.now()
  const failed = await call(`http://127.0.0.1:${port.value}`)
  const seconds = (performance.now() - started) / 1000
  server.stdin.end()
  const told = (await lines.next()) as { value: string }
  const { admitted, different, refused } = JSON.parse(told.value) as Tally
  await once(server, 'exit')
  const cells = [
    (admitted / seconds).toFixed(0),
    `${((refused / (refused + admitted)) * 100).toFixed(1)}%`,
    String(failed),
    String(admitted - different),
    `${seconds.toFixed(1)} s`,
  ]
  console.log(`  ${name}`.padEnd(60), cells.map((cell) => cell.padStart(9)).join(''))
}
