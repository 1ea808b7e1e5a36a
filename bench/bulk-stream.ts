// Part of npm run bench: a million tiny jobs through rankMany, the heap taken as they go by: it fails unless that stays
// flat. Run with --expose-gc.
import { createRerankClient } from 'nebius-rerank'
import { rankMany } from 'nebius-rerank/bulk'

const JOBS = Number(process.argv[2] ?? 1_000_000)
const SAMPLES = 10
const MOST_GROWTH_MB = 2

const answer = JSON.stringify({
  id: 'rerank-1',
  model: 'model',
  usage: { prompt_tokens: 1, total_tokens: 1 },
  results: [{ index: 0, relevance_score: 0.5, document: { text: 'a' } }],
})
const headers = { 'content-length': String(answer.length) }
const client = createRerankClient({ apiKey: null, fetch: async () => new Response(answer, { headers }) })

function* jobs(): Generator<{ id: number; query: string; documents: string[] }> {
  for (let id = 0; id < JOBS; id++) yield { id, query: 'q', documents: ['a'] }
}

const heaps: number[] = []
const started = performance.now()
let done = 0
let failed = 0
for await (const { error } of rankMany(client, jobs())) {
  done += 1
  if (error) failed += 1
  if (done % (JOBS / SAMPLES) === 0) {
    if (!globalThis.gc) throw new Error('run with --expose-gc')
    globalThis.gc()
    heaps.push(process.memoryUsage().heapUsed / 1e6)
  }
}
const seconds = (performance.now() - started) / 1000
console.log(`${done.toLocaleString('en')} jobs, ${failed} failed, ${(done / seconds).toFixed(0)} a second`)
console.log(`heap in MB: ${heaps.map((heap) => heap.toFixed(1)).join(' ')}`)
if (done !== JOBS || failed > 0) throw new Error(`${JOBS - done + failed} jobs were lost`)
const growth = Math.max(...heaps) - (heaps[0] ?? NaN)
if (!(growth < MOST_GROWTH_MB)) throw new Error(`the heap grew by ${growth.toFixed(1)} MB`)
