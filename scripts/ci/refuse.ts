import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Invocation } from '../spec/cli/invocation.ts'
import { valueAt } from '../spec/lib/json.ts'
import { reject } from './pull-request.ts'
import { setting } from './runner.ts'

/**
 * Turns the open pull request red where today's document was refused before anything could be regenerated; the check
 * left the reason. Always fails.
 */
export async function refuse(invocation: Invocation): Promise<number> {
  const path = join(setting(invocation.env, 'RUNNER_TEMP'), 'drift.json')
  const left: unknown = JSON.parse(await readFile(path, 'utf8'))
  await reject(invocation, String(valueAt(left, 'error')))
  return 1
}
