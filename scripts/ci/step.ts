// A step of a workflow: tsx scripts/ci/step.ts STEP

import { fileURLToPath } from 'node:url'
import { annotation } from '../spec/lib/annotation.ts'
import { messageOf } from '../spec/lib/failure.ts'
import { checkUpstream } from './check-upstream.ts'
import { judgeOutage } from './outage.ts'
import { pack, publish } from './package.ts'
import { accept, settle } from './pull-request.ts'
import { refuse, takeOver } from './take-over.ts'
import { version } from './version.ts'

const STEPS = new Map([
  ['check-upstream', () => checkUpstream(invocation)],
  ['judge-outage', () => judgeOutage(invocation)],
  ['take-over', () => takeOver(invocation)],
  ['refuse', () => refuse(invocation)],
  ['settle', () => settle(invocation)],
  ['accept', () => accept(invocation)],
  ['pack', () => pack(invocation)],
  ['publish', () => publish(invocation)],
  ['version', version],
])

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
    const step = STEPS.get(name)
    if (step === undefined) throw new Error(`the steps are ${[...STEPS.keys()].join(', ')}`)
    return await step()
  } catch (error) {
    console.log(annotation('error', messageOf(error)))
    return 1
  }
}
