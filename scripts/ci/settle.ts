import type { Invocation } from '../spec/cli/invocation.ts'
import { breaksOf, readPull, setStatus } from './pull-request.ts'
import { PipelineError } from '../spec/lib/failure.ts'
import { COMMIT, matching, NUMBER, setting } from './runner.ts'
import { checkStatus, isAccepted, readiness } from './verdict.ts'

/**
 * Sets the statuses of a pull request that a workflow made, which starts no checks by itself: what the full check said, and
 * whether it is ready. Fails where it is not.
 */
export async function settle(invocation: Invocation): Promise<number> {
  const { env } = invocation
  const check = checkStatus(setting(env, 'CHECK_OUTCOME'))
  const pull = await readPull(env, matching(env, 'PULL_REQUEST', NUMBER))
  if (pull.head !== matching(env, 'HEAD_SHA', COMMIT))
    throw new PipelineError(`the pull request has moved to ${pull.head}, which was not checked`)
  const breaks = await breaksOf(env, pull, pull.head)
  const status = readiness(check.state === 'success', breaks, isAccepted(breaks, pull.labels, pull.body))
  for (const each of [check, status]) await setStatus(invocation, pull.head, each)
  return status.state === 'success' ? 0 : 1
}
