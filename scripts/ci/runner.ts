// The environment that GitHub's runner provides for a step, and the outputs of a step.

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

/**
 * A variable of a certain form, which is safe in a path.
 *
 * @param form - What the whole value matches.
 * @throws PipelineError if it has another form.
 */
export function matching(env: Env, name: string, form: RegExp): string {
  const value = setting(env, name)
  if (!form.test(value)) throw new PipelineError(`${name} does not match ${form.source}`)
  return value
}

export const COMMIT = /^[\da-f]{40}$/
export const NUMBER = /^[1-9]\d*$/

/** Sets outputs for later steps. The values must be our own, because a line break in one would set another output. */
export async function setOutputs(env: Env, outputs: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`)
  await appendFile(setting(env, 'GITHUB_OUTPUT'), lines.join(''))
}

/** Adds Markdown to the page of the run. */
export async function summarize(env: Env, markdown: string): Promise<void> {
  await appendFile(setting(env, 'GITHUB_STEP_SUMMARY'), `${markdown}\n`)
}

/** The page of the run. */
export function runPage(env: Env): string {
  return `${setting(env, 'GITHUB_SERVER_URL')}/${setting(env, 'GITHUB_REPOSITORY')}/actions/runs/${setting(env, 'GITHUB_RUN_ID')}`
}

/** GitHub's refusal of a call. */
export class GitHubError extends PipelineError {
  /** The status of the response. */
  readonly status: number

  constructor(status: number, call: string) {
    super(`GitHub responded with ${status} to ${call}`)
    this.status = status
  }
}

/**
 * Calls the API of GitHub about this repository.
 *
 * @param path - below the repository, with a leading slash.
 * @returns the JSON or the text of the response; undefined without a body.
 * @throws GitHubError if the call fails.
 */
export async function callGitHub(
  env: Env,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const url = `${setting(env, 'GITHUB_API_URL')}/repos/${setting(env, 'GITHUB_REPOSITORY')}${path}`
  return send(env, `${method} ${path}`, url, method, body === undefined ? undefined : JSON.stringify(body))
}

/** Adds a JSON file to a release, at the address that GitHub named. */
export async function uploadToGitHub(env: Env, url: string, text: string): Promise<void> {
  await send(env, 'the upload of a file', url, 'POST', text)
}

async function send(env: Env, call: string, url: string, method: string, body?: string): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${setting(env, 'GITHUB_TOKEN')}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await response.text()
  if (!response.ok) throw new GitHubError(response.status, call)
  return text === '' ? undefined : JSON.parse(text)
}

/** The same, but returns undefined if there is nothing. */
export async function findOnGitHub(env: Env, path: string): Promise<unknown> {
  try {
    return await callGitHub(env, 'GET', path)
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined
    throw error
  }
}
