import type { Invocation } from '../spec/cli/invocation.ts'
import { annotation } from '../spec/lib/annotation.ts'
import { valueAt } from '../spec/lib/json.ts'
import { callGitHub, setting, type Env } from './runner.ts'

/** A run of the drift check, and whether it could check. */
export interface PastRun {
  readonly checked: boolean
  readonly at: Date
}

/** Days without a check, this one included, from which on it is somebody's business. */
export const PATIENCE_DAYS = 3

/** The number of days with failures since the last check, today's failure included; days are of UTC. */
export function daysUnchecked(history: readonly PastRun[], now: Date): number {
  const lastCheck = Math.max(0, ...history.filter(({ checked }) => checked).map(({ at }) => at.getTime()))
  const failures = history.filter(({ checked, at }) => !checked && at.getTime() > lastCheck)
  return new Set([...failures.map(({ at }) => at), now].map((at) => at.toISOString().slice(0, 10))).size
}

/** Fails if upstream could not be checked for {@link PATIENCE_DAYS} days. Runs only if today's check failed. */
export async function judgeOutage({ env, print }: Invocation, now = new Date()): Promise<number> {
  const days = daysUnchecked([...(await runs(env, true)), ...(await runs(env, false))], now)
  const isOverdue = days >= PATIENCE_DAYS
  const text = `upstream has not been checked for ${days} ${days === 1 ? 'day' : 'days'}`
  print(annotation(isOverdue ? 'error' : 'warning', `${text}; this fails from ${PATIENCE_DAYS} days on`))
  return isOverdue ? 1 : 0
}

/** Each run leaves an artifact, whose name shows whether the check was possible. Those of other branches are ignored. */
async function runs(env: Env, checked: boolean): Promise<PastRun[]> {
  const name = checked ? 'drift-checked' : 'drift-unchecked'
  const answer = await callGitHub(env, 'GET', `/actions/artifacts?name=${name}&per_page=100`)
  const artifacts: unknown = valueAt(answer, 'artifacts')
  if (!Array.isArray(artifacts)) throw new TypeError('GitHub’s response has no list of artifacts')
  const branch = setting(env, 'GITHUB_REF_NAME')
  return artifacts
    .filter((artifact: unknown) => valueAt(artifact, 'workflow_run', 'head_branch') === branch)
    .map((artifact: unknown) => ({ checked, at: new Date(String(valueAt(artifact, 'created_at'))) }))
}
