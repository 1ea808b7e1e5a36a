// A loopback server in a process of its own that admits what a token bucket holds and answers 429 to the rest. It
// says its port on stdout, and what came of it all when stdin ends.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fillBucket } from '../test/bulk/token-bucket.ts'
import type { Bucket } from '../test/bulk/token-bucket.ts'

const { wording, ...bucket } = JSON.parse(process.argv[2] ?? '{}') as Bucket & { wording: string }

const queries: string[] = []
let refused = 0
const tokens = fillBucket(bucket, () => performance.now())

const server = createServer((request, response) => {
  const waitMs = tokens.take()
  void text(request).then((json) => {
    const { query, documents } = JSON.parse(json) as { query: string; documents: string[] }
    if (waitMs > 0) {
      refused += 1
      response.writeHead(429, headersOf(waitMs)).end()
      return
    }
    queries.push(query)
    const results = documents.map((document, index) => ({
      index,
      relevance_score: 0.5,
      document: { text: document },
    }))
    const usage = { prompt_tokens: 1, total_tokens: 1 }
    const body = JSON.stringify({ id: 'rerank-1', model: 'model', usage, results })
    response.writeHead(200, { 'content-length': Buffer.byteLength(body) }).end(body)
  })
})

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin
  .on('end', () => {
    const seconds = (tokens.lastAt - tokens.firstAt) / 1000
    const { admissible } = tokens
    const tally = { admitted: queries.length, admissible, different: new Set(queries).size, refused, seconds }
    process.stdout.write(`${JSON.stringify(tally)}\n`, () => process.exit())
  })
  .resume()

function headersOf(waitMs: number): Record<string, string> {
  if (wording === 'seconds') return { 'retry-after': String(Math.ceil(waitMs / 1000)) }
  return wording === 'milliseconds' ? { 'retry-after-ms': String(Math.ceil(waitMs)) } : {}
}
