import type { Invocation } from '../spec/cli/invocation.ts'
import { annotation } from '../spec/lib/annotation.ts'
import { breaksOf, readPull } from './pull-request.ts'
import { matching, NUMBER } from './runner.ts'
import { isAccepted, readiness } from './verdict.ts'

/** Fails if a pull request breaks callers and nobody accepted that, according to its newest commit, labels and body. */
export async function judgeAcceptance({ env, print }: Invocation): Promise<number> {
  const pull = await readPull(env, matching(env, 'PULL_REQUEST', NUMBER))
  const breaks = await breaksOf(env, pull, pull.head)
  const { state, description } = readiness(true, breaks, isAccepted(breaks, pull.labels, pull.body))
  print(state === 'failure' ? annotation('error', description) : description)
  return state === 'failure' ? 1 : 0
}
