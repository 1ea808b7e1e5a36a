import { join } from 'node:path'
import type { Invocation } from '../spec/cli/invocation.ts'
import { regenCommand } from '../spec/cli/regen.ts'
import { codeSpan } from '../spec/lib/code-span.ts'
import { annotation } from '../spec/lib/annotation.ts'
import { reject } from './pull-request.ts'
import { setting, summarize } from './runner.ts'

/**
 * Regenerates from the document that was judged. Where that is refused, nothing renews the pull request of an earlier
 * day: it turns red and says why, and so does the run's page.
 */
export async function takeOver(invocation: Invocation): Promise<number> {
  const { env, print } = invocation
  const complaints: string[] = []
  const args = ['--from', join(setting(env, 'RUNNER_TEMP'), 'upstream.json')]
  const code = await regenCommand({
    ...invocation,
    args,
    // The runner takes commands from within a line as well, and upstream's version is in it.
    print: (line) => print(annotation('notice', line)),
    complain: (line) => complaints.push(line),
  })
  if (code === 0) return 0
  const reason = complaints.join(' ')
  print(annotation('error', reason))
  await summarize(env, `## Upstream’s document cannot be adopted\n\n${codeSpan(reason)}`)
  await reject(invocation, reason)
  return 1
}
