import { on } from 'node:events'
import { watch } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Running } from './command.ts'

/** A line of the output. */
export interface Outcome {
  id?: string | number
  line?: number
  results?: { index: number; relevance_score: number }[]
  usage?: { total_tokens: number }
  error?: { kind: string; status?: number; message: string }
}

/** A folder for the test that runs, with the lines in IN.jsonl. */
export async function folderWith(lines: readonly unknown[]): Promise<{ input: string; output: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-bulk-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const input = join(dir, 'IN.jsonl')
  await writeFile(
    input,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)) + '\n').join(''),
  )
  return { input, output: join(dir, 'OUT.jsonl') }
}

/** What an output says. */
export const outcomesIn = (text: string): Outcome[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome)

/** Resolves as soon as something is true of the folder of a file, or the command that changes it is over. */
export async function untilTrue(
  isTrue: (changed?: string) => boolean | Promise<boolean>,
  file: string,
  running: Running,
): Promise<void> {
  const watcher = watch(dirname(file))
  running.once('exit', () => watcher.close())
  const changes = on(watcher, 'change', { close: ['close'] }) as AsyncIterable<[type: string, name: string]>
  if (!(await isTrue())) for await (const [, name] of changes) if (await isTrue(name)) break
  watcher.close()
}

/** How many bytes a file has; -1 where there is no file. */
export const sizeOf = async (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => -1,
  )

/** Two jobs that can be ranked. */
export const GOOD = [
  {
    id: 'a',
    query: 'capital of France',
    documents: ['Belgrade', { text: 'Paris, capital of France', more: 1 }],
  },
  { id: 2, query: 'fruit', documents: ['axle', 'fruit', 'stone'], top_n: 1 },
]
