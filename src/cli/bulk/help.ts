/** The text of `nebius-rerank bulk --help`. */
export const BULK_HELP = `Usage: nebius-rerank bulk [options] IN -o OUT

Ranks a file of many queries, at the rate that the service admits. - stands for standard input and output.

  a line in    {"id": 1, "query": "…", "documents": ["…", {"text": "…"}], "top_n": 3}     id and top_n may be left out
  a line out   {"id": 1, "results": [{"index": 0, "relevance_score": 0.98}], "usage": {…}}
            or {"id": 1, "error": {…}}, or for a broken line {"id": 1, "line": 7, "error": {…}}

An id is a string, or a number up to 2^53; without one, a job has its line's number. A line whose id can't be read, or
came before, has its number alone.

What comes in
  JSON Lines, JSON (an array, or objects one after another), CSV or TSV with a header; packed by gzip or zstd too. The
  content decides which it is, and the command says so unless it is JSON Lines. In a table, documents are a cell with a
  JSON array, or several columns, or a row each. Rows of a job have the same id (or query), and a column "text". They
  stand one after another: of rows with the ids 1, 2, 1 the last is an error, since its id came before.
  --format FORMAT             jsonl, json, csv or tsv
  --encoding NAME             where there is no byte order mark; default: utf-8
  --query-field NAME          default: query
  --documents-field NAME      default: documents; several columns of a table: a,b,c
  --text-field NAME           the text of a document that is an object, or a row; default: text
  --id-field NAME             default: id, or the line's number

What goes out
  -o, --output OUT            where the outcomes go, in the order in which they come
  --output-format FORMAT      jsonl, csv or tsv; default: by the name of OUT, else a table where one came in
  --keep                      the job's own fields too, but for its documents
  --with-documents            the texts of documents in "results"
  --fields a,b                these fields of documents in "results"

  --resume                    go on with OUT: what is in it is not done again, errors included
  --retry-failed              with --resume: try the errors in OUT again
  --shard 2/5                 one of five parts of IN, by a hash of the ids; nebius-rerank merge joins the outputs
  --concurrency N             the most requests in flight; default: 16
  --requests-per-minute N     the most requests in a minute; default: what the service admits
  --tokens-per-minute N       the most tokens in a minute, estimated
  --shared-limit URL          share the limit with other processes, by a Redis: redis://HOST:PORT; npm install ioredis
  --queue URL                 put the jobs on a queue in a Redis, for nebius-rerank work on any number of machines, and
                              collect the outcomes; npm install bullmq ioredis
  --dry-run                   say what IN would cost, and rank nothing
  --price PER_MILLION         the price of a million tokens: progress shows the cost so far; default for --dry-run:
                              the service's list, where it states one
  --max-tokens N              end before more than N tokens are used; --resume goes on

  --model ID, --service-tier TIER, --local, --base-url URL: see nebius-rerank --help
  --timeout SECONDS           give a job up after that, waits and retries included

  --debug                     show where a failure comes from
  -h, --help                  show this text

Documents with a blank text are left out of "results".

A run that was stopped, even by kill -9, goes on with --resume: OUT then has each id once. OUT.nebius-rerank.lock keeps
other runs from it meanwhile, on all machines that see it. What fails all jobs ends the run: a service that can't be
reached, a key that it does not accept, an account without credit, a missing model (401, 402, 404). So do ten jobs that
get a 403 or 404 with none ranked between them, or all that there are when none in OUT is ranked. They are not
written off, and errors in OUT that were still to be tried again stay there.

Examples
  nebius-rerank bulk queries.jsonl -o ranked.jsonl
  nebius-rerank bulk queries.jsonl -o ranked.jsonl --resume --retry-failed
  nebius-rerank bulk questions.csv -o ranked.csv --query-field question --keep --with-documents
  nebius-rerank bulk --local queries.jsonl.gz -o - | jq .results[0]

Exit codes: 0 all ranked, 1 some failed, 2 could not run, or not to the end; 130 and 143 ended by a signal.`
