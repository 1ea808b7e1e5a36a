import type { RankedItem, RankWithUsage } from '../../index.ts'
import { readDocuments } from './documents.ts'
import type { Document } from './documents.ts'
import { FORMATS } from '../files/index.ts'
import { choiceFlag, numberFlag, readFlags, SERVICE_FLAGS, SHARED_FLAGS } from '../flags.ts'
import { serviceFor } from '../client.ts'
import { isColoured, tell, UsageError, writeLines } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import { tableLines } from './table.ts'

/** The text of `nebius-rerank --help`. */
export const RANK_HELP = `Usage: nebius-rerank [options] QUERY [FILE… | -]
       nebius-rerank serve [options]     runs the endpoint on this machine, with a page to try it
       nebius-rerank bulk IN -o OUT      ranks a file of many queries
       nebius-rerank work --queue URL    ranks the jobs that bulk puts on a queue, on any number of machines
       nebius-rerank merge PART… -o OUT  joins outputs of bulk
       nebius-rerank eval [options]      measures how reranking changes the results of judged queries
       nebius-rerank check [options]     checks whether reranking works from this machine

Ranks documents by their relevance to a query. Each line of the files, or of standard input, is a document.

Documents
  --text-field NAME    read records (JSON Lines, JSON, CSV or TSV), whose text is in this field
  --format FORMAT      jsonl, json, csv or tsv; default: recognised from the content
  --id-field NAME      show this field of each record
  --files              each FILE is one document
  --encoding NAME      the encoding of files without a byte order mark; default: utf-8

Result
  --top N              show only the best N documents
  --min-score S        show only documents with a score of S or more
  --json               print JSON Lines: rank, index (from 0), score, document

Service
  --local              rank by shared words on this machine, without a key, a network, or understanding of meaning
  --model ID           default: Qwen/Qwen3-Reranker-8B
  --service-tier TIER  auto, default, flex or no-limit
  --base-url URL       default: NEBIUS_BASE_URL, or the public service
  --timeout SECONDS    give up after this time, including retries; default: no limit

  --debug              show the stack of an error
  -h, --help           show this text
  --version            show the versions of the package and of the spec

The key is read from NEBIUS_API_KEY, and a proxy from HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
If a query begins with a dash, or is the name of a subcommand, write -- before it.

Examples
  nebius-rerank "capital of France" cities.txt
  git log --format=%s | nebius-rerank --top 5 "fix a race condition"
  nebius-rerank --text-field body --json "refund policy" articles.jsonl | jq .document.id
  nebius-rerank --local --files "how to install" docs/*.md

Exit codes: 0 ranked, 1 the service rejected the request or failed, 2 wrong options or input.`

/** Ranks documents and prints them. */
export async function rankCommand(shell: Shell): Promise<number> {
  const { values, positionals } = readFlags(shell.args, {
    ...SHARED_FLAGS,
    ...SERVICE_FLAGS,
    'text-field': { type: 'string' },
    'id-field': { type: 'string' },
    format: { type: 'string' },
    encoding: { type: 'string' },
    files: { type: 'boolean', default: false },
    top: { type: 'string' },
    'min-score': { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [query = '', ...files] = positionals
  if (query.trim() === '') throw new UsageError('The query is missing. See nebius-rerank --help')
  const ofRecords = (['text-field', 'id-field', 'format'] as const).find((name) => values[name] !== undefined)
  if (values.files && ofRecords !== undefined) {
    throw new UsageError(`--files ranks whole files, and --${ofRecords} ranks records: choose one`)
  }
  if (values.files && files.length === 0) throw new UsageError('--files needs at least one FILE')

  const topN = numberFlag('top', values.top, { least: 1, whole: true })
  const minScore = numberFlag('min-score', values['min-score'], {})
  const { client, options } = await serviceFor(values, shell, {
    onRetry: ({ delayMs, kind, status }) =>
      shell.stderr.isTTY && tell(shell, [`${status ?? kind}, again in ${(delayMs / 1000).toFixed(1)} s`]),
  })
  const form = {
    textField: values['text-field'],
    idField: values['id-field'],
    format: choiceFlag('format', values.format, FORMATS),
    encoding: values.encoding,
    wholeFiles: values.files,
  }
  const documents = await readDocuments(files, form, shell)

  const started = performance.now()
  const result = await client.rank.withUsage(query, documents, {
    ...options,
    topN,
    minScore,
    text: ({ text }) => text,
  })
  const ms = performance.now() - started
  if (minScore !== undefined && minScore > 1 && result.ranked.length === 0) {
    await tell(shell, [
      `No document has a score of ${minScore} or more. The service's scores are from 0 to 1`,
    ])
  }
  await writeLines(shell, values.json ? jsonLines(result.ranked) : linesFor(result.ranked, shell))
  if (shell.stderr.isTTY) {
    await tell(shell, [
      summary(result, documents.filter(({ text }) => text.trim() !== '').length, { ms, local: values.local }),
    ])
  }
  return 0
}

function linesFor(ranked: readonly RankedItem<Document>[], shell: Shell): string[] {
  const rows = ranked.map(({ item: { text, file, id }, score }) => ({ score, text, label: file ?? id }))
  const { isTTY, columns } = shell.stdout
  return tableLines(rows, {
    columns: isTTY ? columns || 80 : undefined,
    coloured: isColoured(shell.stdout, shell),
  })
}

function jsonLines(ranked: readonly RankedItem<Document>[]): string[] {
  return ranked.map(({ item: { file, id, source }, index, score }, place) => {
    const document = file === undefined ? { document: source } : { file }
    return JSON.stringify({ rank: place + 1, index, score, id, ...document }).replace(
      UNSAFE_IN_JSON,
      escapeUnit,
    )
  })
}

/** Characters that JSON leaves as they are, and that terminals or their users would stumble on. */
const UNSAFE_IN_JSON = /[\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function summary(
  { ranked, usage }: RankWithUsage<Document>,
  total: number,
  { ms, local }: { ms: number; local: boolean },
): string {
  const shown = ranked.length === total ? `${total}` : `${ranked.length} of ${total}`
  const how = local ? ', by words alone (--local)' : ''
  return `${shown} documents, ${usage.total_tokens} tokens, ${Math.round(ms)} ms${how}`
}
