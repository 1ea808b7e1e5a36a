// npm run bench [-- PART...]: runs the parts, all of them unless some are named, and writes RESULTS.md when it ran all
// of them for as long as they are meant to run.
// It fails if a part could not be run, and not for a goal that is missed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { install } from '../scripts/check/programs.ts'
import { PARTS } from './parts.ts'
import type { Report } from './report.ts'
import { commit, machine, render } from './results.ts'
import type { Outcome } from './results.ts'
import { isChosen } from './seconds.ts'

const HELP = `npm run bench [-- PART...]

Runs the parts in turn; all of them take some 20 minutes, and write bench/RESULTS.md.

${Object.entries(PARTS)
  .map(([name, { title }]) => `  ${name.padEnd(10)}${title}`)
  .join('\n')}

BENCH_SECONDS=N measures each case of overhead for N seconds in place of 15, for a quick look: RESULTS.md is not written.`

const names = process.argv.slice(2)
if (names.includes('--help')) {
  console.log(HELP)
  process.exit()
}
const unknown = names.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. The parts are ${Object.keys(PARTS).join(', ')}.`)
  process.exit(2)
}

// The clients that ours is compared with.
await install(fileURLToPath(new URL('callers', import.meta.url)))

const began = machine()
const from = commit()
const started = performance.now()
const outcomes: Outcome[] = []
const failed: string[] = []
for (const [name, part] of Object.entries(PARTS)) {
  if (names.length > 0 && !names.includes(name)) continue
  console.log(`\n== ${part.title} (${name})`)
  const told: Told[] = []
  for (const script of part.scripts) {
    const each = await run(script)
    if (each) told.push(each)
    else failed.push(script)
  }
  outcomes.push({ part, told })
}

const minutes = (performance.now() - started) / 60_000
if (failed.length > 0) {
  console.error(`\nThese could not be run: ${failed.join(', ')}.`)
  process.exitCode = 1
} else if (names.length === 0 && isChosen) {
  console.log('\nbench/RESULTS.md is left as it is, since BENCH_SECONDS is set.')
} else if (names.length === 0) {
  await writeFile(new URL('RESULTS.md', import.meta.url), await render(outcomes, began, from, minutes))
  console.log(`\nbench/RESULTS.md is written, after ${minutes.toFixed(1)} minutes.`)
}

/** What a script told of itself: a report, or what it printed. */
type Told = Outcome['told'][number]

async function run(script: string): Promise<Told | undefined> {
  const [file = '', ...args] = script.split(' ')
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [...process.execArgv, '--expose-gc', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // What a script starts elsewhere finds the compiler's options here as well.
    env: {
      ...process.env,
      TSX_TSCONFIG_PATH: fileURLToPath(new URL('../src/tsconfig.build.json', import.meta.url)),
    },
  })
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    process.stdout.write(chunk)
  })
  let report: Report | undefined
  child.on('message', (message: Report) => (report = message))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) return undefined
  return { text, report: report ?? {} }
}
