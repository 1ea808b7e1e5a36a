// Part of npm run bench: 1, 4 and 16 processes of rankMany against one limit of 100 a second, each with a rate limiter of its
// own, or with one that they share by way of Redis, which is told the limit or learns it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startRedisServer } from '../test/helpers/redis-server.ts'
import type { Done, Task } from './processes-child.ts'
import { submit } from './report.ts'

const PER_SECOND = 100
const JOBS = 1500
const SERVICES = [
  { capacity: 100, wording: 'nothing' },
  { capacity: 100, wording: 'seconds' },
  { capacity: 10, wording: 'nothing' },
  { capacity: 10, wording: 'milliseconds' },
] as const
const KINDS = ['separate', 'shared, learned', 'shared, told'] as const
const COLUMNS = [
  'service',
  'processes',
  'limit',
  'share',
  'refused',
  'failed',
  'twice',
  'round trips a job',
  'time',
]

const [only = '', counts = '1,4,16', kinds = KINDS.join('|')] = process.argv.slice(2)
const rows: string[][] = []
await using redis = await startRedis()
for (const service of SERVICES) {
  const name = `${service.capacity} at once, a 429 names ${service.wording}`
  for (const processes of counts.split(',').map(Number)) {
    for (const kind of KINDS) {
      if (!name.includes(only) || !kinds.split('|').includes(kind)) continue
      rows.push([name, String(processes), kind, ...(await measure(service, processes, kind))])
      process.stderr.write(`${rows.at(-1)?.join('  ') ?? ''}\n`)
    }
  }
}
submit({ tables: [{ title: 'One limit of 100 a second', columns: COLUMNS, rows }] })

async function measure(
  service: (typeof SERVICES)[number],
  processes: number,
  kind: (typeof KINDS)[number],
): Promise<string[]> {
  const server = start('limited-server.ts', { perSecond: PER_SECOND, ...service })
  const baseUrl = `http://127.0.0.1:${await server.line()}`
  const ids = Array.from({ length: JOBS }, (_, id) => id)
  const children = Array.from({ length: processes }, (_, at) => {
    const task: Task = {
      baseUrl,
      jobs: ids.filter((id) => id % processes === at),
      ...(kind !== 'separate' && { redisUrl: redis.url }),
      ...(kind === 'shared, told' && { requestsPerMinute: PER_SECOND * 60 }),
    }
    return start('processes-child.ts', task)
  })
  for (const child of children) await child.line()
  for (const child of children) child.write('go\n')
  const all: Done[] = []
  for (const child of children) all.push(JSON.parse(await child.line()) as Done)
  server.end()
  const { admitted, admissible, different, refused, seconds } = JSON.parse(await server.line()) as Record<
    string,
    number
  >
  await redis.flush()
  const sum = (of: (done: Done) => number): number => all.reduce((n, done) => n + of(done), 0)
  const percent = (share: number): string => `${(share * 100).toFixed(1)}%`
  return [
    percent((admitted ?? 0) / (admissible ?? 1)),
    percent((refused ?? 0) / ((refused ?? 0) + (admitted ?? 0))),
    String(sum(({ failed }) => failed)),
    String((admitted ?? 0) - (different ?? 0)),
    kind === 'separate' ? '–' : (sum(({ roundTrips }) => roundTrips) / JOBS).toFixed(2),
    `${(seconds ?? 0).toFixed(1)} s`,
  ]
}

/** Starts a script in a process of its own. */
function start(script: string, task: object) {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [...process.execArgv, path, JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    line: async (): Promise<string> => ((await lines.next()) as { value: string }).value,
    write: (text: string) => void child.stdin.write(text),
    end: () => void child.stdin.end(),
  }
}

async function startRedis() {
  const server = await startRedisServer()
  return {
    url: server.url,
    async flush() {
      const child = spawn('redis-cli', ['-p', String(server.port), 'flushall'], { stdio: 'ignore' })
      await once(child, 'exit')
    },
    [Symbol.asyncDispose]: () => server.stop(),
  }
}
