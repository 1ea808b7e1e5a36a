// Part of npm run bench: how long a process takes that imports a client, and one that makes a call as well, next to a
// process that does nothing; and how large it gets. The processes take turns, as in overhead.ts, and each is compared
// with the empty one of its own round, so that what slows down a whole round cancels out.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { BARE, CALLERS, OURS, OVER_NODE, serve, titleOf } from './callers.ts'
import type { Caller } from './callers.ts'
import { endProgress, loss, progress, submit } from './report.ts'
import type { Goal } from './report.ts'
import { median, shuffled, uncertainty } from './rounds.ts'

/** How long each is measured. Imports get more, since they differ by less. */
const SECONDS = { import: 50, call: 30 }
const FEWEST_ROUNDS = 5
const MOST_MS = 10
const MOST_OF_FETCH = 0.4
const ONCE = fileURLToPath(new URL('callers/once.js', import.meta.url))

interface Run {
  ms: number
  /** Milliseconds for which processors worked. */
  cpuMs: number
  megabytes: number
}

const EMPTY = 'an empty process'
type Subject = Caller | typeof EMPTY
const SUBJECTS: readonly Subject[] = [EMPTY, ...CALLERS]

/** A run for each round. */
type Runs = ReadonlyMap<Subject, readonly Run[]>

const service = await serve(2)
const imports = await measure('import', [])
const calls = await measure('call', [JSON.stringify(service.setup)])
endProgress()
await service.end()

const start = median(imports.get(EMPTY)?.map(({ ms }) => ms) ?? [])
const ours = extra(imports, OURS)
const isClose = Math.abs(median(ours) - MOST_MS) < uncertainty(ours)

submit({
  tables: [
    {
      title:
        `A process of its own, median of ${ours.length} imports and of ${extra(calls, OURS).length} with a call; an ` +
        `empty one takes ${start.toFixed(0)} ms`,
      columns: ['', 'import', 'import and one call', 'its CPU', 'memory at most'],
      rows: [
        [EMPTY, '—', '—', '—', memoryOf(EMPTY)],
        ...CALLERS.map((caller) => [
          titleOf(caller),
          told(extra(imports, caller)),
          told(extra(calls, caller)),
          told(extra(calls, caller, 'cpuMs')),
          memoryOf(caller),
        ]),
      ],
    },
  ],
  goals: [
    {
      text: `a process that imports it takes at most ${MOST_MS} ms more than an empty one`,
      isMet: median(ours) <= MOST_MS,
      found: `${told(ours)}${isClose ? ', which is too close to be sure' : ''}`,
      why: 'two modules are read and compiled, its own and openapi-fetch',
    },
    firstCall(),
  ],
  losses: [
    ...slowerThan(imports, 'a process that imports it'),
    ...slowerThan(calls, 'a process that makes one call'),
    ...loss(
      `it has ${memoryOf(OURS)} at most`,
      CALLERS.filter((caller) => megabytesOf(caller) < megabytesOf(OURS) - 0.5).map(
        (caller) => `${titleOf(caller)} ${memoryOf(caller)}`,
      ),
    ),
  ],
})

function firstCall(): Goal {
  const share = median(extra(calls, OVER_NODE, 'cpuMs')) / median(extra(calls, BARE, 'cpuMs'))
  return {
    text: `the first call of a process over node:http costs at most ${MOST_OF_FETCH} of the CPU that a bare fetch's does`,
    isMet: share <= MOST_OF_FETCH,
    found: share.toFixed(2),
  }
}

/** Runs all of them in rounds, each with these arguments after its name. */
async function measure(what: keyof typeof SECONDS, args: readonly string[]): Promise<Runs> {
  const runs = new Map<Subject, Run[]>(SUBJECTS.map((subject) => [subject, []]))
  // The first round brings everything into the file cache.
  for (const subject of SUBJECTS) await run(subject, args)
  const started = performance.now()
  const elapsed = (): number => (performance.now() - started) / 1000 / SECONDS[what]
  for (let round = 0; elapsed() < 1 || round < FEWEST_ROUNDS; round++) {
    progress(`startup: ${what}`, Math.min(1, elapsed()))
    for (const subject of shuffled(SUBJECTS)) runs.get(subject)?.push(await run(subject, args))
  }
  return runs
}

async function run(subject: Subject, args: readonly string[]): Promise<Run> {
  const all = subject === EMPTY ? [ONCE] : [ONCE, subject, ...args]
  const started = performance.now()
  const { stdout } = await promisify(execFile)(process.execPath, all)
  const ms = performance.now() - started
  const [kilobytes = NaN, cpuMs = NaN] = stdout.split(' ').map(Number)
  return { ms, cpuMs, megabytes: kilobytes / 1024 }
}

/** What it takes longer than the empty process of the same round, in milliseconds. */
function extra(runs: Runs, subject: Subject, of: 'ms' | 'cpuMs' = 'ms'): number[] {
  const empty = runs.get(EMPTY) ?? []
  return (runs.get(subject) ?? []).map((each, round) => each[of] - (empty[round]?.[of] ?? NaN))
}

function slowerThan(runs: Runs, what: string): string[] {
  const mine = extra(runs, OURS)
  const faster = CALLERS.filter((caller) => median(extra(runs, caller)) < median(mine))
  return loss(
    `${what} takes ${told(mine)}`,
    faster.map((caller) => `${titleOf(caller)} ${told(extra(runs, caller))}`),
  )
}

function megabytesOf(subject: Subject): number {
  return median(calls.get(subject)?.map(({ megabytes }) => megabytes) ?? [])
}

function memoryOf(subject: Subject): string {
  return `${megabytesOf(subject).toFixed(1)} MB`
}

/** The median, and how far it may be off. */
function told(ms: readonly number[]): string {
  const middle = median(ms)
  return `${middle < 0 ? '−' : '+'}${Math.abs(middle).toFixed(1)} ms ± ${uncertainty(ms).toFixed(1)}`
}
