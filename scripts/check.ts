// npm run check [-- STEP… | --without STEP… | --help]: all that CI asks for, or some of it.
import { ensureBuilt } from './build/ensure.ts'
import { messageOf } from './spec/lib/failure.ts'
import { install, run, type Command } from './check/programs.ts'

// Random tests try as much as they can; in `npm test` it is a fifth.
process.env['EFFORT'] ??= '1'

/** All checks, the longest first. One runs on each processor, except the tests, which use all processors. */
const STEPS: Readonly<Record<string, readonly Command[]>> = {
  tests: [['tsx', 'scripts/test.ts']],
  platforms: [['tsx', 'scripts/test.ts', 'platforms']],
  lint: [['eslint', '.']],
  expressions: [['tsx', 'scripts/check/regular-expressions.ts']],
  adapters: [['tsx', 'scripts/test.ts', 'adapters']],
  queues: [['tsx', 'scripts/test.ts', 'queues']],
  package: [
    ['publint', '--strict', '--pack', 'npm'],
    ['attw', '--pack', '--format', 'table-flipped', '.'],
    ['tsx', 'scripts/check/size.ts'],
    ['tsx', 'scripts/check/licences.ts'],
  ],
  types: [
    ['tsc'],
    ['tsc', '-p', 'src/tsconfig.portable.json'],
    ['tsc', '-p', 'src/cli/serve/page'],
    ['tsc', '-p', 'test/cli/serve/page'],
  ],
  unused: [['knip', '--config', 'scripts/check/knip.json']],
  format: [['prettier', '--check', '.']],
  docs: [['typedoc', '--options', 'scripts/check/typedoc.config.js', '--emit', 'none']],
  regen: [['tsx', 'scripts/regen.ts', '--check']],
  api: [['tsx', 'scripts/api.ts', '--check']],
}
/** Steps that have packages of their own, in the folder of their name under `test/`. */
const SUITES = ['platforms', 'adapters', 'queues']
const LANES = 2

const HELP = `npm run check [-- STEP... | --without STEP...]

Runs all checks of CI, or only these steps, or all others:

${Object.entries(STEPS)
  .map(([name, commands]) => `  ${name.padEnd(12)} ${commands.map((words) => words.join(' ')).join(', ')}`)
  .join('\n')}`

const args = process.argv.slice(2)
if (args.includes('--help')) {
  console.log(HELP)
  process.exit(0)
}
const isWithout = args[0] === '--without'
const named = isWithout ? args.slice(1) : args
const unknown = named.filter((name) => !Object.hasOwn(STEPS, name))
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}. The steps are ${Object.keys(STEPS).join(', ')}.`)
  process.exit(2)
}

const chosen = Object.entries(STEPS).filter(
  ([name]) => named.length === 0 || named.includes(name) !== isWithout,
)
const failed: string[] = []
await ensureBuilt()
// Beside all else: it waits for the network and the disk, where most steps wait for a processor.
const installing = new Map(
  chosen.filter(([name]) => SUITES.includes(name)).map(([name]) => [name, prepare(name)]),
)
for (const [name, commands] of chosen.filter(([name]) => name === 'tests')) await step(name, commands, false)
const others = chosen.filter(([name]) => name !== 'tests')
await Promise.all(Array.from({ length: LANES }, lane))
if (failed.length > 0) {
  console.error(`\nThese failed: ${failed.join(', ')}`)
  process.exitCode = 1
}

/** Installs what a suite needs; resolves with whether it could. */
async function prepare(suite: string): Promise<boolean> {
  try {
    await install(`test/${suite}`)
    return true
  } catch (error) {
    console.error(`${suite}: ${messageOf(error)}`)
    failed.push(suite)
    return false
  }
}

async function lane(): Promise<void> {
  for (let next = others.shift(); next; next = others.shift()) await step(...next, true)
}

/** Runs the commands of a step until one fails. What several print at once is kept until their end. */
async function step(name: string, commands: readonly Command[], kept: boolean): Promise<void> {
  if ((await installing.get(name)) === false) return
  const start = performance.now()
  const printed: string[] = []
  let isGood = true
  for (const command of commands) {
    const { code, output } = await run(command, { kept })
    printed.push(output)
    isGood = code === 0
    if (!isGood) break
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`${printed.join('')}== ${name} ${isGood ? 'passed' : 'FAILED'} after ${seconds} s\n`)
  if (!isGood) failed.push(name)
}
