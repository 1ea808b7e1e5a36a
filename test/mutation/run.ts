// npm run test:mutation [-- WING…]: breaks the code in thousands of places, one at a time, and asks whether a test
// notices. Writes bench/mutation.md, of the wings that are not named from their last run; exits with 1 below the floor.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { isBelow, summaryOf } from './summary.ts'
import type { Report } from './summary.ts'
import { WINGS } from './wings.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STRYKER = 'test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js'
const SUMMARY = 'bench/mutation.md'

const named = process.argv.slice(2)
const unknown = named.filter((name) => !Object.hasOwn(WINGS, name))
if (unknown.length > 0)
  throw new Error(`No wing ${unknown.join(', ')}: there are ${Object.keys(WINGS).join(', ')}`)

for (const name of named.length > 0 ? named : Object.keys(WINGS)) {
  const args = [STRYKER, 'run', 'test/mutation/stryker.config.js']
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, WING: name },
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(2)
}

const reports = Object.keys(WINGS).flatMap((name) => {
  const path = `${ROOT}/coverage/mutation/${name}/report.json`
  return existsSync(path) ? [{ name, report: JSON.parse(readFileSync(path, 'utf8')) as Report }] : []
})
const markdown = summaryOf(reports)
const options = await resolveConfig(`${ROOT}/${SUMMARY}`)
writeFileSync(`${ROOT}/${SUMMARY}`, await format(markdown, { ...options, parser: 'markdown' }))
process.exitCode = reports.some(({ report }) => isBelow(report)) ? 1 : 0
