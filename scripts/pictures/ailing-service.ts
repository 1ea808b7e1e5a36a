// A service on loopback with one thing wrong at a time, for the picture of what `check` says about it.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createCA, createCert } from 'mkcert'
import spec from '../../openapi.json' with { type: 'json' }

/** Failures of the service. */
export interface Ailment {
  models?: readonly string[]
  modelsStatus?: number
  page?: true
  rerankStatus?: number
  scores?: readonly number[]
  tokens?: number
  headers?: Readonly<Record<string, string>>
  path?: string
  /** Event in place of a response: to every request, or to rankings alone. */
  requests?: 'silence' | 'reset'
  rankings?: 'silence'
  /** Flaw of its certificate. */
  certificate?: 'unknown' | 'expired' | 'elsewhere'
}

const MODEL = 'Qwen/Qwen3-Reranker-8B'

/** Every failure that `check` reports in a line. */
export const AILMENTS: readonly Ailment[] = [
  { modelsStatus: 401, rerankStatus: 401 },
  { rerankStatus: 402 },
  { rerankStatus: 403 },
  { modelsStatus: 302, headers: { location: 'https://api.tokenfactory.nebius.com/' } },
  { modelsStatus: 503 },
  { page: true },
  { requests: 'silence' },
  { requests: 'reset' },
  { certificate: 'unknown' },
  { certificate: 'expired' },
  { certificate: 'elsewhere' },
  { models: ['Qwen/Qwen3-Reranker-4B', 'BAAI/bge-multilingual-gemma2'] },
  { models: ['qwen/qwen3-reranker-8b'] },
  { models: [] },
  { models: ['BAAI/bge-multilingual-gemma2'] },
  { rerankStatus: 404 },
  { rerankStatus: 400 },
  { rerankStatus: 503 },
  { rankings: 'silence' },
  { scores: [0.2, 0.7, 0.1, 0.1] },
  { scores: [0.51, 0.49, 0.5, 0.5] },
  { tokens: 1 },
  { rerankStatus: 429, headers: { 'retry-after': '7' } },
  { headers: { 'x-ratelimit-limit-tokens': '400000', 'x-ratelimit-remaining-tokens': '0' } },
  { headers: { date: new Date(Date.now() - 300_000).toUTCString() } },
  { headers: { date: new Date(Date.now() + 300_000).toUTCString() } },
  { path: '/v1/chat/completions' },
]

/** Serves while a task runs, which is given the address and the certificate of the authority to trust, if any. */
export async function withService<Result>(
  ailment: Ailment,
  task: (url: string, authority?: string) => Promise<Result>,
): Promise<Result> {
  const respond: RequestListener = (request, response) => {
    const send = (status: number, body: unknown): void => {
      const text = ailment.page ? '<html>Sign in</html>' : JSON.stringify(body)
      response.writeHead(status, { ...LIMITS, ...ailment.headers }).end(text)
    }
    request.resume()
    if (ailment.requests === 'reset') request.socket.resetAndDestroy()
    if (ailment.requests !== undefined) return
    if (request.url?.startsWith('/v1/models')) {
      send(ailment.modelsStatus ?? 200, { data: (ailment.models ?? [MODEL]).map((id) => ({ id })) })
    } else if (request.url === '/openapi.json') {
      send(200, { info: spec.info, paths: { [ailment.path ?? '/v1/rerank']: { post: {} } } })
    } else if (ailment.rankings === undefined) {
      send(ailment.rerankStatus ?? 200, ailment.rerankStatus ? { detail: 'no' } : ranking(ailment))
    }
  }
  const tls = ailment.certificate && (await issue(ailment.certificate))
  const server = tls ? createTlsServer(tls, respond) : createServer(respond)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    return await task(`http${tls ? 's' : ''}://127.0.0.1:${port}`, tls?.authority)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function issue(
  fault: NonNullable<Ailment['certificate']>,
): Promise<{ cert: string; key: string; authority?: string }> {
  const who = { organization: 'Example', countryCode: 'DE', state: 'State', locality: 'Town', validity: 2 }
  const ca = await createCA(who)
  const certificate = await createCert({
    ca,
    domains: [fault === 'elsewhere' ? 'elsewhere.example' : '127.0.0.1'],
    validity: fault === 'expired' ? -1 : 1,
  })
  return { ...certificate, ...(fault !== 'unknown' && { authority: ca.cert }) }
}

const LIMITS = { 'x-ratelimit-limit-requests': '600', 'x-ratelimit-remaining-requests': '598' }

function ranking({ scores = [0.99, 0.01, 0, 0], tokens = 320 }: Ailment): object {
  const results = scores.map((relevance_score, index) => ({ index, relevance_score, document: { text: '' } }))
  return { id: 'x', model: MODEL, results, usage: { prompt_tokens: tokens, total_tokens: tokens } }
}
