import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { OF_TIME } from './of-time.ts'
import { ONLY_ON_LINUX } from './only-on-linux.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')
const checks = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['--import', 'tsx', 'scripts/check.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  })
/** The folders that have packages of their own. */
const packages = tracked
  .filter((path) => /(?:^|\/)package\.json$/.test(path))
  .map((path) => posix.dirname(path))

test('CI runs all that npm run check does, from a fresh clone', () => {
  const lines = read('.ci/run').split('\n')
  expect(lines.filter((line) => /^np[mx] /.test(line))).toEqual(['npm ci && npm run check'])
})

test('npm run check -- --help lists every step', () => {
  const { status, stdout: help } = checks('--help')
  expect(status).toBe(0)
  const steps = [...help.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)
  expect(steps.sort()).toEqual(
    'adapters api docs expressions format lint package platforms queues regen tests types unused'.split(' '),
  )
})

test('npm run check exits with 2 for an unknown step', () => {
  const { status, stderr } = checks('odd')
  expect(status).toBe(2)
  expect(stderr).toMatch(/^There is no step odd\. The steps are tests, /)
})

test('the top level has at most 15 files, and npm at most 15 scripts', () => {
  expect(tracked.filter((path) => !path.includes('/')).length).toBeLessThanOrEqual(15)
  expect(Object.keys(manifest.scripts).length).toBeLessThanOrEqual(15)
})

test('npm’s scripts are one program each, which any system starts without a shell', () => {
  const programs = Object.values(manifest.scripts).map((script) => script.split(' ')[0])
  expect(new Set(programs)).toEqual(new Set(['tsx', 'prettier', 'typedoc']))
  expect(Object.values(manifest.scripts).filter((script) => /[^\w ./:-]/.test(script))).toEqual([])
})

test('no test replaces a module: files share a process, and the next one would get the substitute', () => {
  const tests = tracked.filter(
    (path) => /^test\/.*\.test\.ts$/.test(path) && path !== 'test/repository.test.ts',
  )
  expect(tests.length).toBeGreaterThan(100)
  expect(tests.filter((path) => /\bvi\.(?:mock|doMock|hoisted)\(/.test(read(path)))).toEqual([])
})

test('a test that needs Linux says so, in test/only-on-linux.ts', () => {
  const needs =
    /\/dev\/(?:full|stdin|tty)|\/proc\/|'(?:mkfifo|script|sh|bash)'|runIn(?:Shell|Terminal)|SIGKILL|startRedisServer|symlinkSync/
  const tests = tracked.filter((path) => /^test\/(?!platforms|adapters).*\.test\.ts$/.test(path))
  const named = tests.filter((path) => path !== 'test/repository.test.ts' && needs.test(read(path)))
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((path) => !ONLY_ON_LINUX.includes(path))).toEqual([])
  expect(ONLY_ON_LINUX.filter((path) => !tests.includes(path))).toEqual([])
})

test('the list of tests that have a second try names files that are there', () => {
  expect(OF_TIME.filter((path) => !tracked.includes(path))).toEqual([])
})

test('scripts start programs without a shell, and build paths by node:path', () => {
  const scripts = tracked.filter(
    (path) => /^(?:scripts|bench)\/.*\.ts$/.test(path) && !path.includes('pictures'),
  )
  expect(scripts.length).toBeGreaterThan(50)
  const shells = scripts.filter((path) =>
    /\bexec(?:Sync)?\(['`"]|shell: true|'(?:sh|bash|cmd)'/.test(read(path)),
  )
  expect(shells).toEqual([])
  const joined = scripts.filter((path) =>
    /(?:root|dir|folder|temp|cwd\(\)) \+ ['`]\/|\$\{(?:root|dir|folder|temp)\}\/(?!\*)/.test(read(path)),
  )
  expect(joined).toEqual([])
})

test('dependabot looks after every folder that has packages of its own', () => {
  const folders = packages.map((folder) => posix.join('/', folder === '.' ? '' : folder))
  const [, watched = ''] = /directories:\n((?: {6}- .*\n)+)/.exec(read('.github/dependabot.yml')) ?? []
  expect(watched.match(/(?<=- ).+/g)).toEqual(folders.sort())
})

test.each(packages)(
  '%s: its lock tells the digest of each package, and none runs a script on install',
  (folder) => {
    const lock = JSON.parse(read(posix.join(folder, 'package-lock.json'))) as {
      packages: Readonly<Record<string, { integrity?: string; link?: boolean }>>
    }
    const installed = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && link !== true)
    expect(installed.length).toBeGreaterThan(5)
    expect(installed.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([])
    expect(readdirSync(posix.join(ROOT, folder))).toContain('.npmrc')
    expect(read(posix.join(folder, '.npmrc'))).toMatch(/^ignore-scripts=true$/m)
  },
)
