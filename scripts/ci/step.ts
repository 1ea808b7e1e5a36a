// A step of a workflow: step.ts STEP. Each is a file of its name here, and is loaded alone: the job that publishes has
// nothing installed.

import { fileURLToPath } from 'node:url'
import { annotation } from '../spec/lib/annotation.ts'
import { messageOf } from '../spec/lib/failure.ts'
import type { Invocation } from '../spec/cli/invocation.ts'

type Step = (invocation: Invocation) => Promise<number>

const STEPS: Readonly<Record<string, () => Promise<Step>>> = {
  accept: async () => (await import('./accept.ts')).accept,
  announce: async () => (await import('./announce.ts')).announce,
  'check-upstream': async () => (await import('./check-upstream.ts')).checkUpstream,
  'judge-acceptance': async () => (await import('./judge-acceptance.ts')).judgeAcceptance,
  'judge-outage': async () => (await import('./judge-outage.ts')).judgeOutage,
  'newest-frameworks': async () => (await import('./newest-frameworks.ts')).newestFrameworks,
  pack: async () => (await import('./pack.ts')).pack,
  'plan-release': async () => (await import('./plan-release.ts')).planRelease,
  'propose-drift': async () => (await import('./propose-drift.ts')).proposeDrift,
  'propose-release': async () => (await import('./propose-release.ts')).proposeRelease,
  publish: async () => (await import('./publish.ts')).publish,
  refuse: async () => (await import('./refuse.ts')).refuse,
  'report-frameworks': async () => (await import('./report-frameworks.ts')).reportFrameworks,
  settle: async () => (await import('./settle.ts')).settle,
  'take-over': async () => (await import('./take-over.ts')).takeOver,
  version: async () => (await import('./version.ts')).version,
}

const invocation = {
  args: [],
  env: process.env,
  root: fileURLToPath(new URL('../..', import.meta.url)),
  print: console.log,
  complain: console.error,
  progress: console.error,
}

process.exitCode = await run(process.argv[2] ?? '')

async function run(name: string): Promise<number> {
  try {
    const load = STEPS[name]
    if (load === undefined)
      throw new Error(`there is no such step. The steps are ${Object.keys(STEPS).join(', ')}`)
    return await (
      await load()
    )(invocation)
  } catch (error) {
    console.log(annotation('error', messageOf(error)))
    return 1
  }
}
