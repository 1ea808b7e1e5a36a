import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftCommand } from '../../scripts/spec/cli/drift.ts'

/** What the command did. */
export interface Outcome {
  readonly code: number
  readonly printed: readonly string[]
  readonly complaints: readonly string[]
}

/** Runs the command on a copy of the repository; the waits between tries pass at once. */
export async function runDrift(
  root: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const printed: string[] = []
  const complaints: string[] = []
  const code = await driftCommand({
    args,
    env,
    root,
    terminal: { color: false },
    print: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
    progress: () => undefined,
    wait: async () => undefined,
  })
  return { code, printed, complaints }
}

/** Puts a document beside the repository's files; returns its path. */
export function upstreamFile(root: string, document: unknown): string {
  const path = join(root, 'upstream.json')
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document))
  return path
}
