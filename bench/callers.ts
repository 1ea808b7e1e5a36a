import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Call, Create, Setup } from './callers/caller.d.ts'

export { documentsOf } from './callers/documents.js'

/** The one that all of this is about. */
export const OURS = 'nebius-rerank'

/** The same over `nebius-rerank/node`, and the floor of that. */
export const OVER_NODE = 'nebius-rerank-node'
export const FLOOR = 'node-http'

/** What it is compared with: first what is no client, then what is a small one, then the SDKs of other services. */
export const BARE = 'fetch'
export const SDKS = ['openai', 'together-ai', 'cohere-ai'] as const
export const CALLERS = [
  BARE,
  'fetch-with-time-out',
  OURS,
  OVER_NODE,
  FLOOR,
  'undici',
  'openapi-fetch',
  ...SDKS,
] as const

/** As ours sends, and compared only by time: it is a bare one otherwise. */
export const REFUSING = 'fetch-redirects-refused'

export type Caller = (typeof CALLERS)[number] | typeof REFUSING

/** How a caller is called in a table. */
export function titleOf(caller: Caller): string {
  return caller === OURS ? `**${OURS}**` : (TITLES[caller] ?? caller)
}

const TITLES: Partial<Record<Caller, string>> = {
  'fetch-with-time-out': 'fetch with a time-out',
  [REFUSING]: 'fetch, redirects rejected',
  [OVER_NODE]: '**nebius-rerank** over node:http',
  [FLOOR]: 'node:http, JSON alone',
  undici: 'undici.request',
  openai: 'openai (post)',
}

/** Loads a caller. */
export async function load(caller: Caller, setup: Setup): Promise<Call> {
  const { create } = (await import(moduleOf(caller).href)) as { create: Create }
  return create(setup)
}

export function moduleOf(caller: Caller): URL {
  return new URL(`callers/${caller}.js`, import.meta.url)
}

/** A service in a process of its own, so that its work is not measured. */
export interface Service {
  setup: Setup
  end: () => Promise<void>
}

/** Starts a service that responds to every request with so many results. */
export async function serve(results: number): Promise<Service> {
  const path = fileURLToPath(new URL('server.ts', import.meta.url))
  const server = spawn(process.execPath, [...process.execArgv, path, String(results)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [port] = (await once(server.stdout, 'data')) as [Buffer]
  return {
    setup: {
      baseUrl: `http://127.0.0.1:${port.toString().trim()}`,
      key: 'a-key-of-a-plausible-length',
      model: 'Qwen/Qwen3-Reranker-8B',
    },
    async end() {
      server.stdin.end()
      await once(server, 'exit')
    },
  }
}
