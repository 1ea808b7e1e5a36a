import { createLocalReranker, serveLocalReranker, type LocalServerOptions } from '../../src/local/index.ts'

/** The endpoint, as a client meets it. */
export interface Endpoint {
  fetch: (path: string, init?: RequestInit) => Promise<Response>
  close: () => Promise<void>
}

/** The two ways to meet it, for tests that hold in both. */
export const WAYS: readonly [way: string, open: (options?: LocalServerOptions) => Promise<Endpoint>][] = [
  ['in process', openInProcess],
  ['over a socket', openOverSocket],
]

export const MODEL = 'Qwen/Qwen3-Reranker-8B'

export const HEADERS = { authorization: 'Bearer any', 'content-type': 'application/json' }

/** A POST of a body, which is sent as it is when it is a text. */
export function posting(body: unknown, headers: Record<string, string> = HEADERS): RequestInit {
  return { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
}

async function openInProcess(options?: LocalServerOptions): Promise<Endpoint> {
  const handler = createLocalReranker(options)
  return {
    fetch: (path, init) => handler(`http://local.test${path}`, init),
    close: () => Promise.resolve(),
  }
}

async function openOverSocket(options?: LocalServerOptions): Promise<Endpoint> {
  const server = await serveLocalReranker(options)
  return { fetch: (path, init) => fetch(server.url + path, init), close: () => server.close() }
}
