// npm run test:mutation [-- WING…]: breaks the code in thousands of places, one at a time, and asks whether a test
// notices. Writes bench/mutation.md after each file, by each file's last run; exits with 1 below the floor.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { isBelow, summaryOf } from './summary.ts'
import type { Measured, Report } from './summary.ts'
import { WINGS } from './wings.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STRYKER = 'test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js'
const SUMMARY = `${ROOT}/bench/mutation.md`

const named = process.argv.slice(2)
if (named.includes('--help')) {
  console.log(`npm run test:mutation [-- WING...]\n\nThe wings are ${Object.keys(WINGS).join(', ')}.`)
  process.exit()
}
const unknown = named.filter((name) => !Object.hasOwn(WINGS, name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. The wings are ${Object.keys(WINGS).join(', ')}.`)
  process.exit(2)
}

for (const name of named.length > 0 ? named : Object.keys(WINGS)) {
  for (const file of WINGS[name]?.mutate ?? []) {
    if (!isRun(name, file)) process.exitCode = 2
    await writeSummary()
  }
}
process.exitCode ??= measured().some(isBelow) ? 1 : 0

/** Runs the mutants of one file; the report keeps what it has of the others. */
function isRun(wing: string, file: string): boolean {
  const args = [STRYKER, 'run', 'test/mutation/stryker.config.js']
  const env = { ...process.env, WING: wing, FILES: file }
  return spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' }).status === 0
}

async function writeSummary(): Promise<void> {
  const options = await resolveConfig(SUMMARY)
  writeFileSync(SUMMARY, await format(summaryOf(measured()), { ...options, parser: 'markdown' }))
}

function measured(): Measured[] {
  return Object.entries(WINGS).map(([name, { mutate = [] } = {}]) => {
    const path = `${ROOT}/coverage/mutation/${name}/report.json`
    const report = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Report) : { files: {} }
    return { name, report, toMeasure: mutate }
  })
}
