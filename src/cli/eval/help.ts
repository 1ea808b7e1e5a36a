/** The text of `nebius-rerank eval --help`. */
export const EVAL_HELP = `Usage: nebius-rerank eval [options] FILE.jsonl
       nebius-rerank eval [options] BEIR_FOLDER --run RUN
       nebius-rerank eval [options] --qrels QRELS --run RUN [--queries FILE --corpus FILE]
       nebius-rerank eval [options] --sample

Reranks the results of a first stage, such as a keyword search, and measures how that changes them. Without texts, it
measures one run, or compares two.

Input
  FILE.jsonl            lines of {"query": "…", "documents": [{"text": "…", "relevance": 0}, …]}, in the order of the
                        first stage, or with a "score"; a relevance of 1 or more means relevant; can also be JSON
  BEIR_FOLDER           corpus.jsonl, queries.jsonl and qrels/*.tsv
  --qrels FILE          judgments, in TREC's four columns or BEIR's three
  --run FILE            the first stage, in TREC's six columns; repeat it to compare two runs
  --queries FILE        the texts of the queries: JSON Lines, or lines of an id, a tab and a text
  --corpus FILE         the texts of the documents, in the same format
  --fields A,B          the fields that make up the text of a document; default: title,text
  --sample              a small collection, included with the command

Reranking
  --model ID            default: Qwen/Qwen3-Reranker-8B; repeat it to compare models
  --instruction TEXT    a sentence that describes what counts as relevant; repeat it to compare, "" for none
  --top N               rerank only the best N documents of each query; thresholds count only these; default: all
  --local               rank by shared words on this machine, without a key, a network, or understanding of meaning
  --service-tier TIER, --base-url URL, --timeout SECONDS: see nebius-rerank --help
  --concurrency N, --requests-per-minute N, --tokens-per-minute N: see nebius-rerank bulk --help
  --scores FILE         save the scores in this file as they arrive
  --resume              with --scores: use the scores in FILE, and add the missing ones

Measures, as defined by trec_eval
  --measure NAMES       ndcg@k, mrr@k, map@k, p@k, recall@k, ndcg, mrr, map; separated by commas
                        default: ndcg@10,mrr@10,map,p@5,recall@5
  -c, --complete        count judged queries missing from the run as 0
  --seed N              the seed for resampling the interval; default: 1

Output
  --json                print the result as JSON
  -o, --output FILE     write the reranked run, in TREC's six columns
  --html FILE           write a report for a browser
  --fail-under M=V      exit with 1 if measure M is below V, such as ndcg@10=0.45; can be repeated

Cost
  --dry-run             estimate the cost, and rank nothing
  --price PER_MILLION   the price of a million tokens; default: from the service's list, if it has one
  --max-tokens N        end before more than N tokens are used; needs --scores, so that the run can be resumed

  --debug               show the stack of an error
  -h, --help            show this text

Examples
  nebius-rerank eval --sample --local --html report.html
  nebius-rerank eval judged.jsonl --fail-under ndcg@10=0.45
  nebius-rerank eval beir/scifact --run bm25.trec --scores scores.jsonl --html report.html
  nebius-rerank eval --qrels qrels.txt --run bm25.trec --run reranked.trec --json

Exit codes: 0 measured, 1 below --fail-under or some queries failed, 2 could not start or finish;
130 and 143 ended by a signal.`
