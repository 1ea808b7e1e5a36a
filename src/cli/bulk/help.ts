/** The text of `nebius-rerank bulk --help`. */
export const BULK_HELP = `Usage: nebius-rerank bulk [options] IN -o OUT

Ranks a file of many queries, as fast as the service allows. - as IN or OUT is standard input or output.

  a line in    {"id": 1, "query": "…", "documents": ["…", {"text": "…"}], "top_n": 3}     id and top_n are optional
  a line out   {"id": 1, "results": [{"index": 0, "relevance_score": 0.98}], "usage": {…}}
            or {"id": 1, "error": {…}}, or for an invalid line {"id": 1, "line": 7, "error": {…}}

An id is a string, or a number up to 2^53. If a job has no id, its id is the number of its line. If an id is invalid or
already used, the outcome has only the number of the line.

Input
  JSON Lines, JSON (an array, or several objects), CSV or TSV with a header, also compressed with gzip or zstd.
  The command recognises the format from the content. In a table, the documents of a job are a JSON array in one column,
  or several columns, or one row each, with the text in the column "text". The rows of a job have the same id, or else
  the same query, and must be consecutive: if the ids are 1, 2, 1, the last row is an error.
  --format FORMAT             jsonl, json, csv or tsv
  --encoding NAME             the encoding of files without a byte order mark; default: utf-8
  --query-field NAME          default: query
  --documents-field NAME      default: documents; several columns of a table: a,b,c
  --text-field NAME           the text, if a document is an object or a row; default: text
  --id-field NAME             default: id, or the number of the line

Output
  -o, --output OUT            the file for the outcomes, in the order in which they arrive
  --output-format FORMAT      jsonl, csv or tsv; default: from the name of OUT, or else the same kind as IN
  --keep                      add the other fields of the job, except its documents
  --with-documents            add the texts of the documents to "results"
  --fields a,b                add these fields of the documents to "results"

  --resume                    continue OUT: skip the jobs that are in it, including errors
  --retry-failed              with --resume: try the errors in OUT again
  --shard 2/5                 rank the second of five parts of IN, divided by a hash of the ids; nebius-rerank merge
                              joins the outputs
  --concurrency N             the most requests in flight; default: 16
  --requests-per-minute N     the most requests per minute; default: as many as the service allows
  --tokens-per-minute N       the most estimated tokens per minute; default: as many as the service allows
  --shared-limit URL          share the limit with other processes through Redis: redis://HOST:PORT; needs
                              npm install ioredis
  --queue URL                 put the jobs on a queue in Redis, for nebius-rerank work on any number of machines, and
                              collect the outcomes; needs npm install bullmq ioredis
  --dry-run                   estimate the cost of IN, and rank nothing
  --price PER_MILLION         the price of a million tokens, to show the cost; default for --dry-run: from the
                              service's list, if it has one
  --max-tokens N              end before more than N tokens are used; --resume continues

  --model ID, --service-tier TIER, --local, --base-url URL: see nebius-rerank --help
  --timeout SECONDS           give up a job after this time, including waits and retries; default: no limit

  --debug                     show the stack of an error
  -h, --help                  show this text

Documents with a blank text are left out of "results".

--resume continues a run that was stopped, even by kill -9, and OUT then has each id once. During a run, the file
OUT.nebius-rerank.lock prevents other runs from writing to OUT, on all machines that see the file.

A failure that affects every job ends the run: an unreachable service, a wrong key (401), an account without credit
(402), or a missing model (404). A 403, a 404, a connection reset or a time-out may affect one job only. Such a job
waits until another is ranked. The run ends if ten jobs are waiting, or if no job is ranked at all. The remaining jobs
are not written to OUT as errors, so --resume ranks them.

Examples
  nebius-rerank bulk queries.jsonl -o ranked.jsonl
  nebius-rerank bulk queries.jsonl -o ranked.jsonl --resume --retry-failed
  nebius-rerank bulk questions.csv -o ranked.csv --query-field question --keep --with-documents
  nebius-rerank bulk --local queries.jsonl.gz -o - | jq .results[0]

Exit codes: 0 all ranked, 1 some failed, 2 could not start or finish; 130 and 143 ended by a signal.`
