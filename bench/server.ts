// A loopback server in a process of its own, so that its work is not measured. It answers with as many results as
// `x-documents` says, made once, and says its port on stdout.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const answers = new Map<number, Buffer>()

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const body = answerOf(Number(request.headers['x-documents']))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
  })
})

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
// Ends with whoever started it.
process.stdin.on('end', () => process.exit()).resume()

function answerOf(count: number): Buffer {
  const known = answers.get(count)
  if (known) return known
  const results = Array.from({ length: count }, (_, index) => ({
    index,
    document: { text: 'lorem ipsum '.repeat(17) },
    relevance_score: 1 - index / count,
  }))
  const usage = { prompt_tokens: 1, total_tokens: 1 }
  const body = Buffer.from(JSON.stringify({ id: 'rerank-1', model: 'model', usage, results }))
  answers.set(count, body)
  return body
}
