import { resolve } from 'node:path'
import { createRateLimiter, rankMany } from '../../bulk/index.ts'
import { findInput } from './input.ts'
import { createJobReader, keyOf } from './jobs.ts'
import type { Job } from './jobs.ts'
import { openOutput } from './output.ts'
import type { Output } from './output.ts'
import { showProgress, summaryLine } from './progress.ts'
import type { Tally } from './progress.ts'
import { createRecorder } from './record.ts'
import { numberFlag, readFlags, SERVICE_FLAGS, SHARED_FLAGS } from '../flags.ts'
import type { Line } from './lines.ts'
import { serviceFor } from '../client.ts'
import { tell, UsageError } from '../terminal.ts'
import type { Shell } from '../terminal.ts'

/** What `nebius-rerank bulk --help` shows. */
export const BULK_HELP = `Usage: nebius-rerank bulk [options] IN.jsonl -o OUT.jsonl

Ranks a file of many queries, at the rate that the service admits. - stands for standard input and output.

  a line in    {"id": 1, "query": "…", "documents": ["…", {"text": "…"}], "top_n": 3}     top_n may be left out
  a line out   {"id": 1, "results": [{"index": 0, "relevance_score": 0.98}], "usage": {…}}
            or {"id": 1, "error": {…}}, or for a broken line {"id": 1, "line": 7, "error": {…}}

An id is a string, or a number up to 2^53. A line whose id can't be read, or came before, has its number alone.

  -o, --output OUT            where the outcomes go, in the order in which they come
  --resume                    go on with OUT: what is in it is not done again, errors included
  --retry-failed              with --resume: try the errors in OUT again
  --concurrency N             the most requests under way at once; default: 16
  --requests-per-minute N     the most requests in a minute; default: what the service admits
  --tokens-per-minute N       the most tokens in a minute, estimated

  --model ID, --service-tier TIER, --local, --base-url URL: see nebius-rerank --help
  --timeout SECONDS           give a job up after that, waits and retries included

  --debug                     show where a failure comes from
  -h, --help                  show this text

Documents with a blank text are left out of "results".

A run that was stopped, even by kill -9, goes on with --resume: OUT then has each id once. OUT.lock keeps a second run
from it meanwhile. A key that the service refuses or an account without credit (401, 402) ends the run; so do ten jobs
that are answered 403 or 404 with none ranked between them, or all that there are when none in OUT is ranked. They are
not written off, and errors in OUT that were still to be tried again stay there.

Examples
  nebius-rerank bulk queries.jsonl -o ranked.jsonl
  nebius-rerank bulk queries.jsonl -o ranked.jsonl --resume --retry-failed
  zcat queries.jsonl.gz | nebius-rerank bulk --local - -o - | jq .results[0]

Exit codes: 0 all ranked, 1 some failed, 2 could not run, or not to the end.`

/** Ranks the jobs of a file. */
export async function bulkCommand(shell: Shell): Promise<number> {
  const { values, positionals } = readFlags(shell.args, {
    ...SHARED_FLAGS,
    ...SERVICE_FLAGS,
    output: { type: 'string', short: 'o' },
    resume: { type: 'boolean', default: false },
    'retry-failed': { type: 'boolean', default: false },
    concurrency: { type: 'string' },
    'requests-per-minute': { type: 'string' },
    'tokens-per-minute': { type: 'string' },
  })
  const [from, ...more] = positionals
  const { output: path } = values
  if (from === undefined || more.length > 0)
    throw new UsageError('bulk takes one file; see nebius-rerank bulk --help')
  if (path === undefined || path === '')
    throw new UsageError('bulk needs -o OUT, or -o - for standard output')
  const rateLimiter = createRateLimiter({
    concurrency: numberFlag('concurrency', values.concurrency, { least: 1, most: 1000, whole: true }),
    requestsPerMinute: numberFlag('requests-per-minute', values['requests-per-minute'], { least: 0.001 }),
    tokensPerMinute: numberFlag('tokens-per-minute', values['tokens-per-minute'], { least: 1 }),
  })
  const { client, options } = serviceFor(values, shell)
  const input = await findInput(from, shell.stdin)
  if (from !== '-' && resolve(from) === resolve(path)) throw new UsageError('IN and OUT are the same file')
  const output = await openOutput(path, shell.stdout, {
    resume: values.resume,
    retryFailed: values['retry-failed'],
  })

  const started = performance.now()
  const before = { done: output.done.size, failed: output.failedBefore }
  const tally: Tally = { ranked: 0, failed: 0, tokens: 0 }
  const lines = await input.count()
  const total = lines === undefined ? undefined : Math.max(lines - before.done, 0)
  const progress = showProgress(shell, tally, total, rateLimiter)
  const jobs = jobsIn(input.lines, output, tally)
  try {
    const recorder = createRecorder(output, tally)
    for await (const outcome of rankMany(client, jobs, { ...options, rateLimiter }))
      await recorder.record(outcome)
    await recorder.end()
  } catch (error) {
    input.close()
    // Until it has returned, it may still write of broken lines.
    await jobs.return()
    await output.restore()
    throw error
  } finally {
    progress.stop()
    await output.close()
  }
  await tell(shell, [summaryLine(tally, before, (performance.now() - started) / 1000)])
  return tally.failed + before.failed > 0 ? 1 : 0
}

/** The jobs that have no outcome yet. A broken line is an outcome by itself. */
async function* jobsIn(
  lines: AsyncIterable<Line>,
  output: Output,
  tally: Tally,
): AsyncGenerator<Job, void, undefined> {
  const read = createJobReader()
  for await (const line of lines) {
    if (line.text.trim() === '') continue
    const job = read(line)
    if (output.done.has(keyOf(job) ?? '')) continue
    if ('error' in job) {
      tally.failed += 1
      await output.write(job)
    } else yield job
  }
}
