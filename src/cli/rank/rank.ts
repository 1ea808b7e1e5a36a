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
       nebius-rerank serve [options]     the endpoint on this machine, and a page to try it
       nebius-rerank bulk IN -o OUT      a file of many queries
       nebius-rerank work --queue URL    ranks what bulk puts on a queue, on any number of machines
       nebius-rerank merge PART… -o OUT  outputs of bulk, joined
       nebius-rerank eval [options]      what reranking changes, by judged queries
       nebius-rerank check [options]     whether reranking works from here

Ranks documents by their relevance to a query: one document a line, from files or standard input.

Documents
  --text-field NAME    the text is in this field of each record: JSON Lines, JSON, CSV or TSV, recognised by the content
  --format FORMAT      jsonl, json, csv or tsv; default: recognised by the content
  --id-field NAME      shows this field of each record
  --files              each FILE is one document
  --encoding NAME      where there is no byte order mark; default: utf-8

Result
  --top N              the best N only
  --min-score S        those that score S or more only
  --json               a JSON object a line: rank, index (from 0), score, document

Service
  --local              rank by words on this machine: no key, no network, no understanding of meaning
  --model ID           default: Qwen/Qwen3-Reranker-8B
  --service-tier TIER  auto, default, flex or no-limit
  --base-url URL       default: NEBIUS_BASE_URL, or the public service
  --timeout SECONDS    give up after that, retries included

  --debug              show where a failure comes from
  -h, --help           show this text
  --version            show the version, and that of the spec

The key is read from NEBIUS_API_KEY, a proxy from HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
A query that begins with a dash, or is the name of a subcommand, comes after --.

Examples
  nebius-rerank "capital of France" cities.txt
  git log --format=%s | nebius-rerank --top 5 "fix a race condition"
  nebius-rerank --text-field body --json "refund policy" articles.jsonl | jq .document.id
  nebius-rerank --local --files "how to install" docs/*.md

Exit codes: 0 ranked, 1 the service rejected the request or failed, 2 the command was called wrongly.`

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
  if (query.trim() === '') throw new UsageError('What is the query? See nebius-rerank --help')
  const ofRecords = (['text-field', 'id-field', 'format'] as const).find((name) => values[name] !== undefined)
  if (values.files && ofRecords !== undefined) {
    throw new UsageError(`--files takes whole files, --${ofRecords} records of them: choose one`)
  }
  if (values.files && files.length === 0) throw new UsageError('--files needs a FILE or more')

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
