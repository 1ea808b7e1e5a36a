import type { Invocation } from '../spec/cli/invocation.ts'
import { PipelineError } from '../spec/lib/failure.ts'
import { valueAt } from '../spec/lib/json.ts'
import { callGitHub, runPage, setting, type Env } from './runner.ts'

const TITLE = 'The adapters fail with the newest frameworks'

/** Opens an issue if the adapters' tests failed with the newest versions, and closes it if they pass again. */
export async function reportFrameworks({ env, print }: Invocation): Promise<number> {
  const hasPassed = setting(env, 'CHECK_OUTCOME') === 'success'
  const open = await openIssue(env)
  const body = `${runPage(env)} shows which adapters fail. CONTRIBUTING.md says when an adapter is removed.`
  if (hasPassed && open !== undefined) await callGitHub(env, 'PATCH', `/issues/${open}`, { state: 'closed' })
  if (!hasPassed && open === undefined) await callGitHub(env, 'POST', '/issues', { title: TITLE, body })
  print(hasPassed ? 'the adapters work with the newest frameworks' : TITLE)
  return 0
}

async function openIssue(env: Env): Promise<number | undefined> {
  const issues = await callGitHub(env, 'GET', '/issues?state=open&per_page=100')
  if (!Array.isArray(issues)) throw new PipelineError('GitHub’s response is not a list of issues')
  const found: unknown = issues.find((issue: unknown) => valueAt(issue, 'title') === TITLE)
  const number = valueAt(found, 'number')
  return typeof number === 'number' ? number : undefined
}
