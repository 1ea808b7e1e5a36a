// Part of npm run bench: the CPU time of a call. Each caller has a process of its own, as it has in a program: where
// they take turns in one, as in overhead.ts, all of them pay for the code that the others drove out of the processor.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { BARE, FLOOR, OURS, OVER_NODE, serve, titleOf } from './callers.ts'
import type { Caller } from './callers.ts'
import { endProgress, progress, submit } from './report.ts'
import { median, shuffled } from './rounds.ts'

const OFTEN = fileURLToPath(new URL('callers/often.js', import.meta.url))
const ROUNDS = 3
const MEASURED: readonly Caller[] = [BARE, 'fetch-with-time-out', OURS, OVER_NODE, FLOOR, 'undici']
/**
 * How much of a bare fetch's CPU a call over node:http may cost. The calls are so many that the compiling of code, which a
 * process does once, weighs little.
 */
const CASES = [
  { title: '10 documents', documents: 10, atOnce: 1, calls: 6000, most: 0.5 },
  { title: '100 documents', documents: 100, atOnce: 1, calls: 3000, most: 0.6 },
  { title: '1,000 documents', documents: 1000, atOnce: 1, calls: 800, most: 0.85 },
  { title: '10 documents, 64 at once', documents: 10, atOnce: 64, calls: 10_000, most: 0.5 },
]

const found: { title: string; most: number; micros: ReadonlyMap<Caller, number> }[] = []
for (const each of CASES) found.push({ ...each, micros: await measure(each) })
endProgress()

submit({
  tables: [
    {
      title: `CPU time of a call, each caller in a process of its own; medians of ${ROUNDS} processes`,
      columns: ['', ...found.map(({ title }) => title)],
      rows: MEASURED.map((caller) => [titleOf(caller), ...found.map(({ micros }) => told(micros, caller))]),
    },
  ],
  goals: [
    {
      text: `over node:http a call costs at most ${CASES.map(({ most }) => most).join(', ')} × the CPU of a bare fetch`,
      isMet: found.every(({ micros, most }) => ratio(micros, OVER_NODE) <= most),
      found: found
        .map(({ title, micros }) => `${ratio(micros, OVER_NODE).toFixed(2)} × at ${title}`)
        .join('; '),
      why: 'node:http and JSON alone are the floor; a time-out and what is checked come on top',
    },
  ],
  losses: [],
})

async function measure({
  title,
  documents,
  atOnce,
  calls,
}: (typeof CASES)[number]): Promise<Map<Caller, number>> {
  const service = await serve(documents)
  const rounds = new Map<Caller, number[]>(MEASURED.map((caller) => [caller, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [place, caller] of shuffled(MEASURED).entries()) {
      progress(`cpu: ${title}`, (round + place / MEASURED.length) / ROUNDS)
      rounds.get(caller)?.push(await microsOf({ caller, setup: service.setup, documents, atOnce, calls }))
    }
  }
  await service.end()
  return new Map([...rounds].map(([caller, micros]) => [caller, median(micros)]))
}

async function microsOf(task: object): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [OFTEN, JSON.stringify(task)])
  return Number(stdout)
}

function told(micros: ReadonlyMap<Caller, number>, caller: Caller): string {
  return `${Math.round(micros.get(caller) ?? NaN).toLocaleString('en')} µs, ${ratio(micros, caller).toFixed(2)} ×`
}

function ratio(micros: ReadonlyMap<Caller, number>, caller: Caller): number {
  return (micros.get(caller) ?? NaN) / (micros.get(BARE) ?? NaN)
}
