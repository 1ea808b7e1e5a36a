// npm run test:mutation [-- PART…]: breaks the code in thousands of places, one at a time, and asks whether a test
// fails. Exits with 1 where a part has fewer mutants killed than the floor in stryker.config.js.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { PARTS } from './parts.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STRYKER = 'test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js'
const PARTS_ARE = `The parts are ${Object.keys(PARTS).join(', ')}.`

const named = process.argv.slice(2)
if (named.includes('--help')) {
  console.log(`npm run test:mutation [-- PART...]\n\n${PARTS_ARE}`)
  process.exit()
}
const unknown = named.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. ${PARTS_ARE}`)
  process.exit(2)
}

for (const part of named.length > 0 ? named : Object.keys(PARTS)) {
  const args = [STRYKER, 'run', 'test/mutation/stryker.config.js']
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, PART: part },
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
