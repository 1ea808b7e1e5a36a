// Part of npm run bench: 1, 4 and 16 processes of rankMany against one limit of 100 a second, each with a rate limiter of its
// own, or with one that they share by way of Redis, which is told the limit or learns it; and single calls beside them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { install } from '../scripts/check/programs.ts'
import { startRedisServer } from '../test/helpers/redis-server.ts'
import type { LimitedService } from './limited-server.ts'
import type { Done, Task } from './processes-child.ts'
import { endProgress, progress, submit } from './report.ts'
import type { Goal } from './report.ts'

const PER_SECOND = 100
const SERVICES = [
  { capacity: 100, wording: 'nothing' },
  { capacity: 100, wording: 'seconds' },
  { capacity: 10, wording: 'nothing' },
  { capacity: 10, wording: 'milliseconds' },
] as const
type Service = (typeof SERVICES)[number]
const KINDS = ['separate', 'shared, learned', 'shared, told'] as const
type Kind = (typeof KINDS)[number]
/** Rates that are learned have to be found first. */
const SECONDS: Readonly<Record<Kind, number>> = { separate: 4, 'shared, learned': 9, 'shared, told': 5 }
const WEB_SECONDS = 8
const COLUMNS = [
  'service',
  'processes',
  'limit',
  'of what was admissible',
  'of the rate',
  'rate-limited',
  'failed',
  'twice',
  'round trips per job',
]

/** What came of the processes, and of the service. */
interface Measured {
  share: number
  ofRate: number
  rateLimited: number
  failed: number
  twice: number
  roundTrips: number
  waits: number[]
}

const [only = '', counts = '1,4,16', kinds = KINDS.join('|')] = process.argv.slice(2)
const cases = SERVICES.flatMap((service) =>
  counts.split(',').flatMap((count) => KINDS.map((kind) => ({ service, count: Number(count), kind }))),
).filter(({ service, kind }) => nameOf(service).includes(only) && kinds.split('|').includes(kind))

await install('test/queues')
await using redis = await startRedisServer().then((server) => ({
  ...server,
  [Symbol.asyncDispose]: () => server.stop(),
}))
const children = Array.from({ length: Math.max(4, ...cases.map(({ count }) => count)) }, () =>
  start('processes-child.ts'),
)
const all: { service: Service; count: number; kind: Kind; found: Measured }[] = []
for (const [at, each] of cases.entries()) {
  progress(`${nameOf(each.service)}, ${each.count} processes, ${each.kind}`, at / cases.length)
  const { service, count, kind } = each
  const task = {
    seconds: SECONDS[kind],
    ...(kind !== 'separate' && { redisUrl: redis.url }),
    ...(kind === 'shared, told' && { requestsPerMinute: PER_SECOND * 60 }),
  }
  all.push({ ...each, found: await measure(service, Array<typeof task>(count).fill(task)) })
}
const shared = { seconds: WEB_SECONDS, redisUrl: redis.url, requestsPerMinute: PER_SECOND * 60 }
const beside = await measure(SERVICES[0], [{ ...shared, isWeb: true }, shared, shared, shared])
endProgress()
for (const child of children) child.end()
submit({
  tables: [
    {
      title: 'One limit of 100 a second',
      columns: COLUMNS,
      rows: all.map(({ service, count, kind, found }) => [
        nameOf(service),
        String(count),
        kind,
        percent(found.share),
        percent(found.ofRate),
        percent(found.rateLimited),
        String(found.failed),
        String(found.twice),
        kind === 'separate' ? '–' : found.roundTrips.toFixed(2),
      ]),
    },
    {
      title:
        'Single calls of a web server beside three processes of rankMany, by one rate limiter that is told the limit',
      columns: ['single calls', 'median', 'slowest', 'of the rate', 'rate-limited'],
      rows: [
        [
          String(beside.waits.length),
          `${median(beside.waits).toFixed(0)} ms`,
          `${Math.max(...beside.waits).toFixed(0)} ms`,
          percent(beside.ofRate),
          percent(beside.rateLimited),
        ],
      ],
    },
  ],
  goals: goals(),
})

function goals(): Goal[] {
  const of = (kind: Kind, count: number): Measured[] =>
    all.filter((each) => each.kind === kind && each.count === count).map(({ found }) => found)
  const goal = (
    text: string,
    values: readonly number[],
    most: number,
    unit: (value: number) => string,
  ): Goal[] => {
    const worst = Math.max(...values)
    if (values.length === 0) return []
    return [{ text, isMet: worst <= most, found: `${unit(Math.abs(worst))} at worst` }]
  }
  const [learned, told] = [of('shared, learned', 16), of('shared, told', 16)]
  const roundTrips = (found: readonly Measured[]): number[] => found.map((each) => each.roundTrips)
  return [
    ...goal(
      '16 processes that learn a limit use 90% of what it admits',
      learned.map(({ share }) => -share),
      -0.9,
      percent,
    ),
    ...goal(
      'at most 10% of the requests of 16 processes that learn a limit are rate-limited',
      learned.map(({ rateLimited }) => rateLimited),
      0.1,
      percent,
    ),
    ...goal(
      '16 processes that are given a rate use 97% of it',
      told.map(({ ofRate }) => -ofRate),
      -0.97,
      percent,
    ),
    ...goal(
      'at most 1% of the requests of 16 processes that are given a rate are rate-limited',
      told.map(({ rateLimited }) => rateLimited),
      0.01,
      percent,
    ),
    ...goal(
      'nothing fails, and nothing is admitted twice',
      all.map(({ found }) => found.failed + found.twice),
      0,
      String,
    ),
    ...goal(
      '16 processes make 2.5 round trips to Redis per job',
      roundTrips([...learned, ...told]),
      2.5,
      (value) => value.toFixed(2),
    ),
    ...goal(
      '4 processes make one round trip to Redis per job',
      roundTrips([...of('shared, learned', 4), ...of('shared, told', 4)]),
      1,
      (value) => value.toFixed(2),
    ),
    ...goal(
      'single calls beside three bulk runs take 300 ms at the median',
      [median(beside.waits)],
      300,
      (value) => `${value.toFixed(0)} ms`,
    ),
  ]
}

/** Has processes do a task each, against a service of their own. */
async function measure(
  service: Service,
  tasks: readonly Omit<Task, 'baseUrl' | 'name'>[],
): Promise<Measured> {
  const server = start('limited-server.ts', {
    unstated: { perSecond: PER_SECOND, ...service },
  } satisfies LimitedService)
  const baseUrl = `http://127.0.0.1:${await server.line()}`
  const busy = tasks.map((task, at) => {
    const child = children[at] ?? start('processes-child.ts')
    child.write(`${JSON.stringify({ ...task, baseUrl, name: String(at) } satisfies Task)}\n`)
    return child
  })
  for (const child of busy) await child.line()
  for (const child of busy) child.write('go\n')
  const done: Done[] = []
  for (const child of busy) done.push(JSON.parse(await child.line()) as Done)
  server.end()
  const told = JSON.parse(await server.line()) as Record<
    'admitted' | 'admissible' | 'different' | 'rateLimited' | 'seconds',
    number
  >
  const flushed = once(
    spawn('redis-cli', ['-p', String(redis.port), 'flushall'], { stdio: 'ignore' }),
    'exit',
  )
  await flushed
  const sum = (of: (done: Done) => number): number => done.reduce((n, each) => n + of(each), 0)
  return {
    share: told.admitted / told.admissible,
    ofRate: told.admitted / (PER_SECOND * told.seconds),
    rateLimited: told.rateLimited / (told.rateLimited + told.admitted),
    failed: sum(({ failed }) => failed) + Math.abs(told.different - sum(({ ranked }) => ranked)),
    twice: told.admitted - told.different,
    roundTrips: sum(({ roundTrips }) => roundTrips) / told.admitted,
    waits: done.flatMap(({ waits }) => waits),
  }
}

/** Starts a script in a process of its own. */
function start(script: string, task: object = {}) {
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

function nameOf({ capacity, wording }: Service): string {
  return `${capacity} at once, a 429 names ${wording}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
