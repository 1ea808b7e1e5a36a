import { readFile } from 'node:fs/promises'
import type { Invocation } from '../pipeline/commands/invocation.ts'
import { CLASSES } from '../pipeline/drift.ts'
import { PipelineError } from '../pipeline/shared/failure.ts'
import { valueAt } from '../pipeline/shared/json.ts'
import { annotation, callGitHub, setting, type Env } from './runner.ts'
import { acceptanceOf, checkStatus, labelsFor, type Status } from './verdict.ts'

/**
 * Labels the drift's pull request and sets the statuses of its newest commit; a pull request that a workflow made
 * starts no checks by itself. Fails where one of them is red.
 */
export async function settle({ env, print }: Invocation): Promise<number> {
  const issue = `/issues/${numberIn(env, 'PULL_REQUEST')}/labels`
  const drift = CLASSES.find((name) => name === env['DRIFT_CLASS'])
  if (drift === undefined) throw new PipelineError('DRIFT_CLASS is no class of drift')
  // It is also empty where the pull request is as it was.
  const moved = !['', 'none'].includes(env['PULL_REQUEST_OPERATION'] ?? '')
  const labels = labelsFor(labelNames(await callGitHub(env, 'GET', issue)), drift, moved)
  await callGitHub(env, 'PUT', issue, { labels })
  return publish(env, print, [checkStatus(setting(env, 'CHECK_OUTCOME')), acceptanceOf(labels)])
}

/** Sets the status that depends on labels anew, after a person changed them. Fails where it is red. */
export async function accept({ env, print }: Invocation): Promise<number> {
  const event: unknown = JSON.parse(await readFile(setting(env, 'GITHUB_EVENT_PATH'), 'utf8'))
  const labels = labelNames(valueAt(event, 'pull_request', 'labels'))
  return publish(env, print, [acceptanceOf(labels)])
}

async function publish(
  env: Env,
  print: (line: string) => void,
  statuses: readonly Status[],
): Promise<number> {
  const sha = setting(env, 'HEAD_SHA')
  if (!/^[\da-f]{40}$/.test(sha)) throw new PipelineError('HEAD_SHA is no commit')
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

function numberIn(env: Env, name: string): string {
  const value = setting(env, name)
  if (!/^\d+$/.test(value)) throw new PipelineError(`${name} is no number`)
  return value
}
