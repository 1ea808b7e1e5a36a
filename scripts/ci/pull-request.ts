// A pull request as it is at this moment, and what can be done to it. No event is asked: it tells of a moment that is past.

import type { Invocation } from '../spec/cli/invocation.ts'
import { extractContract } from '../spec/contract/index.ts'
import { PINNED } from '../spec/contract/pinned.ts'
import { compareDocument } from '../spec/diff/index.ts'
import { annotation } from '../spec/lib/annotation.ts'
import { PipelineError } from '../spec/lib/failure.ts'
import { valueAt } from '../spec/lib/json.ts'
import { callGitHub, COMMIT, runPage, setting, type Env } from './runner.ts'
import { breaksIn, outdated, type Status } from './verdict.ts'

/** The branch of the pull request that follows upstream. */
export const BRANCH = 'drift/upstream'

export interface Pull {
  readonly number: number
  readonly head: string
  readonly base: string
  readonly labels: readonly string[]
  readonly body: string
}

/** A pull request by its number. */
export async function readPull(env: Env, number: string): Promise<Pull> {
  return pullIn(await callGitHub(env, 'GET', `/pulls/${number}`))
}

/** The open pull request of a branch of this repository. */
export async function openPull(env: Env, branch: string): Promise<Pull | undefined> {
  const [owner = ''] = setting(env, 'GITHUB_REPOSITORY').split('/')
  const open = await callGitHub(env, 'GET', `/pulls?state=open&head=${owner}:${branch}`)
  if (!Array.isArray(open)) throw new PipelineError('GitHub’s response is not a list of pull requests')
  return open.length === 0 ? undefined : pullIn(open[0])
}

/** A hash of the breaks of a commit for callers of a pull request's base; empty if nothing breaks. */
export async function breaksOf(env: Env, { base }: Pull, commit: string): Promise<string> {
  const [before, after] = await Promise.all([contractAt(env, base), contractAt(env, commit)])
  return breaksIn(await compareDocument(extractContract(before), after))
}

/** Sets a status of a commit. */
export async function setStatus({ env, print }: Invocation, commit: string, status: Status): Promise<void> {
  await callGitHub(env, 'POST', `/statuses/${commit}`, { ...status, target_url: runPage(env) })
  print(status.state === 'failure' ? annotation('error', status.description) : status.description)
}

/** Fails the open pull request of the drift, because upstream has changed since it was proposed. */
export async function reject(invocation: Invocation, reason: string): Promise<void> {
  const pull = await openPull(invocation.env, BRANCH)
  if (pull) await setStatus(invocation, pull.head, outdated(reason))
}

async function contractAt(env: Env, commit: string): Promise<unknown> {
  const file = await callGitHub(env, 'GET', `/contents/${PINNED}?ref=${commit}`)
  const [content, encoding] = [valueAt(file, 'content'), valueAt(file, 'encoding')]
  if (typeof content !== 'string' || encoding !== 'base64')
    throw new PipelineError(`${commit} has no ${PINNED}`)
  return JSON.parse(Buffer.from(content, 'base64').toString())
}

function pullIn(value: unknown): Pull {
  const labels = valueAt(value, 'labels')
  const [number, body] = [valueAt(value, 'number'), valueAt(value, 'body')]
  if (typeof number !== 'number' || !Array.isArray(labels))
    throw new PipelineError('GitHub’s response is not a pull request')
  return {
    number,
    head: commitIn(value, 'head'),
    base: commitIn(value, 'base'),
    labels: labels.map((label: unknown) => String(valueAt(label, 'name'))),
    body: typeof body === 'string' ? body : '',
  }
}

function commitIn(value: unknown, side: 'head' | 'base'): string {
  const sha = valueAt(value, side, 'sha')
  if (typeof sha !== 'string' || !COMMIT.test(sha))
    throw new PipelineError(`the pull request’s ${side} is not a commit`)
  return sha
}
