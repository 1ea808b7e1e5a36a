import { readFile } from 'node:fs/promises'
import type { Invocation } from '../spec/cli/invocation.ts'
import { CLASSES } from '../spec/drift.ts'
import { annotation } from '../spec/lib/annotation.ts'
import { PipelineError } from '../spec/lib/failure.ts'
import { valueAt } from '../spec/lib/json.ts'
import { callGitHub, setting, type Env } from './runner.ts'
import { acceptanceOf, checkStatus, labelsFor, outdated, type Status } from './verdict.ts'

/** The branch of the pull request that the workflow keeps. */
export const BRANCH = 'drift/upstream'

/**
 * Labels the drift's pull request and sets the statuses of its newest commit; a pull request that a workflow made
 * starts no checks by itself. Fails where one of them is red.
 */
export async function settle({ env, print }: Invocation): Promise<number> {
  const issue = `/issues/${matching(env, 'PULL_REQUEST', /^\d+$/, 'no number')}/labels`
  const drift = CLASSES.find((name) => name === env['DRIFT_CLASS'])
  if (drift === undefined) throw new PipelineError('DRIFT_CLASS is no class of drift')
  const breaks = drift === 'breaking' ? matching(env, 'DRIFT_BREAKS', /^[\da-f]{12}$/, 'no short hash') : ''
  const labels = labelsFor(labelNames(await callGitHub(env, 'GET', issue)), drift, breaks)
  const statuses = [checkStatus(setting(env, 'CHECK_OUTCOME')), acceptanceOf(labels)]
  // First: a merge waits for them, whatever becomes of the labels.
  const code = await publish(env, print, headIn(env), statuses)
  await callGitHub(env, 'PUT', issue, { labels })
  return code
}

/** Sets the status that depends on labels anew, after a person changed them. Fails where it is red. */
export async function accept({ env, print }: Invocation): Promise<number> {
  const event: unknown = JSON.parse(await readFile(setting(env, 'GITHUB_EVENT_PATH'), 'utf8'))
  const labels = labelNames(valueAt(event, 'pull_request', 'labels'))
  return publish(env, print, headIn(env), [acceptanceOf(labels)])
}

/** Turns each open pull request of the drift's branch red: what it proposes is not what upstream says today. */
export async function reject({ env, print }: Invocation, reason: string): Promise<void> {
  const [owner = ''] = setting(env, 'GITHUB_REPOSITORY').split('/')
  const open = await callGitHub(env, 'GET', `/pulls?state=open&head=${owner}:${BRANCH}`)
  if (!Array.isArray(open)) throw new PipelineError('GitHub’s list of pull requests is none')
  for (const pull of open as readonly unknown[]) {
    await publish(
      env,
      print,
      commit(valueAt(pull, 'head', 'sha'), 'the pull request’s head'),
      outdated(reason),
    )
  }
}

async function publish(
  env: Env,
  print: (line: string) => void,
  sha: string,
  statuses: readonly Status[],
): Promise<number> {
  const run = `${setting(env, 'GITHUB_SERVER_URL')}/${setting(env, 'GITHUB_REPOSITORY')}/actions/runs/${setting(env, 'GITHUB_RUN_ID')}`
  for (const status of statuses) {
    await callGitHub(env, 'POST', `/statuses/${sha}`, { ...status, target_url: run })
    print(status.state === 'failure' ? annotation('error', status.description) : status.description)
  }
  return statuses.some(({ state }) => state === 'failure') ? 1 : 0
}

function labelNames(labels: unknown): string[] {
  if (!Array.isArray(labels)) throw new PipelineError('there is no list of labels')
  return labels.map((label: unknown) => String(valueAt(label, 'name')))
}

function headIn(env: Env): string {
  return commit(setting(env, 'HEAD_SHA'), 'HEAD_SHA')
}

function commit(sha: unknown, name: string): string {
  if (typeof sha !== 'string' || !/^[\da-f]{40}$/.test(sha)) throw new PipelineError(`${name} is no commit`)
  return sha
}

/** A variable of a certain form, which is safe in a path. */
function matching(env: Env, name: string, form: RegExp, fault: string): string {
  const value = setting(env, name)
  if (!form.test(value)) throw new PipelineError(`${name} is ${fault}`)
  return value
}
