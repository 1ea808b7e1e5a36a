// Part of npm run bench: rank over 100,000 documents of 200 characters, and the memory that is in use while it goes on,
// taken at each answer once nothing is left to collect: 3 × that of the documents at most, or it fails. Run with
// --expose-gc.
import { createRerankClient } from 'nebius-rerank'

const COUNT = 100_000
const LENGTH = 200
const MOST = 3

const baseline = inUse()
// From bytes, as a file or a database gives them: concatenated strings would share their parts.
const documents = Array.from({ length: COUNT }, (_, index) =>
  Buffer.from(`${index} `.padEnd(LENGTH, 'lorem ipsum ')).toString('latin1'),
)
const held = inUse() - baseline

let most = 0
const client = createRerankClient({
  apiKey: null,
  fetch: async (_, init) => {
    const request = JSON.parse(init.body) as { documents: string[] }
    const body = JSON.stringify({
      id: 'rerank-1',
      model: 'model',
      usage: { prompt_tokens: 1, total_tokens: 1 },
      results: request.documents.map((text, index) => ({
        index,
        relevance_score: Math.random(),
        document: { text },
      })),
    })
    most = Math.max(most, inUse() - baseline)
    return new Response(body, { headers: { 'content-length': String(Buffer.byteLength(body)) } })
  },
})
const ranked = await client.rank('dolor', documents)
most = Math.max(most, inUse() - baseline)

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
console.log(`${COUNT.toLocaleString('en')} documents of ${LENGTH} characters: ${megabytes(held)} in memory`)
console.log(
  `while they are ranked, at most ${megabytes(most)}, themselves included: ${(most / held).toFixed(2)} ×`,
)
if (ranked.length !== COUNT) throw new Error(`${ranked.length} were ranked`)
if (most > MOST * held) throw new Error(`that is more than ${MOST} ×`)

function inUse(): number {
  if (!globalThis.gc) throw new Error('run with --expose-gc')
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
