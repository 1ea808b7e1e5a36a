/** The text of `nebius-rerank work --help`. */
export const WORK_HELP = `Usage: nebius-rerank work --queue URL [options]

Ranks the jobs that nebius-rerank bulk IN -o OUT --queue URL puts on a queue, until a signal ends it. Any number of
workers may run, on any number of machines. They share the service's rate limit through the same Redis.

  --queue URL                 redis://HOST:PORT, rediss:// for TLS, /1 at the end for another database; needs
                              npm install bullmq ioredis
  --shared-limit URL          the Redis for the shared limit; default: the same as --queue
  --concurrency N             the most jobs and requests of this worker at once; default: 16
  --requests-per-minute N     the most requests per minute of all workers together; default: as many as the service
                              allows
  --tokens-per-minute N       the most estimated tokens per minute of all workers together; default: as many as the
                              service allows

  --model ID, --service-tier TIER, --local, --base-url URL: see nebius-rerank --help
  --timeout SECONDS           give up a job after this time, including waits and retries; default: no limit

  --debug                     show the stack of an error
  -h, --help                  show this text

The key is read from NEBIUS_API_KEY. A worker that ends returns its jobs to the queue. If a worker is killed, others rank
its jobs after a few seconds. A failure that affects every job ends the worker: an unreachable service, a wrong key (401),
an account without credit (402), or a missing model (404).

Examples
  nebius-rerank work --queue redis://queue.internal:6379
  nebius-rerank work --queue redis://localhost --base-url http://localhost:8000 --model BAAI/bge-reranker-v2-m3

Exit codes: 0 ended by SIGINT or SIGTERM, 1 failed, 2 could not start or continue.`
