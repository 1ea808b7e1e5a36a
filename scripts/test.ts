// npm test [-- SUITE] [ARGUMENTS…]: builds where that is needed and runs the tests, or a suite that has packages of its
// own to install. What else is said goes to Vitest; `mutation` takes the names of parts.
import { join } from 'node:path'
import { PARTS } from '../test/mutation/parts.js'
import { ensureBuilt } from './build/ensure.ts'
import { install, run, type Command } from './check/programs.ts'

const SUITES: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  adapters: (args) => suiteIn('test/adapters', args),
  queues: (args) => suiteIn('test/queues', args),
  platforms: (args) => suiteIn('test/platforms', args),
  mutation,
}

const HELP = `npm test [-- SUITE] [ARGUMENTS...]

Runs the tests, or one of these suites. The suites need Linux, and install what else they need:

  adapters    the adapters in their frameworks
  queues      one limit for many processes, and jobs on queues, with Redis and PostgreSQL
  platforms   the packed package on runtimes, in a browser, under compilers, and against Prism and oasdiff
  mutation    breaks the code in thousands of places, and counts how many changes the tests notice; takes an hour or two.
              Takes parts: ${Object.keys(PARTS).join(', ')}

All other arguments go to Vitest: npm test -- test/http, npm test -- adapters genkit.`

const [first = '', ...rest] = process.argv.slice(2)
process.exitCode = await main()

async function main(): Promise<number> {
  if (first === '--help') {
    console.log(HELP)
    return 0
  }
  const suite = Object.hasOwn(SUITES, first) ? SUITES[first] : undefined
  if (first !== 'mutation') await ensureBuilt()
  return suite === undefined ? codeOf('vitest', 'run', ...process.argv.slice(2)) : suite(rest)
}

async function suiteIn(folder: string, args: readonly string[]): Promise<number> {
  await install(folder)
  return (
    (await codeOf('tsc', '-p', folder)) ||
    (await codeOf('vitest', 'run', '--config', join(folder, 'vitest.config.ts'), ...args))
  )
}

async function mutation(named: readonly string[]): Promise<number> {
  const unknown = named.filter((name) => !Object.hasOwn(PARTS, name))
  if (unknown.length > 0) {
    console.error(`There is no part ${unknown.join(', ')}. The parts are ${Object.keys(PARTS).join(', ')}.`)
    return 2
  }
  let failed = 0
  for (const part of named.length > 0 ? named : Object.keys(PARTS)) {
    const { code } = await run(['stryker', 'run', 'test/mutation/stryker.config.js'], { env: { PART: part } })
    failed ||= code
  }
  return failed
}

async function codeOf(...command: Command): Promise<number> {
  return (await run(command)).code
}
