/** The text of `nebius-rerank eval --help`. */
export const EVAL_HELP = `Usage: nebius-rerank eval [options] FILE.jsonl
       nebius-rerank eval [options] BEIR_FOLDER --run RUN
       nebius-rerank eval [options] --qrels QRELS --run RUN [--queries FILE --corpus FILE]
       nebius-rerank eval [options] --sample

Reranks what a first stage found, such as a keyword search, and measures what that changes. Without texts, it measures
one run, or compares two.

Input
  FILE.jsonl            lines of {"query": "…", "documents": [{"text": "…", "relevance": 0}, …]}, in the order of the
                        first stage, or with a "score"; a relevance of 1 or more is relevant; JSON works too
  BEIR_FOLDER           corpus.jsonl, queries.jsonl and qrels/*.tsv
  --qrels FILE          judgments, in TREC's four columns or BEIR's three
  --run FILE            the first stage, in TREC's six columns; twice: compares two runs
  --queries FILE        texts of the queries: JSON Lines, or an id, a tab and a text
  --corpus FILE         texts of the documents, the same way
  --fields A,B          fields of a document that make up its text; default: title,text
  --sample              a small collection that comes with the command

Reranking
  --model ID            default: Qwen/Qwen3-Reranker-8B; several times to compare models
  --instruction TEXT    a sentence that says what counts as relevant; several times to compare, "" for none
  --top N               rerank only the best N of each query
  --local               rank by words on this machine: no key, no network, no understanding of meaning
  --service-tier TIER, --base-url URL, --timeout SECONDS: see nebius-rerank --help
  --concurrency N, --requests-per-minute N, --tokens-per-minute N: see nebius-rerank bulk --help
  --scores FILE         keep the scores in this file as they arrive
  --resume              with --scores: go on with FILE, and use the scores that are in it

Measures, by trec_eval's definitions
  --measure NAMES       ndcg@k, mrr@k, map@k, p@k, recall@k, ndcg, mrr, map; separated by commas
                        default: ndcg@10,mrr@10,map,p@5,recall@5
  -c, --complete        count judged queries that the run lacks as 0
  --seed N              the seed for resampling the interval; default: 1

Output
  --json                the result as JSON
  -o, --output FILE     the reranked run, in TREC's six columns
  --html FILE           a report to look at
  --fail-under M=V      exit with 1 if measure M is below V, such as ndcg@10=0.45; can be given more than once

Cost
  --dry-run             show what the run would cost, and rank nothing
  --price PER_MILLION   the price of a million tokens; default: the service's list, if it has one
  --max-tokens N        end before more than N tokens are used; needs --scores, so that the run can be resumed

  --debug               show where a failure comes from
  -h, --help            show this text

Examples
  nebius-rerank eval --sample --local --html report.html
  nebius-rerank eval judged.jsonl --fail-under ndcg@10=0.45
  nebius-rerank eval beir/scifact --run bm25.trec --scores scores.jsonl --html report.html
  nebius-rerank eval --qrels qrels.txt --run bm25.trec --run reranked.trec --json

Exit codes: 0 measured, 1 below --fail-under or some queries failed, 2 could not run to the end;
130 and 143 ended by a signal.`
