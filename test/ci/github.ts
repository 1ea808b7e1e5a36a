import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import type { Invocation } from '../../scripts/spec/cli/invocation.ts'
import { valueAt } from '../../scripts/spec/lib/json.ts'
import { serveUpstream } from '../helpers/upstream-server.ts'

/** The newest commit of the pull request. */
export const SHA = 'a'.repeat(40)

/** An open pull request, as GitHub lists it. */
export const PULL = { head: { sha: SHA } }

/** The page of the run. */
export const RUN = 'https://github.com/o/r/actions/runs/9'

/** GitHub as the steps of a workflow meet it: a pull request with its labels and the statuses of its commit. */
export interface GitHub {
  readonly url: string
  /** Each request that came, and its body. */
  readonly calls: (readonly [request: string, sent: unknown])[]
  /** The pull requests that are open. */
  pulls: unknown
  labels: readonly string[]
  /** States by context. */
  readonly statuses: Map<unknown, unknown>
}

/** Plays GitHub on loopback, until the test has finished. */
export async function playGitHub(labels: readonly string[] = [], pulls: unknown = []): Promise<GitHub> {
  const { url } = await serveUpstream((response, request) => {
    void (async () => {
      const { method = '', url: path = '' } = request
      const sent = method === 'GET' ? undefined : await json(request)
      github.calls.push([`${method} ${path}`, sent])
      if (method === 'PUT') github.labels = valueAt(sent, 'labels') as string[]
      if (method === 'POST') github.statuses.set(valueAt(sent, 'context'), valueAt(sent, 'state'))
      const named = github.labels.map((name) => ({ name }))
      response.end(JSON.stringify(path.includes('/pulls?') ? github.pulls : named))
    })()
  })
  const github: GitHub = { url, calls: [], pulls, labels, statuses: new Map() }
  return github
}

/** What a runner tells its steps about a GitHub at an address. */
export function runnerOf(url: string): Readonly<Record<string, string>> {
  return {
    GITHUB_API_URL: url,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_RUN_ID: '9',
    GITHUB_TOKEN: 't',
  }
}

/** A runner, and the files in which its steps leave something. */
export interface Runner {
  /** What a step is called with. */
  readonly step: (env?: Readonly<Record<string, string>>) => Invocation
  /** What the steps left in a file. */
  readonly read: (name: string) => string
  readonly outputs: () => Partial<Record<string, string>>
}

/** A runner in a copy of the repository. */
export function runnerIn(root: string, env: Readonly<Record<string, string>>): Runner {
  const temp = join(root, 'runner')
  const [output, page] = [join(temp, 'output'), join(temp, 'summary')]
  mkdirSync(temp, { recursive: true })
  for (const file of [output, page]) writeFileSync(file, '')
  const own = { ...env, RUNNER_TEMP: temp, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: page }
  const read = (name: string): string => readFileSync(join(temp, name), 'utf8')
  const lines = (): string[][] => [...read('output').matchAll(/^(\w+)=(.*)$/gm)]
  return {
    step: (more) => ({ args: [], env: { ...own, ...more }, root, ...SILENT }),
    read,
    outputs: () => Object.fromEntries(lines().map(([, name = '', value]) => [name, value])),
  }
}

const ignore = (): void => undefined
const SILENT = { print: ignore, complain: ignore, progress: ignore }
