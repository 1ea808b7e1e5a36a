// A pull request of what a workflow changed, made by the API alone: no credentials are left in the checkout.

import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Invocation } from '../spec/cli/invocation.ts'
import { PipelineError } from '../spec/lib/failure.ts'
import { valueAt } from '../spec/lib/json.ts'
import { openPull, type Pull } from './pull-request.ts'
import { callGitHub, findOnGitHub, setOutputs, type Env } from './runner.ts'

export interface Proposal {
  readonly branch: string
  readonly title: string
  /** The body, given the pull request that is open. */
  readonly body: (open: Pull | undefined) => string
  /** Paths whose changes are proposed. */
  readonly paths: readonly string[]
}

/**
 * Brings a branch, rebuilt as one commit on this one, and its pull request up to date, or closes both where nothing has
 * changed. Gives `number` and `head` of the pull request as outputs.
 */
export async function propose({ env, root, print }: Invocation, proposal: Proposal): Promise<void> {
  const open = await openPull(env, proposal.branch)
  const files = changedFiles(root, proposal.paths)
  if (files.length === 0) {
    if (open) await close(env, open, proposal.branch)
    print('nothing to propose')
    return
  }
  const head = await commit(env, root, files, proposal.title)
  await move(env, proposal.branch, head)
  const texts = { title: proposal.title, body: proposal.body(open) }
  const pull = open
    ? await callGitHub(env, 'PATCH', `/pulls/${open.number}`, texts)
    : await callGitHub(env, 'POST', '/pulls', { ...texts, head: proposal.branch, base: await baseOf(env) })
  const number = String(valueAt(pull, 'number'))
  await setOutputs(env, { number, head })
  print(`pull request ${number} is at ${head}`)
}

async function close(env: Env, { number }: Pull, branch: string): Promise<void> {
  await callGitHub(env, 'PATCH', `/pulls/${number}`, { state: 'closed' })
  await callGitHub(env, 'DELETE', `/git/refs/heads/${branch}`)
}

interface Changed {
  readonly path: string
  readonly isGone: boolean
}

function changedFiles(root: string, paths: readonly string[]): Changed[] {
  const args = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', ...paths]
  return git(root, ...args)
    .split('\0')
    .filter(Boolean)
    .map((line) => ({ path: line.slice(3), isGone: line.slice(0, 2).includes('D') }))
}

async function commit(env: Env, root: string, files: readonly Changed[], message: string): Promise<string> {
  const entries = files.map(async ({ path, isGone }) => {
    const entry = { path, mode: '100644', type: 'blob' }
    return isGone ? { ...entry, sha: null } : { ...entry, content: await readFile(join(root, path), 'utf8') }
  })
  const [parent, base_tree] = git(root, 'rev-parse', 'HEAD', 'HEAD^{tree}').trim().split('\n')
  const tree = await callGitHub(env, 'POST', '/git/trees', { base_tree, tree: await Promise.all(entries) })
  const made = { message, tree: valueAt(tree, 'sha'), parents: [parent] }
  const sha = valueAt(await callGitHub(env, 'POST', '/git/commits', made), 'sha')
  if (typeof sha !== 'string') throw new PipelineError('GitHub’s response has no commit')
  return sha
}

async function move(env: Env, branch: string, sha: string): Promise<void> {
  if (await findOnGitHub(env, `/git/ref/heads/${branch}`))
    await callGitHub(env, 'PATCH', `/git/refs/heads/${branch}`, { sha, force: true })
  else await callGitHub(env, 'POST', '/git/refs', { ref: `refs/heads/${branch}`, sha })
}

async function baseOf(env: Env): Promise<string> {
  return String(valueAt(await callGitHub(env, 'GET', ''), 'default_branch'))
}

function git(root: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' })
}
