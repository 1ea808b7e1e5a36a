import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { driftCommand } from '../pipeline/commands/drift-command.ts'
import { sourceOf, type Invocation } from '../pipeline/commands/invocation.ts'
import { CLASSES, type DriftClass } from '../pipeline/drift.ts'
import { codeSpan } from '../pipeline/shared/code-span.ts'
import { messageOf, PipelineError } from '../pipeline/shared/failure.ts'
import { valueAt } from '../pipeline/shared/json.ts'
import { readUpstream } from '../pipeline/upstream.ts'
import { annotation, setOutputs, setting, summarize } from './runner.ts'
import { ACCEPTED } from './verdict.ts'

/** What the step leaves in the runner's temporary folder, for later steps and as an artifact. */
const FILES = {
  document: 'upstream.json',
  json: 'drift.json',
  markdown: 'drift.md',
  proposal: 'pull-request.md',
} as const

/** What the pull request says below the report. */
const HOW_TO = `This branch is rebuilt every day while upstream differs. Code that has to follow belongs on a branch of your own that
starts here. A break stays red until somebody adds the label \`${ACCEPTED}\`; another break needs it anew.`

/**
 * Reads the upstream document once, and says what it means for callers: reports in files and on the run's page, the
 * class as the output `class`, and as `result` whether it could be told. Not to reach upstream is no failure of this
 * step; how long that may go on is another step's question.
 */
export async function checkUpstream(invocation: Invocation): Promise<number> {
  const { env, print } = invocation
  try {
    const { name, markdown } = await driftToday(invocation)
    await setOutputs(env, { class: name, result: 'checked', drifted: String(name !== 'none') })
    await summarize(env, markdown)
    await writeFile(fileOf(invocation, 'proposal'), `${markdown}\n${HOW_TO}\n`)
    print(`drift: ${name}`)
  } catch (error) {
    const reason = messageOf(error)
    await setOutputs(env, { class: 'unknown', result: 'unchecked', drifted: 'false' })
    await summarize(env, `## Upstream could not be checked\n\n${codeSpan(reason)}`)
    await writeFile(fileOf(invocation, 'json'), `${JSON.stringify({ error: reason })}\n`)
    print(annotation('warning', `upstream could not be checked: ${reason}`))
  }
  return 0
}

async function driftToday(invocation: Invocation): Promise<{ name: DriftClass; markdown: string }> {
  const document = await readUpstream(sourceOf(undefined, invocation))
  const [from, json, markdown] = [
    fileOf(invocation, 'document'),
    fileOf(invocation, 'json'),
    fileOf(invocation, 'markdown'),
  ]
  await writeFile(from, JSON.stringify(document))
  const printed = await drift(invocation, ['--from', from, '--format', 'json', '--report', markdown])
  await writeFile(json, `${printed}\n`)
  const verdict = valueAt(JSON.parse(printed), 'drift')
  const name = CLASSES.find((known) => known === verdict)
  if (name === undefined) throw new PipelineError('the report names no class')
  return { name, markdown: await readFile(markdown, 'utf8') }
}

/** What the command prints; its complaint is thrown where it could not check. */
async function drift(invocation: Invocation, args: readonly string[]): Promise<string> {
  const [printed, complaints]: [string[], string[]] = [[], []]
  const code = await driftCommand({
    ...invocation,
    args,
    terminal: { color: false },
    print: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
  })
  if (code === 2) throw new PipelineError(complaints.join(' '))
  return printed.join('\n')
}

function fileOf({ env }: Invocation, file: keyof typeof FILES): string {
  return join(setting(env, 'RUNNER_TEMP'), FILES[file])
}
