import { describe, expect, it } from 'vitest'
import { daysUnchecked, judgeOutage, type PastRun } from '../../scripts/ci/judge-outage.ts'
import { body, serveUpstream } from '../helpers/upstream-server.ts'

const NOW = new Date('2026-11-24T05:23:00Z')
const ran = (at: string): PastRun => ({ checked: true, at: new Date(at) })
const failed = (at: string): PastRun => ({ checked: false, at: new Date(at) })

describe('days without a check', () => {
  it.each<[string, PastRun[], number]>([
    ['a first failure counts', [], 1],
    ['a failure after a check counts', [ran('2026-11-23T05:23:00Z')], 1],
    ['failures in a row count', [failed('2026-11-22T05:23:00Z'), failed('2026-11-23T05:23:00Z')], 3],
    ['failures before a check do not', [failed('2026-11-22T05:23:00Z'), ran('2026-11-23T05:23:00Z')], 1],
    ['a day counts once', [failed('2026-11-24T01:00:00Z'), failed('2026-11-24T02:00:00Z')], 1],
    ['the order does not matter', [failed('2026-11-23T05:23:00Z'), ran('2026-11-22T05:23:00Z')], 2],
    ['a day without a run does not count', [failed('2026-11-20T05:23:00Z')], 2],
  ])('%s', (_, history, days) => {
    expect(daysUnchecked(history, NOW)).toBe(days)
  })
})

describe('the step', () => {
  it.each([
    ['is green on the second day', ['2026-11-23'], 0],
    ['is red on the third', ['2026-11-22', '2026-11-23'], 1],
  ])('%s', async (_, days, code) => {
    const none = body(JSON.stringify({ artifacts: [] }))
    const unchecked = body(JSON.stringify({ artifacts: days.map((day) => artifact(day, 'main')) }))
    const { url, requests } = await serveUpstream(none, unchecked)
    expect(await judgeOutage(invocation(url), NOW)).toBe(code)
    expect(requests).toEqual([
      '/repos/o/r/actions/artifacts?name=drift-checked&per_page=100',
      '/repos/o/r/actions/artifacts?name=drift-unchecked&per_page=100',
    ])
  })

  it('counts no run of another branch', async () => {
    const artifacts = [artifact('2026-11-22', 'other'), artifact('2026-11-23', 'other')]
    const { url } = await serveUpstream(body(JSON.stringify({ artifacts })))
    expect(await judgeOutage(invocation(url), NOW)).toBe(0)
  })

  it('fails where the past cannot be read', async () => {
    const { url } = await serveUpstream(body('{}', 'application/json', 403))
    await expect(judgeOutage(invocation(url), NOW)).rejects.toThrow('GitHub responded with 403 to GET')
  })
})

function artifact(day: string, head_branch: string): object {
  return { created_at: `${day}T05:23:00Z`, workflow_run: { head_branch } }
}

function invocation(url: string): Parameters<typeof judgeOutage>[0] {
  const env = { GITHUB_API_URL: url, GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: 't', GITHUB_REF_NAME: 'main' }
  const ignore = (): void => undefined
  return { args: [], env, root: '', print: ignore, complain: ignore, progress: ignore }
}
