import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** What takes an hour, and a workflow runs once a week. */
const WEEKLY = ['test:mutation']

test('npm run check runs every check there is, but for those of the week', () => {
  const checks = Object.keys(manifest.scripts).filter((name) =>
    /^(?:test|lint|docs|typecheck)(?::|$)|:check$/.test(name),
  )
  expect(checks.length).toBeGreaterThan(10)
  const run = new Set(manifest.scripts.check.match(/(?<=npm (?:run )?(?:--silent )?)[\w:]+/g))
  expect(checks.filter((name) => !run.has(name))).toEqual(WEEKLY)
})

test('dependabot looks after every folder that has packages of its own', () => {
  const tracked = execFileSync('git', ['ls-files', '--', 'package.json', '**/package.json'], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
  })
  const folders = tracked
    .trim()
    .split('\n')
    .map((path) => posix.join('/', posix.dirname(path)))
  const [, watched = ''] = /directories:\n((?: {6}- .*\n)+)/.exec(read('.github/dependabot.yml')) ?? []
  expect(watched.match(/(?<=- ).+/g)).toEqual(folders.sort())
})
