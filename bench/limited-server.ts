// A loopback server in a process of its own that admits what a service of test/bulk/services.ts does, and answers 429 to
// the rest. It says its port on stdout, and what came of it all when stdin ends.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { nebius, unstated } from '../test/bulk/services.ts'

/** A service, by the name of what makes it. */
export type LimitedService =
  { nebius: Parameters<typeof nebius>[0] } | { unstated: Parameters<typeof unstated>[0] }

const given = JSON.parse(process.argv[2] ?? '{}') as LimitedService
const makeService = 'nebius' in given ? nebius(given.nebius) : unstated(given.unstated)

let startedAt: number | undefined
const sinceStart = (): number => performance.now() - (startedAt ??= performance.now())
const service = makeService(sinceStart, Math.random)
const queries: string[] = []
let rateLimited = 0

const server = createServer((request, response) => {
  const { status, headers } = service.take()
  void text(request).then((json) => {
    if (status === 429) {
      rateLimited += 1
      response.writeHead(429, headers).end()
      return
    }
    const { query, documents } = JSON.parse(json) as { query: string; documents: string[] }
    queries.push(query)
    const results = documents.map((document, index) => ({
      index,
      relevance_score: 0.5,
      document: { text: document },
    }))
    const usage = { prompt_tokens: 1, total_tokens: 1 }
    const body = JSON.stringify({ id: 'rerank-1', model: 'model', usage, results })
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
  })
})

let seconds = 0
server.on('request', () => (seconds = sinceStart() / 1000))
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin
  .on('end', () => {
    const admissible = service.admissible()
    const tally = {
      admitted: queries.length,
      admissible,
      different: new Set(queries).size,
      rateLimited,
      seconds,
    }
    process.stdout.write(`${JSON.stringify(tally)}\n`, () => process.exit())
  })
  .resume()
