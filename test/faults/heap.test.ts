import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { tries } from '../helpers/effort.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CALLS = tries(50_000)
const MOST_BYTES = 1_000_000

/** In a process of its own, where nothing else is collected: calls that end in every way, on one signal. */
const SCRIPT = `
  import { getEventListeners } from 'node:events'
  import { createRerankClient } from './dist/index.js'
  const results = [{ index: 0, relevance_score: 1, document: { text: 'a' } }]
  const good = JSON.stringify({ id: 'r', model: 'm', usage: { prompt_tokens: 1, total_tokens: 1 }, results })
  const bad = [[200, '{"results":['], [400, '{"detail":"no"}'], [503, 'busy']]
  let calls = 0
  const ends = {}
  const fetch = async () => {
    calls += 1
    const [status, text] = calls % 20 ? [200, good] : bad[calls % bad.length]
    if (calls % 77 === 0) throw new TypeError('fetch failed')
    return { ok: status === 200, status, headers: new Headers({ 'x-request-id': 'r' + calls }), text: async () => text }
  }
  const client = createRerankClient({ apiKey: 'key-0123456789', fetch, maxRetries: 0 })
  const { signal } = new AbortController()
  const run = async (times) => {
    for (let call = 0; call < times; call += 10) {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, (_, at) =>
          at % 2 ? client.rank('q', ['a'], { signal }) : client.rerank({ query: 'q', documents: ['a'] }, { signal }),
        ),
      )
      for (const { reason } of outcomes) ends[reason?.kind ?? 'success'] = (ends[reason?.kind ?? 'success'] ?? 0) + 1
    }
  }
  const heapUsed = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      gc()
      await new Promise(setImmediate)
    }
    return process.memoryUsage().heapUsed
  }
  await run(5000)
  const before = await heapUsed()
  await run(${CALLS})
  const listeners = getEventListeners(signal, 'abort').length
  process.stdout.write(JSON.stringify({ ends, listeners, grown: await heapUsed() - before }))`

interface Outcome {
  /** How many calls ended in which way: with success, or by the kind of an error. */
  ends: Record<string, number>
  listeners: number
  grown: number
}

test(`${CALLS} calls on one signal leave no listener and a flat heap`, { timeout: 120_000 }, async () => {
  const args = ['--expose-gc', '--input-type=module', '-e', SCRIPT]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT })
  const { ends, listeners, grown } = JSON.parse(stdout) as Outcome
  const { success, ...failures } = ends
  expect(success).toBeGreaterThan(0.9 * CALLS)
  expect(Object.keys(failures).sort()).toEqual(['bad_request', 'connection', 'response', 'server'])
  for (const count of Object.values(failures)) expect(count).toBeGreaterThan(0.01 * CALLS)
  expect(listeners).toBe(0)
  expect(grown).toBeLessThan(MOST_BYTES)
})
