import type { RankedItem, RankWithUsage } from '../../index.ts'
import { readDocuments } from './documents.ts'
import type { Document } from './documents.ts'
import { numberFlag, readFlags, SERVICE_FLAGS, SHARED_FLAGS } from '../flags.ts'
import { serviceFor } from '../client.ts'
import { isColoured, tell, UsageError, writeLines } from '../terminal.ts'
import type { Shell } from '../terminal.ts'
import { tableLines } from './table.ts'

/** What `nebius-rerank --help` shows. */
export const RANK_HELP = `Usage: nebius-rerank [options] QUERY [FILE… | -]
       nebius-rerank serve [options]     the endpoint on this machine, and a page to try it
       nebius-rerank bulk IN -o OUT      a file of many queries

Ranks documents by their relevance to a query: one document a line, from files or standard input.

Documents
  --text-field NAME    each line is a JSON object, and its text is in this field
  --files              each FILE is one document

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

The key is read from NEBIUS_API_KEY. A query that begins with a dash, or is the name of a subcommand, comes after --.

Examples
  nebius-rerank "capital of France" cities.txt
  git log --format=%s | nebius-rerank --top 5 "fix a race condition"
  nebius-rerank --text-field body --json "refund policy" articles.jsonl | jq .document.id
  nebius-rerank --local --files "how to install" docs/*.md

Exit codes: 0 ranked, 1 the service refused or failed, 2 the command was called wrongly.`

/** Ranks documents and prints them. */
export async function rankCommand(shell: Shell): Promise<number> {
  const { values, positionals } = readFlags(shell.args, {
    ...SHARED_FLAGS,
    ...SERVICE_FLAGS,
    'text-field': { type: 'string' },
    files: { type: 'boolean', default: false },
    top: { type: 'string' },
    'min-score': { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [query = '', ...files] = positionals
  if (query.trim() === '') throw new UsageError('What is the query? See nebius-rerank --help')
  if (values.files && values['text-field'] !== undefined) {
    throw new UsageError('--files takes whole files, --text-field lines of them: choose one')
  }
  if (values.files && files.length === 0) throw new UsageError('--files needs a FILE or more')

  const topN = numberFlag('top', values.top, { least: 1, whole: true })
  const minScore = numberFlag('min-score', values['min-score'], {})
  const { client, options } = serviceFor(values, shell, {
    onRetry: ({ delayMs, kind, status }) =>
      shell.stderr.isTTY && tell(shell, [`${status ?? kind}, again in ${(delayMs / 1000).toFixed(1)} s`]),
  })
  const form = { textField: values['text-field'], wholeFiles: values.files }
  const documents = await readDocuments(files, form, shell.stdin)

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
  const rows = ranked.map(({ item: { text, file }, score }) => ({ score, text, label: file }))
  const { isTTY, columns } = shell.stdout
  return tableLines(rows, {
    columns: isTTY ? columns || 80 : undefined,
    coloured: isColoured(shell.stdout, shell),
  })
}

function jsonLines(ranked: readonly RankedItem<Document>[]): string[] {
  return ranked.map(({ item: { file, source }, index, score }, place) => {
    const document = file === undefined ? { document: source } : { file }
    return JSON.stringify({ rank: place + 1, index, score, ...document }).replace(UNSAFE_IN_JSON, escapeUnit)
  })
}

/** What JSON leaves as it is, and terminals or their users would stumble on. */
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
