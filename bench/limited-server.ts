// A loopback server in a process of its own that admits what a token bucket holds and answers 429 to the rest. It
// says its port on stdout, and what came of it all when stdin ends.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

const { perSecond, capacity, wording } = JSON.parse(process.argv[2] ?? '{}') as {
  perSecond: number
  capacity: number
  wording: string
}

const queries: string[] = []
let refused = 0
let tokens = capacity
let first: number | undefined
let last = 0

const server = createServer((request, response) => {
  const waitMs = take()
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
    const seconds = (last - (first ?? last)) / 1000
    const tally = { admitted: queries.length, different: new Set(queries).size, refused, seconds }
    process.stdout.write(`${JSON.stringify(tally)}\n`, () => process.exit())
  })
  .resume()

/** Milliseconds until there is room; 0 when there is. */
function take(): number {
  const now = performance.now()
  tokens = Math.min(capacity, tokens + ((now - last) / 1000) * perSecond)
  first ??= now
  last = now
  if (tokens < 1) return ((1 - tokens) / perSecond) * 1000
  tokens -= 1
  return 0
}

function headersOf(waitMs: number): Record<string, string> {
  if (wording === 'seconds') return { 'retry-after': String(Math.ceil(waitMs / 1000)) }
  return wording === 'milliseconds' ? { 'retry-after-ms': String(Math.ceil(waitMs)) } : {}
}
