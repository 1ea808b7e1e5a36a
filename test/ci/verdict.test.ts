import { describe, expect, it } from 'vitest'
import { proposeDrift } from '../../scripts/ci/propose-drift.ts'
import { reject } from '../../scripts/ci/pull-request.ts'
import { settle } from '../../scripts/ci/settle.ts'
import {
  ACCEPTED,
  acceptedIn,
  breaksIn,
  checkStatus,
  isAccepted,
  outdated,
  readiness,
  withAccepted,
} from '../../scripts/ci/verdict.ts'
import type { Change } from '../../scripts/spec/drift.ts'
import { body, serveUpstream } from '../helpers/upstream-server.ts'
import { playGitHub } from './played-github.ts'
import { runnerOf } from './fake-runner.ts'

const BREAKS = '0123456789ab'
const OTHERS = 'ba9876543210'

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

describe('the note in a body', () => {
  it('is found, replaced and removed, and leaves the text as it is', () => {
    const noted = withAccepted('A text', BREAKS)
    expect(acceptedIn(noted)).toBe(BREAKS)
    expect(acceptedIn(withAccepted(noted, OTHERS))).toBe(OTHERS)
    expect(withAccepted(noted, '')).toBe('A text')
    expect(acceptedIn('A text')).toBe('')
  })
})

describe('a pull request', () => {
  it.each([
    ['that breaks nothing is accepted', '', [], '', true],
    ['that breaks is not', BREAKS, [], '', false],
    ['that breaks is not by the label alone', BREAKS, [ACCEPTED], '', false],
    ['that breaks is not by the note alone', BREAKS, [], withAccepted('', BREAKS), false],
    ['that breaks is by both', BREAKS, [ACCEPTED], withAccepted('', BREAKS), true],
    ['whose note is of other breaks is not', BREAKS, [ACCEPTED], withAccepted('', OTHERS), false],
  ])('%s', (_, breaks, labels, text, expected) => {
    expect(isAccepted(breaks, labels, text)).toBe(expected)
  })

  it.each([
    [true, '', true, 'success'],
    [true, BREAKS, true, 'success'],
    [false, '', true, 'failure'],
    [false, BREAKS, true, 'failure'],
    [true, BREAKS, false, 'failure'],
  ])('checked %j, breaking "%s", accepted %j: %s', (isChecked, breaks, isTaken, state) => {
    expect(readiness(isChecked, breaks, isTaken)).toMatchObject({ context: 'ready', state })
  })

  it.each(['failure', 'cancelled', 'skipped'])('whose check is %s is red', (outcome) => {
    expect(checkStatus(outcome).state).toBe('failure')
  })

  it('that is outdated says why, as shortly as GitHub takes it', () => {
    expect(outdated('x'.repeat(500)).description).toHaveLength(140)
  })
})

describe('a step', () => {
  it('leaves GitHub alone where no pull request is open', async () => {
    const { url, calls } = await playGitHub()
    await reject(invocation(url), 'no endpoint')
    expect(calls).toEqual([['GET /pulls?state=open&head=o:drift/upstream', undefined]])
  })

  it.each([
    ['a pull request without a commit', [{ number: 7, labels: [] }], /is not a commit/],
    ['a pull request without a number', [{}], /not a pull request/],
    ['something else', {}, /not a list of pull requests/],
  ])('refuses %s', async (_, pulls, message) => {
    const { url } = await serveUpstream(body(JSON.stringify(pulls)))
    await expect(reject(invocation(url), 'no endpoint')).rejects.toThrow(message)
  })

  it.each([
    ['PULL_REQUEST', '7/../8', 'PULL_REQUEST does not match'],
    ['CHECK_OUTCOME', '', 'CHECK_OUTCOME is not set'],
  ])('refuses %s = %s', async (name, value, message) => {
    const { url } = await playGitHub()
    await expect(settle(invocation(url, { [name]: value }))).rejects.toThrow(message)
  })

  it('fails where GitHub refuses it', async () => {
    const { url } = await serveUpstream(body('{}', undefined, 403))
    await expect(proposeDrift(invocation(url, { RUNNER_TEMP: '/nowhere' }))).rejects.toThrow()
    await expect(settle(invocation(url))).rejects.toThrow('GitHub responded with 403 to GET /pulls/7')
  })
})

function invocation(url: string, env: Readonly<Record<string, string>> = {}): Parameters<typeof settle>[0] {
  const ignore = (): void => undefined
  const own = { CHECK_OUTCOME: 'success', PULL_REQUEST: '7', HEAD_SHA: 'a'.repeat(40), DRIFT_CLASS: 'docs' }
  return {
    args: [],
    env: { ...runnerOf(url), ...own, ...env },
    root: '',
    print: ignore,
    complain: ignore,
    progress: ignore,
  }
}
