import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Invocation } from '../../scripts/spec/cli/invocation.ts'
import type { GitHub } from './state.ts'

/** The page of the run. */
export const RUN = 'https://github.com/o/r/actions/runs/9'

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
  /** What the steps printed. */
  readonly printed: string[]
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
  const printed: string[] = []
  const print = (line: string): unknown => printed.push(line)
  return {
    step: (more) => ({ args: [], env: { ...own, ...more }, root, print, ...QUIETLY }),
    printed,
    read,
    outputs: () => Object.fromEntries(lines().map(([, name = '', value]) => [name, value])),
  }
}

/** Commits what is in a folder, and gives it to GitHub as main. */
export function pushMain(github: GitHub, root: string, paths: readonly string[]): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  if (!existsSync(join(root, '.git'))) git('init', '--quiet')
  git('add', '--', ...paths)
  git('-c', 'user.name=a', '-c', 'user.email=a@b.test', 'commit', '--quiet', '--allow-empty', '-m', 'Change')
  const [commit = '', tree = ''] = git('rev-parse', 'HEAD', 'HEAD^{tree}').split('\n')
  const names = git('ls-files').split('\n')
  github.push(
    commit,
    tree,
    Object.fromEntries(names.map((name) => [name, readFileSync(join(root, name), 'utf8')])),
  )
  return commit
}

const ignore = (): void => undefined
/** Tells nobody, and lets the waits between tries pass at once. */
const QUIETLY = { complain: ignore, progress: ignore, wait: async (): Promise<void> => undefined }
