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
import { pack } from '../../scripts/ci/pack.ts'
import { planRelease } from '../../scripts/ci/plan-release.ts'
import { publish } from '../../scripts/ci/publish.ts'
import { lowerMajors } from '../../scripts/ci/version.ts'

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
    const bill = JSON.parse(readFileSync(join(temp, 'sbom.cdx.json'), 'utf8')) as {
      components: { name: string }[]
    }
    expect(bill.components.map(({ name }) => name)).toEqual([
      ...[
        'ajv',
        'csv-parse',
        'fzstd',
        'iconv-lite',
        'openapi-fetch',
        'openapi-typescript-helpers',
        'safer-buffer',
      ],
    ])
  })
})

describe('the repository in package.json', () => {
  it.each([
    ['none', undefined, 'it has none'],
    ['another', { url: 'git+https://github.com/o/other.git' }, 'it has "git+https://github.com/o/other.git"'],
  ])('keeps releases waiting where it is %s, and that is no failure', async (_, repository, found) => {
    const { temp, invocation } = prepared()
    const printed: string[] = []
    const root = packageOf(temp, repository)
    mkdirSync(join(root, '.changeset'))
    const print = (line: string): unknown => printed.push(line)
    expect(await planRelease({ ...invocation(), root, print })).toBe(0)
    expect(printed[0]).toBe(
      `::notice::Releases wait: npm publishes with provenance only if package.json's repository.url is git+https://github.com/o/r.git; ${found}`,
    )
    expect(readFileSync(join(temp, 'output'), 'utf8')).toBe('action=none\n')
  })
})

describe('before 1.0.0', () => {
  it('a break raises the minor version', async () => {
    const { temp } = prepared()
    mkdirSync(join(temp, '.changeset'))
    for (const bump of ['major', 'minor', 'patch'])
      writeFileSync(join(temp, `.changeset/${bump}.md`), `---\n'nebius-rerank': ${bump}\n---\n\nmajor\n`)
    await lowerMajors(temp)
    const text = (bump: string): string => readFileSync(join(temp, `.changeset/${bump}.md`), 'utf8')
    expect(text('major')).toBe("---\n'nebius-rerank': minor\n---\n\nmajor\n")
    expect(text('patch')).toContain(': patch')
  })
})

describe('publish', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const npm = (versions: string, more = ''): string => `case $1 in view) echo '${versions}' ;; ${more} esac`
  const MISSING = `case $1 in view) echo 'npm error code E404' >&2; exit 1 ;; esac`
  const UNABLE = '*) [ "$2" = --help ] && exit 1 ;;'
  const FLAGS = '--ignore-scripts --access public --provenance'

  it.each([
    ['staged, where npm can', npm('["0.0.1"]'), 'stage publish'],
    ['at once, where it cannot', npm('"0.0.1"', `stage) exit 1 ;;`), 'publish'],
  ])('publishes the very file that was tested, %s', async (_, script, command) => {
    const { calls, invocation, file, outputs } = prepared({ npm: script })
    expect(await publish(invocation())).toBe(0)
    expect(calls()).toEqual([
      'npm view nebius-rerank versions --json',
      'npm stage --help',
      `npm ${command} ${file} ${FLAGS}`,
    ])
    expect(outputs()).toBe('published=true\n')
  })

  it('publishes nothing twice', async () => {
    const { calls, invocation, outputs } = prepared({ npm: npm(`["0.0.1","${version}"]`) })
    expect(await publish(invocation())).toBe(0)
    expect(calls()).toEqual(['npm view nebius-rerank versions --json'])
    expect(outputs()).toBe('published=true\n')
  })

  it('leaves the first version to a person, and says how', async () => {
    const { calls, invocation, outputs } = prepared({ npm: MISSING })
    const printed: string[] = []
    expect(await publish({ ...invocation(), print: (line) => printed.push(line) })).toBe(0)
    expect(calls()).toHaveLength(1)
    expect(outputs()).toBe('published=false\n')
    expect(printed).toEqual([
      '::notice::nebius-rerank is not on npm yet: download the artifact "package", and run npm publish nebius-rerank.tgz --access public',
    ])
  })

  it.each([
    ['another file', {}, { PACKAGE_INTEGRITY: 'sha512-x' }, /is not the package that was tested$/],
    ['a registry that fails', { npm: 'echo down >&2; exit 1' }, {}, /^npm view failed: down$/],
    [
      'a refusal',
      { npm: npm('[]', `publish) echo no >&2; exit 1 ;; ${UNABLE}`) },
      {},
      /^npm publish failed: no$/,
    ],
  ])('fails for %s, and tells nobody to tag it', async (_, programs, env, message) => {
    const { invocation, outputs } = prepared(programs)
    await expect(publish(invocation(env))).rejects.toThrow(message)
    expect(outputs()).toBe('')
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
  readonly outputs: () => string
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
  writeFileSync(join(temp, 'output'), '')
  writeFileSync(file, 'abc')
  const ignore = (): void => undefined
  return {
    temp,
    file,
    calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
    outputs: () => readFileSync(join(temp, 'output'), 'utf8'),
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
