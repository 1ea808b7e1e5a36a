import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { closedPort, half, reply, serveFaults, stall, well } from '../helpers/fault-server.ts'
import type { Fault } from '../helpers/fault-server.ts'
import { FETCHES, type Over } from '../helpers/fetches.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Less than what any handle that was forgotten would take: idle sockets 4 s, connecting 10 s, time-outs 60 s. */
const PATIENCE_MS = 3000

const SCENARIOS: Record<
  string,
  { server: readonly Fault[] | 'none'; options?: object; abortAfterMs?: number }
> = {
  'a success': { server: [well] },
  'an error': { server: [reply(401, '{"detail":"no"}')] },
  'an error longer than what is read': {
    server: [reply(500, 'x'.repeat(5_000_000))],
    options: { maxRetries: 0 },
  },
  'an answer larger than it may be': {
    server: [reply(200, 'x'.repeat(5_000_000))],
    options: { maxResponseBytes: 1000 },
  },
  'a refused connection': { server: 'none', options: { maxRetries: 0 } },
  'a time-out': { server: [stall], options: { maxRetries: 0, timeoutMs: 50 } },
  'a time-out in the body': {
    server: [half(() => undefined)],
    options: { maxRetries: 0, timeoutMs: 50 },
  },
  'an abort': { server: [stall], abortAfterMs: 50 },
  'an abort in back-off': { server: [reply(503, '', { 'retry-after': '30' })], abortAfterMs: 50 },
}

test.each(FETCHES)(
  '%s, a script exits by itself after its call, whatever became of it',
  async (_name, over) => {
    const exits = Object.entries(SCENARIOS).map(async ([name, { server, options, abortAfterMs }]) => {
      const baseUrl = server === 'none' ? await closedPort() : (await serveFaults(server)).url
      return [name, await exitOf(scriptOf(over, { apiKey: 'key', baseUrl, ...options }, abortAfterMs))]
    })
    const byItself = Object.keys(SCENARIOS).map((name) => [name, { code: 0, signal: null }])
    expect(await Promise.all(exits)).toEqual(byItself)
  },
)

function scriptOf(over: Over, options: object, abortAfterMs?: number): string {
  return `
    import { createRerankClient } from './dist/index.js'
    import { createNodeFetch } from './dist/node/index.js'
    const fetch = ${over.fetch ? 'createNodeFetch()' : 'undefined'}
    const client = createRerankClient({ fetch, ...${JSON.stringify(options)} })
    const caller = new AbortController()
    ${abortAfterMs === undefined ? '' : `setTimeout(() => caller.abort(), ${abortAfterMs})`}
    await client.rerank({ query: 'q', documents: ['a'] }, { signal: caller.signal }).catch(() => undefined)
    process.stdout.write('done')`
}

/** How a script ends; one that says that it is done and stays is killed. */
async function exitOf(script: string): Promise<{ code: number | null; signal: string | null }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT })
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>
  child.stdout.once('data', () => setTimeout(() => child.kill(), PATIENCE_MS).unref())
  const [code, signal] = await exit
  return { code, signal }
}
