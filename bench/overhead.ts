// npm run bench: what a call costs over a bare `fetch` of the same call, median against median. The callers take
// turns within each round, so that whatever else the machine does falls on all of them alike.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createRerankClient } from 'nebius-rerank'
import createClient from 'openapi-fetch'
import type { paths } from '../src/types.ts'

const SIZES = [10, 100, 1000]
const ROUNDS = 3000
const WARM_UP = 300
const MODEL = 'Qwen/Qwen3-Reranker-8B'
const TIMEOUT_MS = 60_000
const KEY = 'a-key-of-a-plausible-length'

type Call = () => Promise<unknown>

const server = spawn(
  process.execPath,
  [...process.execArgv, fileURLToPath(new URL('server.ts', import.meta.url))],
  {
    stdio: ['pipe', 'pipe', 'inherit'],
  },
)
const [port] = (await once(server.stdout, 'data')) as [Buffer]
const baseUrl = `http://127.0.0.1:${port.toString().trim()}`

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}\n`)
for (const size of SIZES) await measure(size)
server.stdin.end()

async function measure(size: number): Promise<void> {
  const calls = callsFor(size)
  const names = Object.keys(calls)
  const times = new Map(names.map((name) => [name, [] as number[]]))
  const rounds = size === 1000 ? ROUNDS / 3 : ROUNDS
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length] ?? ''
      const started = performance.now()
      await calls[name]?.()
      if (round >= WARM_UP) times.get(name)?.push(performance.now() - started)
    }
  }
  console.log(
    `${size} documents`.padEnd(28),
    'median'.padStart(10),
    '× fetch'.padStart(10),
    '× with time-out'.padStart(16),
  )
  const medians = new Map(names.map((name) => [name, median(times.get(name) ?? [])]))
  const bare = medians.get('fetch') ?? NaN
  const timed = medians.get('fetch with a time-out') ?? NaN
  for (const [name, ms] of medians) {
    const ratios = [(ms / bare).toFixed(2).padStart(10), (ms / timed).toFixed(2).padStart(16)]
    console.log(`  ${name}`.padEnd(28), `${(ms * 1000).toFixed(0)} µs`.padStart(10), ...ratios)
  }
  console.log()
}

function callsFor(size: number): Record<string, Call> {
  const documents = Array.from({ length: size }, () => 'lorem ipsum '.repeat(17))
  const query = 'dolor sit amet'
  const count = { 'x-documents': String(size) }
  const headers = { ...count, 'content-type': 'application/json', authorization: `Bearer ${KEY}` }
  const plain = async (signal: AbortSignal | null): Promise<unknown> => {
    const body = JSON.stringify({ model: MODEL, query, documents })
    const response = await fetch(`${baseUrl}/v1/rerank`, { method: 'POST', headers, body, signal })
    if (!response.ok) throw new Error(String(response.status))
    return response.json()
  }
  const client = createRerankClient({ baseUrl, apiKey: KEY, headers: count, timeoutMs: TIMEOUT_MS })
  const api = createClient<paths>({ baseUrl, headers })
  return {
    fetch: () => plain(null),
    'fetch with a time-out': () => plain(AbortSignal.timeout(TIMEOUT_MS)),
    'nebius-rerank': () => client.rerank({ query, documents }),
    'openapi-fetch': () =>
      api.POST('/v1/rerank', {
        body: { model: MODEL, query, documents },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
