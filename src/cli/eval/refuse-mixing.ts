import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { targetOf } from '../bulk/output-file.ts'
import { refuseSameFile, statsOf } from '../files/index.ts'
import type { Named } from '../files/index.ts'
import type { Shell } from '../terminal.ts'
import type { EvalFlags } from './flags.ts'

/** Checks that no output is an input or another output. @throws UsageError */
export async function refuseMixing(
  positionals: readonly string[],
  flags: EvalFlags,
  { stdin, stdout, stderr }: Shell,
): Promise<void> {
  const { output, html, scores, qrels, run = [], queries, corpus } = flags
  const given = [...positionals, qrels, ...run, queries, corpus]
  const stream = (name: string, of: object): Named => ({ name, stats: statsOf(of) })
  const paths = await Promise.all(
    present(given)
      .filter((name) => name !== '-')
      .map(filesOf),
  )
  const inputs = [
    ...(await Promise.all(paths.flat().map(named))),
    ...(given.includes('-') ? [stream('standard input', stdin)] : []),
  ]
  const outputs = await Promise.all(present([output, html, scores]).map(named))
  const printed = [stream('standard output', stdout), stream('standard error', stderr)]
  outputs.forEach((each, place) => {
    refuseSameFile(each, [...inputs, ...outputs.slice(place + 1), ...printed])
  })
  for (const each of printed) refuseSameFile(each, inputs)
}

function present(names: readonly (string | undefined)[]): string[] {
  return names.filter((name) => name !== undefined)
}

/** The files of a BEIR folder, judgments of other splits among them; of a file, itself. */
async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return [path]
  const splits = await readdir(join(path, 'qrels')).catch(() => [])
  return [
    ...['corpus.jsonl', 'queries.jsonl'].map((name) => join(path, name)),
    ...splits.map((name) => join(path, 'qrels', name)),
  ]
}

async function named(name: string): Promise<Named> {
  const stats = await stat(name, { bigint: true }).catch(() => undefined)
  return { name, stats, path: stats ? undefined : await targetOf(name).catch(() => undefined) }
}
