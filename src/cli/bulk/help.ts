/** The text of `nebius-rerank bulk --help`. */
export const BULK_HELP = `Usage: nebius-rerank bulk [options] IN -o OUT

Ranks a file of many queries, at the rate that the service admits. As IN or OUT, - is standard input or output.

  a line in    {"id": 1, "query": "…", "documents": ["…", {"text": "…"}], "top_n": 3}     id and top_n may be left out
  a line out   {"id": 1, "results": [{"index": 0, "relevance_score": 0.98}], "usage": {…}}
            or {"id": 1, "error": {…}}, or for a broken line {"id": 1, "line": 7, "error": {…}}

An id is a string, or a number up to 2^53. A job without an id takes the number of its line. If an id can't be read, or
came before, the outcome has only the number of the line.

Input
  JSON Lines, JSON (an array, or objects one after another), CSV or TSV with a header, also packed with gzip or zstd.
  The command recognises the format by the content, and names it unless it is JSON Lines. In a table, the documents are
  a JSON array in one column, or several columns, or a row for each document. Such rows have the same id (or query), and
  a column "text". They must stand one after another: of rows with the ids 1, 2, 1, the last is an error.
  --format FORMAT             jsonl, json, csv or tsv
  --encoding NAME             the encoding of files without a byte order mark; default: utf-8
  --query-field NAME          default: query
  --documents-field NAME      default: documents; several columns of a table: a,b,c
  --text-field NAME           the text of a document that is an object, or a row; default: text
  --id-field NAME             default: id, or the line's number

Output
  -o, --output OUT            the file for the outcomes, in the order in which they arrive
  --output-format FORMAT      jsonl, csv or tsv; default: by the name of OUT, or else a table if IN is one
  --keep                      also the job's own fields, except its documents
  --with-documents            also the texts of the documents, in "results"
  --fields a,b                also these fields of the documents, in "results"

  --resume                    go on with OUT: skip the jobs that it has, errors included
  --retry-failed              with --resume: try the errors in OUT again
  --shard 2/5                 rank the second of five parts of IN, divided by a hash of the ids; nebius-rerank merge
                              joins the outputs
  --concurrency N             the most requests in flight; default: 16
  --requests-per-minute N     the most requests in a minute; default: what the service admits
  --tokens-per-minute N       the most estimated tokens in a minute
  --shared-limit URL          share the limit with other processes through a Redis: redis://HOST:PORT; needs
                              npm install ioredis
  --queue URL                 put the jobs on a queue in a Redis, for nebius-rerank work on any number of machines, and
                              collect the outcomes; needs npm install bullmq ioredis
  --dry-run                   show what IN would cost, and rank nothing
  --price PER_MILLION         the price of a million tokens: progress shows the cost so far; default for --dry-run:
                              the service's list, if it has one
  --max-tokens N              end before more than N tokens are used; --resume goes on

  --model ID, --service-tier TIER, --local, --base-url URL: see nebius-rerank --help
  --timeout SECONDS           give up a job after this time, waits and retries included

  --debug                     show where a failure comes from
  -h, --help                  show this text

Documents with a blank text are left out of "results".

A run that was stopped, even by kill -9, goes on with --resume, and OUT then has each id once. During a run, the file
OUT.nebius-rerank.lock keeps other runs away from OUT, on all machines that see the file.

A failure that concerns every job ends the run: a service that can't be reached, a wrong key (401), an account without
credit (402), or a missing model (404). A 403 or 404 may concern one job only. Such a job waits until another is ranked,
and the run ends when ten are waiting, or when no job is ranked at all. The jobs that the run left are not in OUT as
errors, and --resume ranks them.

Examples
  nebius-rerank bulk queries.jsonl -o ranked.jsonl
  nebius-rerank bulk queries.jsonl -o ranked.jsonl --resume --retry-failed
  nebius-rerank bulk questions.csv -o ranked.csv --query-field question --keep --with-documents
  nebius-rerank bulk --local queries.jsonl.gz -o - | jq .results[0]

Exit codes: 0 all ranked, 1 some failed, 2 could not run to the end; 130 and 143 ended by a signal.`
