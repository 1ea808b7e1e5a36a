import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pack, publish } from '../../scripts/ci/package.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const GITHUB = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'o/r' }
const INTEGRITY =
  'sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=='

describe('pack', () => {
  it('packs one file that ranks, and names its digest', async () => {
    const { temp, invocation, file } = prepared()
    rmSync(file)
    const root = packageOf(temp, { url: 'git+https://github.com/o/r.git' })
    expect(await pack({ ...invocation({ PATH: process.env['PATH'] }), root })).toBe(0)
    expect(readdirSync(join(temp, 'package'))).toEqual([expect.stringMatching(/^nebius-rerank-.*\.tgz$/)])
    expect(readFileSync(join(temp, 'output'), 'utf8')).toMatch(/^integrity=sha512-[\w+/]{86}==\n$/)
    expect(readdirSync(temp).filter((name) => name.startsWith('trial-'))).toEqual([])
  })
})

describe('the repository in package.json', () => {
  it.each([
    ['none', undefined, 'it has none'],
    ['another', { url: 'git+https://github.com/o/other.git' }, 'it has "git+https://github.com/o/other.git"'],
  ])('stops what has %s before it is packed', async (_, repository, found) => {
    const { temp, calls, invocation } = prepared()
    await expect(pack({ ...invocation(), root: packageOf(temp, repository) })).rejects.toThrow(
      `only if package.json's repository.url is git+https://github.com/o/r.git; ${found}`,
    )
    expect(calls()).toEqual([])
  })
})

describe('publish', () => {
  const published = (version: string): string => `case $1 in view) echo '${version}' ;; esac`
  const MISSING = `case $1 in view) echo 'npm error code E404' >&2; exit 1 ;; esac`

  it.each([
    ['whose version is new', published('')],
    ['that nobody ever published', MISSING],
  ])('publishes the very file that was tested, of a package %s, and tags it', async (_, npm) => {
    const { calls, invocation, file } = prepared({ npm })
    expect(await publish(invocation())).toBe(0)
    expect(calls()).toEqual([
      expect.stringMatching(/^npm view nebius-rerank@\S+ version$/),
      `npm publish ${file} --ignore-scripts --access public`,
      'npx changeset tag',
    ])
  })

  it('publishes nothing twice, but tags what has no tag', async () => {
    const { calls, invocation } = prepared({ npm: published('1.0.0') })
    expect(await publish(invocation())).toBe(0)
    expect(calls().map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
      'npm view',
      'npx changeset',
    ])
  })

  it.each([
    ['another file', {}, { PACKAGE_INTEGRITY: 'sha512-x' }, /is not the package that was tested$/],
    ['a registry that fails', { npm: 'echo down >&2; exit 1' }, {}, /^npm view failed: down$/],
    ['a refusal', { npm: 'case $1 in publish) echo no >&2; exit 1 ;; esac' }, {}, /^npm publish failed: no$/],
  ])('fails for %s, and tags nothing', async (_, programs, env, message) => {
    const { calls, invocation } = prepared(programs)
    await expect(publish(invocation(env))).rejects.toThrow(message)
    expect(calls().filter((call) => call.startsWith('npx'))).toEqual([])
  })

  it('fails where there is no file, or more than one', async () => {
    const { temp, invocation, file } = prepared()
    writeFileSync(join(temp, 'package/other.tgz'), '')
    await expect(publish(invocation())).rejects.toThrow('holds more than one file')
    rmSync(file)
    rmSync(join(temp, 'package/other.tgz'))
    await expect(publish(invocation())).rejects.toThrow('holds nothing')
  })
})

interface Prepared {
  readonly temp: string
  readonly file: string
  readonly calls: () => string[]
  readonly invocation: (env?: Record<string, string | undefined>) => Parameters<typeof publish>[0]
}

/** The built package with a repository of its own, below a folder. */
function packageOf(folder: string, repository: object | undefined): string {
  const root = join(folder, 'root')
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as object
  mkdirSync(root)
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, repository }))
  // Copied: npm packs no symbolic links.
  for (const name of ['dist', 'openapi.json']) cpSync(join(ROOT, name), join(root, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  return root
}

/** A runner's temporary folder with a packed file, and programs that note how they are called. */
function prepared(programs: Readonly<Record<string, string>> = {}): Prepared {
  const temp = mkdtempSync(join(tmpdir(), 'runner-'))
  onTestFinished(() => rmSync(temp, { recursive: true }))
  for (const name of ['package', 'bin']) mkdirSync(join(temp, name))
  const log = join(temp, 'calls')
  writeFileSync(log, '')
  for (const [name, script] of Object.entries({ npm: '', npx: '', ...programs })) {
    writeFileSync(join(temp, 'bin', name), `#!/bin/sh\necho "${name} $*" >> '${log}'\n${script}\n`)
    chmodSync(join(temp, 'bin', name), 0o755)
  }
  const file = join(temp, 'package/nebius-rerank.tgz')
  writeFileSync(file, 'abc')
  const ignore = (): void => undefined
  return {
    temp,
    file,
    calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
    invocation: (env = {}) => {
      const base = { RUNNER_TEMP: temp, GITHUB_OUTPUT: join(temp, 'output'), PACKAGE_INTEGRITY: INTEGRITY }
      return {
        args: [],
        env: { PATH: join(temp, 'bin'), ...base, ...GITHUB, ...env },
        root: ROOT,
        print: ignore,
        complain: ignore,
        progress: ignore,
      }
    },
  }
}
