import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { expect } from 'vitest'
import type { Invocation } from '../../scripts/spec/cli/invocation.ts'
import type { Runner } from './fake-runner.ts'

/** A job of a workflow, and what is around it. */
interface Job {
  /** A file of .github/workflows that has one job. */
  readonly workflow: string
  /** Makes a runner for a step. */
  readonly runner: () => Runner
  readonly env: Readonly<Record<string, string>>
  /** The outcomes of commands that are not played, if they fail. */
  readonly outcomes: Readonly<Record<string, string>>
}

interface Step {
  readonly id: string
  readonly condition: string
  readonly mayFail: boolean
  readonly command: string
  readonly env: Readonly<Record<string, string>>
}

interface Result {
  readonly outcome: string
  readonly outputs: Partial<Record<string, string>>
}

/**
 * Plays the steps of scripts/ci that a job has, in its order and under its conditions. All else succeeds, unless
 * `outcomes` says otherwise. Resolves with the commands that failed the job.
 */
export async function playJob({ workflow, runner, env, outcomes }: Job): Promise<string[]> {
  const results: Record<string, Result> = {}
  const failed: string[] = []
  const valueOf = (expression: string): string | boolean | undefined =>
    runInNewContext(expression, {
      steps: new Proxy(results, { get: (all, id) => all[String(id)] ?? { outputs: {} } }),
      env,
      github: { token: 't' },
      always: () => true,
    }) as string | boolean | undefined
  const filled = (text: string): string =>
    text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => String(valueOf(expression) ?? ''))

  for (const { id, condition, mayFail, command, env: own } of stepsOf(workflow)) {
    if (failed.length > 0 && !condition.includes('always()')) continue
    if (!valueOf(condition)) continue
    const { step, outputs } = runner()
    const all = Object.fromEntries(Object.entries(own).map(([name, text]) => [name, filled(text)]))
    const outcome = outcomes[command] ?? (await outcomeOf(command, step({ ...env, ...all })))
    results[id] = { outcome, outputs: outputs() }
    if (outcome !== 'success' && !mayFail) failed.push(command)
  }
  return failed
}

async function outcomeOf(command: string, invocation: Invocation): Promise<string> {
  const [, name] = /scripts\/ci\/step\.ts ([\w-]+)$/.exec(command) ?? []
  if (name === undefined) return 'success'
  const steps = (await import(`../../scripts/ci/${name}.ts`)) as Record<string, unknown>
  const step = steps[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())]
  if (typeof step !== 'function') expect.fail(`scripts/ci/${name}.ts exports no function of its name`)
  return (await (step as (invocation: Invocation) => Promise<number>)(invocation)) === 0
    ? 'success'
    : 'failure'
}

function stepsOf(workflow: string): Step[] {
  const text = readFileSync(new URL(`../../.github/workflows/${workflow}`, import.meta.url), 'utf8')
  return text
    .slice(text.indexOf('\n    steps:\n'))
    .split(/\n {6}- /)
    .slice(1)
    .map((step) => {
      const field = (key: string): string => new RegExp(`^ *${key}: (.*)$`, 'm').exec(step)?.[1] ?? ''
      const [, env = ''] = step.split(/^ +env:\n/m)
      return {
        id: field('id'),
        condition: field('if') || 'true',
        mayFail: field('continue-on-error') === 'true',
        command: field('run'),
        env: Object.fromEntries(
          [...env.matchAll(/^ +(\w+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
        ),
      }
    })
}
