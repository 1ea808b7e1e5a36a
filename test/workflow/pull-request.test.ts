import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { accept, settle } from '../../scripts/workflow/pull-request.ts'
import { ACCEPTED, acceptanceOf, checkStatus, labelsFor } from '../../scripts/workflow/verdict.ts'
import { serveUpstream } from '../helpers/upstream-server.ts'

const SHA = 'a'.repeat(40)

describe('labels', () => {
  it('name the class, and only the newest', () => {
    expect(labelsFor(['drift:compatible', 'wip'], 'breaking', true)).toEqual(['wip', 'drift:breaking'])
  })

  it('keep what a person accepted while it stays the same', () => {
    expect(labelsFor(['drift:breaking', ACCEPTED], 'breaking', false)).toEqual(['drift:breaking', ACCEPTED])
  })

  it('lose it when the pull request holds something else', () => {
    expect(labelsFor(['drift:breaking', ACCEPTED], 'breaking', true)).toEqual(['drift:breaking'])
  })
})

describe('statuses', () => {
  it.each([
    ['a break is red', ['drift:breaking'], 'failure'],
    ['an accepted break is green', ['drift:breaking', ACCEPTED], 'success'],
    ['what is compatible is green', ['drift:compatible'], 'success'],
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
      ['PUT /repos/o/r/issues/7/labels', { labels: ['wip', 'drift:breaking'] }],
      [`POST /repos/o/r/statuses/${SHA}`, { ...checkStatus('success'), target_url: RUN }],
      [`POST /repos/o/r/statuses/${SHA}`, { ...acceptanceOf(['drift:breaking']), target_url: RUN }],
    ])
  })

  it.each(['none', ''])(
    'succeeds for a break that was accepted as it is (operation %j)',
    async (operation) => {
      const { url } = await playGitHub(['drift:breaking', ACCEPTED])
      expect(await settle(invocation(url, { PULL_REQUEST_OPERATION: operation }))).toBe(0)
    },
  )

  it.each(['created', 'updated'])('asks again for a break after it was %s', async (operation) => {
    const { url } = await playGitHub(['drift:breaking', ACCEPTED])
    expect(await settle(invocation(url, { PULL_REQUEST_OPERATION: operation }))).toBe(1)
  })

  it('fails where the check failed, whatever the class', async () => {
    const { url } = await playGitHub([])
    expect(await settle(invocation(url, { DRIFT_CLASS: 'version', CHECK_OUTCOME: 'failure' }))).toBe(1)
  })

  it.each([
    ['DRIFT_CLASS', 'odd', 'DRIFT_CLASS is no class of drift'],
    ['PULL_REQUEST', '7/../8', 'PULL_REQUEST is no number'],
    ['HEAD_SHA', 'main', 'HEAD_SHA is no commit'],
    ['CHECK_OUTCOME', '', 'CHECK_OUTCOME is not set'],
  ])('refuses %s = %s', async (name, value, message) => {
    const { url } = await playGitHub([])
    await expect(settle(invocation(url, { [name]: value }))).rejects.toThrow(message)
  })
})

describe('accept', () => {
  it.each([
    ['green once a person has labelled the break', ['drift:breaking', ACCEPTED], 'success', 0],
    ['red when the label is taken away', ['drift:breaking'], 'failure', 1],
  ])('turns the status %s', async (_, labels, state, code) => {
    const github = await playGitHub([])
    const GITHUB_EVENT_PATH = eventFile({ pull_request: { labels: labels.map((name) => ({ name })) } })
    expect(await accept(invocation(github.url, { GITHUB_EVENT_PATH }))).toBe(code)
    expect(github.calls).toEqual([
      [`POST /repos/o/r/statuses/${SHA}`, expect.objectContaining({ context: 'drift/accepted', state })],
    ])
  })
})

const RUN = 'https://github.com/o/r/actions/runs/9'

function invocation(url: string, env: Readonly<Record<string, string>> = {}): Parameters<typeof settle>[0] {
  const ignore = (): void => undefined
  return {
    args: [],
    env: {
      GITHUB_API_URL: url,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: '9',
      GITHUB_TOKEN: 't',
      DRIFT_CLASS: 'breaking',
      CHECK_OUTCOME: 'success',
      PULL_REQUEST: '7',
      PULL_REQUEST_OPERATION: 'updated',
      HEAD_SHA: SHA,
      ...env,
    },
    root: '',
    print: ignore,
    complain: ignore,
    progress: ignore,
  }
}

async function playGitHub(labels: readonly string[]): Promise<{ url: string; calls: unknown[] }> {
  const calls: unknown[] = []
  const { url } = await serveUpstream((response, request) => {
    void (async () => {
      const sent = request.method === 'GET' ? undefined : await json(request)
      calls.push([`${request.method ?? ''} ${request.url ?? ''}`, sent])
      response.end(JSON.stringify(labels.map((name) => ({ name }))))
    })()
  })
  return { url, calls }
}

function eventFile(event: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'event-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'event.json')
  writeFileSync(path, JSON.stringify(event))
  return path
}
