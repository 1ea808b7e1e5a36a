// A worker that a test can kill: it ranks what comes on the queue of a Redis, by a service.
import { Worker } from 'bullmq'
import { createRankProcessor } from '../../../src/bullmq/index.ts'
import { createRedisRateLimiter } from '../../../src/redis/index.ts'
import { clientOf, connect } from '../services.ts'

const [redisUrl = '', baseUrl = ''] = process.argv.slice(2)
const rateLimiter = createRedisRateLimiter({ redis: connect(redisUrl), isBackground: true })
const worker = new Worker('rerank', createRankProcessor(clientOf(baseUrl, rateLimiter)), {
  connection: connect(redisUrl),
  concurrency: 16,
  maxStalledCount: 10,
  stalledInterval: 1000,
  lockDuration: 2000,
})
worker.on('error', () => undefined)
await worker.waitUntilReady()
process.stdout.write('ready\n')
