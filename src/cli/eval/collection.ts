import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { JudgedQuery, Qrels, Run } from '../../eval/index.ts'
import { unreadable } from '../files/index.ts'
import { readJudgedQueries } from './judged-queries.ts'
import { SAMPLE_PATH } from './sample.ts'
import { joinTexts, readQrelsFile, readRunFile } from './trec-files.ts'
import { UsageError } from '../terminal.ts'

/** The queries or runs to evaluate. */
export type Source =
  | {
      /** The name in a report. */
      title: string
      /** Queries with texts, which can be reranked. */
      queries: JudgedQuery[]
      runs?: undefined
    }
  | {
      title: string
      queries?: undefined
      qrels: Qrels
      /** One or two runs, which are measured as they are. */
      runs: { name: string; run: Run }[]
    }

/** The flags that select the input. */
export interface SourceFlags {
  sample: boolean
  qrels?: string | undefined
  run?: string[] | undefined
  queries?: string | undefined
  corpus?: string | undefined
  fields?: string | undefined
}

/** Reads the input that the flags and arguments name. @throws UsageError */
export async function readSource(
  positionals: readonly string[],
  flags: SourceFlags,
  stdin: NodeJS.ReadStream,
): Promise<Source> {
  const { sample, qrels, run: runs = [], queries, corpus } = flags
  const fields = (flags.fields ?? 'title,text').split(',').map((field) => field.trim())
  if (fields.includes('')) throw new UsageError('--fields needs names with commas between them')
  const [path, ...more] = positionals
  const kinds = [sample, path !== undefined, qrels !== undefined && path === undefined].filter(Boolean).length
  if (more.length > 0 || kinds !== 1) throw new UsageError(HOW)

  if (sample)
    return { title: 'the sample collection', queries: await readJudgedQueries(SAMPLE_PATH, fields, stdin) }
  const folder = path !== undefined && (await isFolder(path)) ? await beirFiles(path, qrels) : undefined
  const files = folder ?? (path === undefined && qrels !== undefined ? { qrels, queries, corpus } : undefined)
  if (!files) {
    const odd = (['qrels', 'run', 'queries', 'corpus'] as const).find((name) => flags[name] !== undefined)
    if (odd !== undefined)
      throw new UsageError(`--${odd} cannot be combined with a file of queries and documents`)
    const judged = await readJudgedQueries(path ?? '', fields, stdin)
    return { title: path === '-' ? 'standard input' : basename(path ?? ''), queries: judged }
  }

  const [first, second, ...others] = runs
  if (first === undefined) {
    throw new UsageError(
      folder
        ? "--run is missing: reranking takes the candidates of a first stage, such as BM25's, in TREC's six columns"
        : "--run is missing: the run to measure, in TREC's six columns",
    )
  }
  if (others.length > 0) throw new UsageError('--run must be given once, or twice to compare two runs')
  const judgments = await readQrelsFile(files.qrels, stdin)
  const run = await readRunFile(first, stdin)
  if (files.queries === undefined && files.corpus === undefined) {
    const two = second === undefined ? [] : [{ name: nameOf(second), run: await readRunFile(second, stdin) }]
    return { title: nameOf(first), qrels: judgments, runs: [{ name: nameOf(first), run }, ...two] }
  }
  if (files.queries === undefined || files.corpus === undefined) {
    throw new UsageError('--queries and --corpus must be given together: reranking needs the texts of both')
  }
  if (second !== undefined) {
    throw new UsageError('--run must be given once to rerank texts: to compare two runs, leave the texts out')
  }
  const texts = { queries: files.queries, corpus: files.corpus, fields }
  return { title: nameOf(first), queries: await joinTexts({ qrels: judgments, run }, texts, stdin) }
}

const HOW = 'eval takes one of: a file of queries and documents, a BEIR folder, --qrels and --run, --sample'

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : basename(path)
}

async function isFolder(path: string): Promise<boolean> {
  if (path === '-') return false
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new UsageError(`Can't read ${path}: no such file or folder`)
  return found.isDirectory()
}

/** The files of a BEIR folder; of several qrels, those of the test split. */
async function beirFiles(
  folder: string,
  qrels: string | undefined,
): Promise<{ qrels: string; queries: string; corpus: string }> {
  const files = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error)
  })
  const lacking = ['corpus.jsonl', 'queries.jsonl'].find((name) => !files.includes(name))
  if (lacking !== undefined) throw new UsageError(`${folder} is not a BEIR folder: it has no ${lacking}`)
  const splits = (await readdir(join(folder, 'qrels')).catch(() => [])).filter((name) =>
    name.endsWith('.tsv'),
  )
  const split = splits.includes('test.tsv') ? 'test.tsv' : splits.length === 1 ? splits[0] : undefined
  if (qrels === undefined && split === undefined) {
    const found = splits.length === 0 ? 'none' : splits.join(', ')
    throw new UsageError(
      `${folder}/qrels must have test.tsv or one file, got ${found}: name one with --qrels`,
    )
  }
  return {
    qrels: qrels ?? join(folder, 'qrels', split ?? ''),
    queries: join(folder, 'queries.jsonl'),
    corpus: join(folder, 'corpus.jsonl'),
  }
}
