/** The text of `nebius-rerank work --help`. */
export const WORK_HELP = `Usage: nebius-rerank work --queue URL [options]

Ranks what nebius-rerank bulk IN -o OUT --queue URL puts on a queue, until a signal ends it. Any number of these may
run, on any number of machines. They share the rate limit of the service by way of the same Redis.

  --queue URL                 redis://HOST:PORT, rediss:// for TLS, /1 at the end for another database. It needs
                              npm install bullmq ioredis
  --shared-limit URL          the Redis by which the limit is shared, if not the queue's
  --concurrency N             the most jobs, and requests, of this worker at once; default: 16
  --requests-per-minute N     the most requests in a minute, of all workers together; default: what the service admits
  --tokens-per-minute N       the most tokens in a minute, estimated, of all workers together

  --model ID, --service-tier TIER, --local, --base-url URL: see nebius-rerank --help
  --timeout SECONDS           give a job up after that, waits and retries included

  --debug                     show where a failure comes from
  -h, --help                  show this text

The key is read from NEBIUS_API_KEY. A worker that ends gives its jobs back; those of one that was killed are ranked by
others after some seconds. What would fail all jobs ends the worker, and fails none. That is a service that can't be
reached, a key that it does not accept, an account without credit, or a missing model (401, 402, 404).

Examples
  nebius-rerank work --queue redis://queue.internal:6379
  nebius-rerank work --queue redis://localhost --base-url http://localhost:8000 --model BAAI/bge-reranker-v2-m3

Exit codes: 0 ended by SIGINT or SIGTERM, 1 failed, 2 could not run, or not go on.`
