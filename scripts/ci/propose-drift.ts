import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Invocation } from '../spec/cli/invocation.ts'
import { propose } from './proposal.ts'
import { BRANCH, openPull } from './pull-request.ts'
import { callGitHub, setting } from './runner.ts'
import { ACCEPTED, acceptedIn, withAccepted } from './verdict.ts'

const PATHS = ['openapi.json', 'src/generated', 'specs', 'api', '.changeset']

/**
 * Proposes what was taken over. The pull request is labelled with the class; what a person accepted holds while the very
 * same breaks.
 */
export async function proposeDrift(invocation: Invocation): Promise<number> {
  const { env } = invocation
  const [drift, breaks] = [setting(env, 'DRIFT_CLASS'), env['DRIFT_BREAKS'] ?? '']
  const proposal = await readFile(join(setting(env, 'RUNNER_TEMP'), 'pull-request.md'), 'utf8')
  await propose(invocation, {
    branch: BRANCH,
    title: 'Adopt the upstream contract',
    body: (open) => withAccepted(proposal, open && acceptedIn(open.body) === breaks ? breaks : ''),
    paths: PATHS,
  })
  const pull = await openPull(env, BRANCH)
  if (!pull) return 0
  const others = pull.labels.filter((name) => !name.startsWith('drift:'))
  const isAccepted = pull.labels.includes(ACCEPTED) && breaks !== '' && acceptedIn(pull.body) === breaks
  const labels = [...others, `drift:${drift}`, ...(isAccepted ? [ACCEPTED] : [])]
  if (labels.join() !== pull.labels.join())
    await callGitHub(env, 'PUT', `/issues/${pull.number}/labels`, { labels })
  return 0
}
