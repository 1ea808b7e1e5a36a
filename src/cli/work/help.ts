/** The text of `nebius-rerank work --help`. */
export const WORK_HELP = `Usage: nebius-rerank work --queue URL [options]

Ranks the jobs that nebius-rerank bulk IN -o OUT --queue URL puts on a queue, until a signal ends it. Any number of
workers may run, on any number of machines. They share the service's rate limit through the same Redis.

  --queue URL                 redis://HOST:PORT, rediss:// for TLS, /1 at the end for another database; needs
                              npm install bullmq ioredis
  --shared-limit URL          the Redis that holds the shared limit; default: the queue's
  --concurrency N             the most jobs, and requests, of this worker at once; default: 16
  --requests-per-minute N     the most requests in a minute, of all workers together; default: what the service admits
  --tokens-per-minute N       the most estimated tokens in a minute, of all workers together

  --model ID, --service-tier TIER, --local, --base-url URL: see nebius-rerank --help
  --timeout SECONDS           give up a job after this time, waits and retries included

  --debug                     show where a failure comes from
  -h, --help                  show this text

The key is read from NEBIUS_API_KEY. A worker that ends gives its jobs back. If a worker is killed, others rank its jobs
after some seconds. A failure that would concern every job ends the worker: a service that can't be reached, a wrong
key (401), an account without credit (402), or a missing model (404). The jobs then go back to the queue.

Examples
  nebius-rerank work --queue redis://queue.internal:6379
  nebius-rerank work --queue redis://localhost --base-url http://localhost:8000 --model BAAI/bge-reranker-v2-m3

Exit codes: 0 ended by SIGINT or SIGTERM, 1 failed, 2 could not start, or could not go on.`
