// A repository on GitHub, from its first push to its second release, by the steps of the workflows.

import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { accept } from '../../scripts/ci/accept.ts'
import { announce } from '../../scripts/ci/announce.ts'
import { judgeAcceptance } from '../../scripts/ci/judge-acceptance.ts'
import { planRelease } from '../../scripts/ci/plan-release.ts'
import { proposeRelease } from '../../scripts/ci/propose-release.ts'
import { settle } from '../../scripts/ci/settle.ts'
import { ACCEPTED, acceptedIn } from '../../scripts/ci/verdict.ts'
import { valueAt } from '../../scripts/spec/lib/json.ts'
import { body, serveUpstream } from '../helpers/upstream-server.ts'
import { edited, SCHEMAS, type Edit } from '../scripts/document.ts'
import { copyOfRepository } from '../scripts/repository.ts'
import { pushMain, runnerIn, runnerOf, type Runner } from './fake-runner.ts'
import { playGitHub } from './played-github.ts'
import { playJob } from './played-job.ts'
import type { GitHub } from './state.ts'

const FIELDS = `${SCHEMAS}/RerankRequest/properties`
const NO_USER: Edit = [`${FIELDS}/user`, undefined]
const NO_TIER: Edit = [`${FIELDS}/service_tier`, undefined]
const WORDS: Edit = [`${FIELDS}/query/description`, 'Other words']
const UNSETTLED = ['npx tsx scripts/ci/step.ts settle']
const TRACKED = ['package.json', 'openapi.json', 'src', 'specs', '.changeset']

interface Repository {
  readonly github: GitHub
  readonly root: string
  readonly runner: () => Runner
}

async function firstPush(): Promise<Repository> {
  const github = await playGitHub()
  const root = copyOfRepository()
  pushMain(github, root, TRACKED)
  return { github, root, runner: () => runnerIn(root, runnerOf(github.url)) }
}

/** A day on which upstream differs by some edits: what drift.yml does, on a checkout of main, and what fails it. */
async function drift(
  { root, runner }: Repository,
  edits: readonly Edit[],
  check = 'success',
): Promise<string[]> {
  restore(root)
  const { url } = await serveUpstream(body(JSON.stringify(edited(...edits))))
  const env = { OPENAPI_URL: url, APP: 'false' }
  return playJob({ workflow: 'drift.yml', runner, env, outcomes: { '.ci/run': check } })
}

/** Makes a checkout of main of it again. */
function restore(root: string): void {
  const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: root })
  git('checkout', '--quiet', '--', '.')
  git('clean', '--quiet', '-fd', '.changeset', 'specs', 'src')
}

/** A person adds or removes the label while looking at a commit. */
async function label(
  { github, root, runner }: Repository,
  action: 'labeled' | 'unlabeled',
  seen = headOf(github),
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const pull = github.open()
  if (!pull) throw new Error('no pull request is open')
  pull.labels = pull.labels.filter((name) => name !== ACCEPTED)
  if (action === 'labeled') pull.labels.push(ACCEPTED)
  const path = join(root, 'event.json')
  const event = {
    action,
    label: { name: ACCEPTED },
    pull_request: { number: pull.number, head: { sha: seen } },
  }
  writeFileSync(path, JSON.stringify(event))
  return accept(runner().step({ GITHUB_EVENT_PATH: path, ...env }))
}

const headOf = (github: GitHub, branch = 'drift/upstream'): string => github.refs.get(`heads/${branch}`) ?? ''

/** The pull request of the drift: its class, whether it is accepted, and whether it may be merged. */
function standing(github: GitHub): object | undefined {
  const pull = github.open()
  return (
    pull && {
      labels: pull.labels,
      isNoted: acceptedIn(pull.body) !== '',
      ready: github.state('ready'),
    }
  )
}

it('a break is merged only once a person has accepted that very break', async () => {
  const repository = await firstPush()
  const { github } = repository
  expect(await drift(repository, [WORDS])).toEqual([])
  expect(standing(github)).toEqual({ labels: ['drift:docs'], isNoted: false, ready: 'success' })
  expect(github.open()?.body).toMatch(/^## Upstream drift: docs\n/)
  expect(github.files.get(headOf(github))?.['openapi.json']).toContain('Other words')

  expect(await drift(repository, [NO_USER])).toEqual(UNSETTLED)
  const red = { labels: ['drift:breaking'], isNoted: false, ready: 'failure' }
  expect(standing(github)).toEqual(red)

  // A person looks at the first break; by the time that the label comes, another has taken its place.
  const seen = headOf(github)
  expect(await drift(repository, [NO_USER, NO_TIER])).toEqual(UNSETTLED)
  expect(await label(repository, 'labeled', seen)).toBe(1)
  expect(standing(github)).toEqual(red)

  expect(await label(repository, 'labeled')).toBe(0)
  const green = { labels: ['drift:breaking', ACCEPTED], isNoted: true, ready: 'success' }
  expect(standing(github)).toEqual(green)

  // The next day the same breaks, in another commit.
  expect(await drift(repository, [NO_USER, NO_TIER, WORDS])).toEqual([])
  expect(standing(github)).toEqual(green)
  // A label that comes while the same breaks holds, whichever commit was looked at.
  expect(await label(repository, 'labeled', seenBefore(github))).toBe(0)

  expect(await label(repository, 'unlabeled')).toBe(1)
  expect(standing(github)).toEqual(red)
  expect(await label(repository, 'labeled')).toBe(0)

  // Something else breaks.
  expect(await drift(repository, [NO_TIER])).toEqual(UNSETTLED)
  expect(standing(github)).toEqual(red)

  expect(await drift(repository, [])).toEqual([])
  expect(standing(github)).toBeUndefined()
  expect(github.pulls.map(({ state }) => state)).toEqual(['closed'])
  expect(github.refs.has('heads/drift/upstream')).toBe(false)
})

it('an accepted break whose check failed is not ready', async () => {
  const repository = await firstPush()
  expect(await drift(repository, [NO_USER], 'failure')).toEqual(UNSETTLED)
  expect(await label(repository, 'labeled')).toBe(1)
  expect(standing(repository.github)).toMatchObject({ isNoted: true, ready: 'failure' })
})

it('statuses are not for a commit that nobody checked', async () => {
  const repository = await firstPush()
  await drift(repository, [WORDS])
  const { step } = repository.runner()
  const before = headOf(repository.github)
  await drift(repository, [NO_USER])
  await expect(
    settle(step({ CHECK_OUTCOME: 'success', PULL_REQUEST: '7', HEAD_SHA: before })),
  ).rejects.toThrow('which was not checked')
})

it('with an app, whose pull requests start their own checks, the job that judges runs again', async () => {
  const repository = await firstPush()
  const { github, runner } = repository
  await drift(repository, [NO_USER])
  const judge = (): Promise<number> => judgeAcceptance(runner().step({ PULL_REQUEST: '7' }))
  expect(await judge()).toBe(1)
  github.jobs.set(headOf(github), [{ id: 31, name: 'accepted', status: 'completed', conclusion: 'failure' }])
  expect(await label(repository, 'labeled', undefined, { APP: 'true' })).toBe(0)
  expect(github.calls.at(-1)).toEqual(['POST /actions/jobs/31/rerun', undefined])
  expect(await judge()).toBe(0)
})

it('releases wait for the repository’s address, then come by a pull request and a tag', async () => {
  const { github, root, runner } = await firstPush()
  const plan = async (): Promise<string | undefined> => {
    const { step, outputs, printed } = runner()
    expect(await planRelease(step())).toBe(0)
    return outputs()['action'] === 'none' ? (printed[0] ?? '') : outputs()['action']
  }
  writeFileSync(join(root, '.changeset/a.md'), "---\n'nebius-rerank': minor\n---\n\nFirst release\n")
  expect(await plan()).toMatch(
    /^::notice::Releases wait: npm publishes with provenance only if .*; it has none$/,
  )
  setManifest(root, { repository: { url: 'git+https://github.com/o/r.git' } })
  pushMain(github, root, TRACKED)
  expect(await plan()).toBe('version')

  // What `version` does, by changesets.
  rmSync(join(root, '.changeset/a.md'))
  setManifest(root, { version: '0.1.0' })
  writeFileSync(join(root, 'CHANGELOG.md'), '# nebius-rerank\n\n## 0.1.0\n\n- First release\n')
  const { step, outputs } = runner()
  expect(await proposeRelease(step())).toBe(0)
  const { number = '', head = '' } = outputs()
  expect(await settle(step({ CHECK_OUTCOME: 'success', PULL_REQUEST: number, HEAD_SHA: head }))).toBe(0)
  expect(github.open('release')).toMatchObject({
    title: 'Release 0.1.0',
    body: expect.stringContaining('- First release') as string,
  })
  expect(github.state('ready', 'release')).toBe('success')

  // It is merged.
  pushMain(github, root, [...TRACKED, 'CHANGELOG.md'])
  expect(await plan()).toBe('publish')
  const merged = runner()
  writeFileSync(join(root, 'runner/sbom.cdx.json'), '{}')
  expect(await announce(merged.step({ GITHUB_SHA: github.refs.get('heads/main') ?? '' }))).toBe(0)
  expect(github.releases).toEqual([{ tag_name: 'v0.1.0', body: '- First release', files: ['sbom.cdx.json'] }])
  expect(await plan()).toBe('release: none')
})

function setManifest(root: string, changes: object): void {
  const path = join(root, 'package.json')
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...changes }))
}

/** The commit that the pull request had before its newest. */
function seenBefore(github: GitHub): string {
  const moves = github.calls.filter(([call]) => call === 'PATCH /git/refs/heads/drift/upstream')
  return String(valueAt(moves.at(-2)?.[1], 'sha'))
}
