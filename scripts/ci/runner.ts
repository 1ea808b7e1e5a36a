// What GitHub's runner gives to a step, and takes from it.

import { appendFile } from 'node:fs/promises'
import { PipelineError } from '../spec/lib/failure.ts'

/** The variables of a step. */
export type Env = Readonly<Record<string, string | undefined>>

/**
 * A variable that the workflow sets.
 *
 * @throws PipelineError if it is missing or empty.
 */
export function setting(env: Env, name: string): string {
  const value = env[name] ?? ''
  if (value === '') throw new PipelineError(`${name} is not set`)
  return value
}

/** Gives outputs to later steps. Only words of ours: a line break in a value would set another output. */
export async function setOutputs(env: Env, outputs: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`)
  await appendFile(setting(env, 'GITHUB_OUTPUT'), lines.join(''))
}

/** Adds Markdown to the page of the run. */
export async function summarize(env: Env, markdown: string): Promise<void> {
  await appendFile(setting(env, 'GITHUB_STEP_SUMMARY'), `${markdown}\n`)
}

/**
 * Calls the API of GitHub about this repository.
 *
 * @param path - below the repository, with a leading slash.
 * @returns the JSON of the answer.
 * @throws PipelineError if it does not succeed.
 */
export async function callGitHub(
  env: Env,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const url = `${setting(env, 'GITHUB_API_URL')}/repos/${setting(env, 'GITHUB_REPOSITORY')}${path}`
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${setting(env, 'GITHUB_TOKEN')}`,
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  if (!response.ok) throw new PipelineError(`GitHub answered ${response.status} to ${method} ${path}`)
  return response.json()
}
