// A loopback server in a process of its own, so that its work is not measured. It answers everything with as many
// results as its argument says, made once, and says its port on stdout. All callers read this answer: it has what the
// specs of Nebius, Together and Cohere have in common.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { documentsOf } from './callers.ts'

const documents = documentsOf(Number(process.argv[2]))
const body = Buffer.from(
  JSON.stringify({
    id: 'rerank-1',
    object: 'rerank',
    model: 'Qwen/Qwen3-Reranker-8B',
    usage: { prompt_tokens: 1, completion_tokens: 0, total_tokens: 1 },
    results: documents.map((text, index) => ({
      index,
      document: { text },
      relevance_score: 1 - index / documents.length,
    })),
  }),
)

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
  })
})

// A caller that rests while others take their turns finds its connections as it left them.
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
// Ends with whoever started it.
process.stdin.on('end', () => process.exit()).resume()
