// Part of npm run bench: how long a process takes that imports a client, and one that makes a call as well, next to a
// process that does nothing; and how large it gets. The processes take turns, as in overhead.ts.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CALLERS, OURS, serve, titleOf } from './callers.ts'
import type { Caller } from './callers.ts'
import { endProgress, loss, median, progress, submit } from './report.ts'

const ROUNDS = 11
const MOST_MS = 10
const ONCE = fileURLToPath(new URL('callers/once.js', import.meta.url))

interface Run {
  ms: number
  megabytes: number
}

const EMPTY = 'an empty process'
type Subject = Caller | typeof EMPTY
const SUBJECTS: readonly Subject[] = [EMPTY, ...CALLERS]

const service = await serve(2)
const imports = new Map<Subject, Run[]>(SUBJECTS.map((subject) => [subject, []]))
const calls = new Map<Subject, Run[]>(SUBJECTS.map((subject) => [subject, []]))
for (let round = 0; round <= ROUNDS; round++) {
  progress('startup', round / (ROUNDS + 1))
  for (const subject of SUBJECTS) {
    const args = subject === EMPTY ? [] : [subject]
    const imported = await run(args)
    const called = await run([...args, JSON.stringify(service.setup)].slice(subject === EMPTY ? 1 : 0))
    // The first round brings everything into the file cache.
    if (round === 0) continue
    imports.get(subject)?.push(imported)
    calls.get(subject)?.push(called)
  }
}
endProgress()
await service.end()

const start = msOf(imports, EMPTY)
const ours = msOf(imports, OURS) - start

submit({
  tables: [
    {
      title: `A process of its own, median of ${ROUNDS}; an empty one takes ${start.toFixed(0)} ms`,
      columns: ['', 'import', 'import and one call', 'memory at most'],
      rows: SUBJECTS.map((subject) => [
        subject === EMPTY ? EMPTY : titleOf(subject),
        plus(msOf(imports, subject) - start),
        callOf(subject),
        memoryOf(subject),
      ]),
    },
  ],
  goals: [
    {
      text: `a process that imports it takes at most ${MOST_MS} ms more than an empty one`,
      isMet: ours <= MOST_MS,
      found: plus(ours),
      why: 'two modules are read and compiled, its own and openapi-fetch',
    },
  ],
  losses: [
    ...loss(
      `a process that makes one call takes ${callOf(OURS)}`,
      CALLERS.filter((caller) => msOf(calls, caller) < msOf(calls, OURS) - 1).map(
        (caller) => `${titleOf(caller)} ${callOf(caller)}`,
      ),
    ),
    ...loss(
      `it has ${memoryOf(OURS)} at most`,
      CALLERS.filter((caller) => megabytesOf(caller) < megabytesOf(OURS) - 0.5).map(
        (caller) => `${titleOf(caller)} ${memoryOf(caller)}`,
      ),
    ),
  ],
})

async function run(args: readonly string[]): Promise<Run> {
  const started = performance.now()
  const { stdout } = await promisify(execFile)(process.execPath, [ONCE, ...args])
  return { ms: performance.now() - started, megabytes: Number(stdout) / 1024 }
}

function msOf(runs: ReadonlyMap<Subject, Run[]>, subject: Subject): number {
  return median((runs.get(subject) ?? []).map(({ ms }) => ms))
}

function megabytesOf(subject: Subject): number {
  return median((calls.get(subject) ?? []).map(({ megabytes }) => megabytes))
}

function callOf(subject: Subject): string {
  return plus(msOf(calls, subject) - start)
}

function memoryOf(subject: Subject): string {
  return `${megabytesOf(subject).toFixed(1)} MB`
}

function plus(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(1)} ms`
}
