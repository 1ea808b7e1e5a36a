import { readFile } from 'node:fs/promises'
import type { Invocation } from '../spec/cli/invocation.ts'
import { annotation } from '../spec/lib/annotation.ts'
import { PipelineError } from '../spec/lib/failure.ts'
import { valueAt } from '../spec/lib/json.ts'
import { breaksOf, readPull, setStatus, type Pull } from './pull-request.ts'
import { callGitHub, COMMIT, setting, type Env } from './runner.ts'
import { ACCEPTED, acceptedIn, CHECK, isAccepted, readiness, withAccepted } from './verdict.ts'

/**
 * Notes in the pull request's body what a person accepted by the label, and judges the newest commit again. What was
 * seen is the commit of the event. Where another one breaks something else by now, the label is taken off again. Fails
 * where the pull request is not ready.
 */
export async function accept(invocation: Invocation): Promise<number> {
  const { env, print } = invocation
  const event: unknown = JSON.parse(await readFile(setting(env, 'GITHUB_EVENT_PATH'), 'utf8'))
  const seen = valueAt(event, 'pull_request', 'head', 'sha')
  if (typeof seen !== 'string' || !COMMIT.test(seen))
    throw new PipelineError('the event’s head is not a commit')
  const pull = await readPull(env, String(valueAt(event, 'pull_request', 'number')))
  const breaks = await breaksOf(env, pull, pull.head)
  const hasLabel = pull.labels.includes(ACCEPTED)
  const isNew = valueAt(event, 'action') === 'labeled' && valueAt(event, 'label', 'name') === ACCEPTED
  const accepted = isNew && hasLabel ? await breaksOf(env, pull, seen) : acceptedIn(pull.body)
  const note = hasLabel && accepted === breaks ? breaks : ''
  if (note !== acceptedIn(pull.body))
    await callGitHub(env, 'PATCH', `/pulls/${pull.number}`, { body: withAccepted(pull.body, note) })
  if (hasLabel && accepted !== breaks) {
    print(
      annotation(
        'warning',
        `The breaks are not the ones that were accepted: review them, and add the label ${ACCEPTED} again.`,
      ),
    )
    await callGitHub(env, 'DELETE', `/issues/${pull.number}/labels/${encodeURIComponent(ACCEPTED)}`)
  }
  const isTaken = isAccepted(breaks, hasLabel ? pull.labels : [], withAccepted(pull.body, note))
  return env['APP'] === 'true' ? judgeAgain(env, pull) : tell(invocation, pull, breaks, isTaken)
}

/** Where nothing starts the pull request's own checks, the status is what the earlier check and the acceptance say. */
async function tell(invocation: Invocation, pull: Pull, breaks: string, isTaken: boolean): Promise<number> {
  const statuses = await callGitHub(invocation.env, 'GET', `/commits/${pull.head}/statuses?per_page=100`)
  // The newest comes first.
  const check = (Array.isArray(statuses) ? (statuses as readonly unknown[]) : []).find(
    (status) => valueAt(status, 'context') === CHECK,
  )
  const status = readiness(valueAt(check, 'state') === 'success', breaks, isTaken)
  await setStatus(invocation, pull.head, status)
  return status.state === 'success' ? 0 : 1
}

/** Where the pull request has checks of its own, the job that judges runs again, and what waits for it. */
async function judgeAgain(env: Env, pull: Pull): Promise<number> {
  const found = await callGitHub(
    env,
    'GET',
    `/commits/${pull.head}/check-runs?check_name=accepted&filter=latest`,
  )
  const runs = valueAt(found, 'check_runs')
  const [run] = Array.isArray(runs) ? (runs as readonly unknown[]) : []
  // One that has not begun reads the label by itself.
  if (valueAt(run, 'status') === 'completed')
    await callGitHub(env, 'POST', `/actions/jobs/${String(valueAt(run, 'id'))}/rerun`)
  return 0
}
