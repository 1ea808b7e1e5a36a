import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Change } from '../../scripts/spec/drift.ts'
import { accept, reject, settle } from '../../scripts/ci/pull-request.ts'
import {
  ACCEPTED,
  acceptanceOf,
  breaksIn,
  checkStatus,
  labelsFor,
  outdated,
} from '../../scripts/ci/verdict.ts'
import { body, serveUpstream } from '../helpers/upstream-server.ts'
import { playGitHub, PULL, RUN, runnerOf, SHA } from './github.ts'

const BREAKS = '0123456789ab'
const SEEN = `drift:breaks-${BREAKS}`

describe('labels', () => {
  it('name the class and what breaks, and only the newest', () => {
    expect(labelsFor(['drift:compatible', 'wip'], 'breaking', BREAKS)).toEqual([
      'wip',
      'drift:breaking',
      SEEN,
    ])
    expect(labelsFor(['drift:breaking', SEEN, ACCEPTED], 'compatible', '')).toEqual(['drift:compatible'])
  })

  it('keep what a person accepted while the same breaks', () => {
    expect(labelsFor(['drift:breaking', SEEN, ACCEPTED], 'breaking', BREAKS)).toEqual([
      'drift:breaking',
      SEEN,
      ACCEPTED,
    ])
  })

  it.each([
    ['something else breaks', ['drift:breaking', 'drift:breaks-000000000000', ACCEPTED]],
    ['nobody can tell what was seen', ['drift:breaking', ACCEPTED]],
  ])('lose it where %s', (_, before) => {
    expect(labelsFor(before, 'breaking', BREAKS)).toEqual(['drift:breaking', SEEN])
  })
})

describe('what breaks', () => {
  const change: Change = {
    class: 'breaking',
    source: 'wire',
    kind: 'a',
    path: 'x',
    what: { subject: 'field' },
    pointer: '#',
  }
  const other: Change = { ...change, path: 'y' }
  const words: Change = { ...change, class: 'docs', path: 'z' }

  it('is the same in any order, and whatever else changes', () => {
    expect(breaksIn({ changes: [change, other, words] })).toBe(breaksIn({ changes: [other, change] }))
  })

  it('differs with each change that breaks', () => {
    const sets = [[change], [other], [change, other]].map((changes) => breaksIn({ changes }))
    expect(new Set(sets).size).toBe(3)
  })

  it('is nothing where nothing does', () => {
    expect(breaksIn({ changes: [words] })).toBe('')
  })
})

describe('statuses', () => {
  it.each([
    ['a break is red', ['drift:breaking'], 'failure'],
    ['an accepted break is green', ['drift:breaking', ACCEPTED], 'success'],
    ['what is compatible is green', ['drift:compatible'], 'success'],
    ['what moves the version alone is green', ['drift:version'], 'success'],
    ['what changes words is green', ['drift:docs'], 'success'],
    ['what no label judges is red', [], 'failure'],
    ['what other labels speak of is red', ['dependencies'], 'failure'],
    ['a break without its class is red', [SEEN], 'failure'],
    ['an acceptance of nothing is red', [ACCEPTED], 'failure'],
    ['a break beside a harmless class is red', ['drift:compatible', 'drift:breaking'], 'failure'],
  ])('%s', (_, labels, state) => {
    expect(acceptanceOf(labels).state).toBe(state)
  })

  it.each(['failure', 'cancelled', 'skipped'])('a check whose outcome is %s is red', (outcome) => {
    expect(checkStatus(outcome).state).toBe('failure')
  })
})

describe('settle', () => {
  it('labels the pull request, sets both statuses, and fails for a break', async () => {
    const github = await playGitHub(['wip'])
    expect(await settle(invocation(github.url))).toBe(1)
    expect(github.calls).toEqual([
      ['GET /repos/o/r/issues/7/labels', undefined],
      [`POST /repos/o/r/statuses/${SHA}`, { ...checkStatus('success'), target_url: RUN }],
      [`POST /repos/o/r/statuses/${SHA}`, { ...acceptanceOf(['drift:breaking']), target_url: RUN }],
      ['PUT /repos/o/r/issues/7/labels', { labels: ['wip', 'drift:breaking', SEEN] }],
    ])
  })

  it('sets both statuses also where GitHub takes no labels', async () => {
    const { url, requests } = await serveUpstream(
      body('[]'),
      body('{}'),
      body('{}'),
      body('{}', undefined, 403),
    )
    await expect(settle(invocation(url))).rejects.toThrow('GitHub answered 403 to PUT')
    expect(requests.filter((path) => path.endsWith(`/statuses/${SHA}`))).toHaveLength(2)
  })

  it('succeeds for a break that was accepted, however the pull request moved', async () => {
    const { url } = await playGitHub(['drift:breaking', SEEN, ACCEPTED])
    expect(await settle(invocation(url))).toBe(0)
  })

  it('asks again for another break', async () => {
    const { url } = await playGitHub(['drift:breaking', SEEN, ACCEPTED])
    expect(await settle(invocation(url, { DRIFT_BREAKS: 'f'.repeat(12) }))).toBe(1)
  })

  it('fails where the check failed, whatever the class', async () => {
    const { url } = await playGitHub()
    expect(await settle(invocation(url, { DRIFT_CLASS: 'version', CHECK_OUTCOME: 'failure' }))).toBe(1)
  })

  it.each([
    ['DRIFT_CLASS', 'odd', 'DRIFT_CLASS is no class of drift'],
    ['PULL_REQUEST', '7/../8', 'PULL_REQUEST is no number'],
    ['DRIFT_BREAKS', 'x', 'DRIFT_BREAKS is no short hash'],
    ['HEAD_SHA', 'main', 'HEAD_SHA is no commit'],
    ['CHECK_OUTCOME', '', 'CHECK_OUTCOME is not set'],
  ])('refuses %s = %s', async (name, value, message) => {
    const { url } = await playGitHub()
    await expect(settle(invocation(url, { [name]: value }))).rejects.toThrow(message)
  })
})

describe('accept', () => {
  it.each([
    ['green once a person has labelled the break', ['drift:breaking', ACCEPTED], 'success', 0],
    ['red when the label is taken away', ['drift:breaking'], 'failure', 1],
  ])('turns the status %s', async (_, labels, state, code) => {
    const github = await playGitHub()
    const GITHUB_EVENT_PATH = eventFile({ pull_request: { labels: labels.map((name) => ({ name })) } })
    expect(await accept(invocation(github.url, { GITHUB_EVENT_PATH }))).toBe(code)
    expect(github.calls).toEqual([
      [`POST /repos/o/r/statuses/${SHA}`, expect.objectContaining({ context: 'drift/accepted', state })],
    ])
  })
})

describe('reject', () => {
  it('turns both statuses of each open pull request red, and says why', async () => {
    const { url, calls } = await playGitHub([], [PULL])
    await reject(invocation(url), 'no endpoint')
    const description = 'Not what upstream says today: no endpoint'
    const red = { state: 'failure', description, target_url: RUN }
    expect(calls).toEqual([
      ['GET /repos/o/r/pulls?state=open&head=o:drift/upstream', undefined],
      [`POST /repos/o/r/statuses/${SHA}`, { context: 'drift/check', ...red }],
      [`POST /repos/o/r/statuses/${SHA}`, { context: 'drift/accepted', ...red }],
    ])
  })

  it('does nothing where none is open', async () => {
    const { url, calls } = await playGitHub()
    await reject(invocation(url), 'no endpoint')
    expect(calls).toHaveLength(1)
  })

  it('keeps the reason as short as GitHub takes it', () => {
    expect(outdated('x'.repeat(500)).map(({ description }) => description.length)).toEqual([140, 140])
  })

  it.each([
    ['a pull request without a commit', [{}]],
    ['something else', {}],
  ])('refuses %s', async (_, pulls) => {
    const { url } = await playGitHub([], pulls)
    await expect(reject(invocation(url), 'no endpoint')).rejects.toThrow(/is no commit|list of pull requests/)
  })
})

function invocation(url: string, env: Readonly<Record<string, string>> = {}): Parameters<typeof settle>[0] {
  const ignore = (): void => undefined
  return {
    args: [],
    env: {
      ...runnerOf(url),
      DRIFT_CLASS: 'breaking',
      CHECK_OUTCOME: 'success',
      PULL_REQUEST: '7',
      DRIFT_BREAKS: BREAKS,
      HEAD_SHA: SHA,
      ...env,
    },
    root: '',
    print: ignore,
    complain: ignore,
    progress: ignore,
  }
}

function eventFile(event: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'event-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'event.json')
  writeFileSync(path, JSON.stringify(event))
  return path
}
