import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** What takes an hour, and a workflow runs once a week. */
const WEEKLY = ['test:mutation']

/** The scripts that a command runs by npm. */
const calledIn = (command: string): string[] =>
  command.match(/(?<=npm (?:run )?(?:--silent )?)(?!ci\b)[\w:]+/g) ?? []
const scripts = new Map(Object.entries(manifest.scripts))
/** The steps of all checks: some are several. */
const steps = calledIn(manifest.scripts.check)

test('npm run check runs every check there is, but for those of the week', () => {
  const checks = [...scripts.keys()].filter((name) =>
    /^(?:test|lint|docs|typecheck)(?::|$)|:check$/.test(name),
  )
  expect(checks.length).toBeGreaterThan(10)
  const run = new Set(steps.flatMap((step) => [step, ...calledIn(scripts.get(step) ?? '')]))
  expect(checks.filter((name) => !run.has(name))).toEqual(WEEKLY)
})

test('CI runs the steps of npm run check, each once', () => {
  const ofCi = read('.ci/run')
    .split('\n')
    .filter((line) => line.startsWith('npm '))
    .flatMap(calledIn)
  expect(ofCi.sort()).toEqual([...steps].sort())
})

test('CI and npm run check both hold the tests to the floor of coverage', () => {
  for (const text of [manifest.scripts.check, read('.ci/run')])
    expect(text).toMatch(/\bnpm test .*-- --coverage\b/)
})

test('what needs the built package makes sure of it, and nothing builds it twice', () => {
  const inNeed = [...scripts].filter(([, command]) =>
    /vitest run|publint|scripts\/(?:api|demo|pictures)|bench\/run/.test(command),
  )
  expect(inNeed.length).toBeGreaterThan(10)
  expect(inNeed.filter(([, command]) => !calledIn(command).includes('built'))).toEqual([])
  expect([...scripts.values()].filter((command) => calledIn(command).includes('build'))).toEqual([])
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
