import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Invocation } from '../spec/cli/invocation.ts'
import { withCorrections } from '../spec/cli/comparison.ts'
import { sourceOf } from '../spec/cli/invocation.ts'
import { corrected } from '../spec/contract/overlay.ts'
import { compareDocument } from '../spec/diff/index.ts'
import type { Drift } from '../spec/drift.ts'
import { readPinned } from '../spec/contract/pinned.ts'
import { inMarkdown, report } from '../spec/report/index.ts'
import { annotation } from '../spec/lib/annotation.ts'
import { codeSpan } from '../spec/lib/code-span.ts'
import { messageOf, RefusedError, UpstreamError } from '../spec/lib/failure.ts'
import { readUpstreamText } from '../spec/fetch.ts'
import { setOutputs, setting, summarize } from './runner.ts'
import { ACCEPTED, breaksIn } from './verdict.ts'

/** Files that the step leaves in the runner's temporary folder, for later steps and as an artifact. */
const FILES = {
  document: 'upstream.json',
  json: 'drift.json',
  markdown: 'drift.md',
  proposal: 'pull-request.md',
} as const

/** The pull request's text above the changes. */
const HOW_TO = `This branch is rebuilt every day while upstream differs. If the code must change too, work on your own branch
that starts here. While a change breaks callers, a check fails until a maintainer adds the label \`${ACCEPTED}\`. If
something else breaks later, the label must be added again.`

/**
 * Reads the upstream document once, and says what it means for callers. Reports go to files and to the run's page. The
 * output `class` is the class, `breaks` is what breaks, and `result` says whether the check was possible. An upstream
 * that cannot be read, or whose document is refused, does not fail this step: other steps decide what follows. A
 * failure of our own fails it at once.
 */
export async function checkUpstream(invocation: Invocation): Promise<number> {
  try {
    return await tell(invocation, await driftToday(invocation))
  } catch (error) {
    return excuse(invocation, messageOf(error), outcomeOf(error))
  }
}

async function driftToday(invocation: Invocation): Promise<Drift> {
  // First, so that an upstream outage does not hide a failure of ours.
  const pinned = await readPinned(invocation.root)
  const { text, document } = await readUpstreamText(sourceOf(undefined, invocation), invocation)
  await leave(invocation, 'document', text)
  const found = await corrected(invocation.root, document)
  return withCorrections(await compareDocument(pinned, found.document), found)
}

async function tell(invocation: Invocation, drift: Drift): Promise<number> {
  const { env, print } = invocation
  const markdown = report(drift, 'markdown')
  await leave(invocation, 'json', report(drift, 'json'))
  await leave(invocation, 'markdown', markdown)
  await leave(invocation, 'proposal', inMarkdown(drift, HOW_TO))
  await summarize(env, markdown)
  const drifted = String(drift.drift !== 'none')
  await setOutputs(env, { class: drift.drift, breaks: breaksIn(drift), result: 'checked', drifted })
  print(`drift: ${drift.drift}`)
  return 0
}

type Outcome = 'unchecked' | 'refused' | 'failed'

const OUTCOMES: Readonly<Record<Outcome, { what: string; level: 'warning' | 'error'; code: number }>> = {
  unchecked: { what: 'upstream could not be checked', level: 'warning', code: 0 },
  refused: { what: 'upstream’s document was rejected', level: 'warning', code: 0 },
  failed: { what: 'the check itself failed', level: 'error', code: 1 },
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof RefusedError) return 'refused'
  return error instanceof UpstreamError ? 'unchecked' : 'failed'
}

async function excuse(invocation: Invocation, reason: string, result: Outcome): Promise<number> {
  const { env, print } = invocation
  const { what, level, code } = OUTCOMES[result]
  await summarize(env, `## ${what.charAt(0).toUpperCase()}${what.slice(1)}\n\n${codeSpan(reason)}`)
  await leave(invocation, 'json', JSON.stringify({ error: reason }))
  await setOutputs(env, { class: 'unknown', breaks: '', result, drifted: 'false' })
  print(annotation(level, `${what}: ${reason}`))
  return code
}

async function leave({ env }: Invocation, file: keyof typeof FILES, text: string): Promise<void> {
  await writeFile(join(setting(env, 'RUNNER_TEMP'), FILES[file]), `${text}\n`)
}
