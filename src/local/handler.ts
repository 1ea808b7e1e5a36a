import contract from '../../openapi.json' with { type: 'json' }
import type { RerankResponse, RerankResult } from '../index.ts'
import { createFaultInjection } from '../shared/fault-injection.ts'
import { describe } from '../shared/validate.ts'
import { parseJson, readText } from './body.ts'
import { compileContract, RERANK_PATH } from './contract.ts'
import { resolveSettings, type LocalRerankerOptions } from './options.ts'
import { Refusal } from './refusal.ts'
import { estimateUsage, rankDocuments } from './words/index.ts'
import { jsonResponse, randomHex } from './respond.ts'
import { createTurns } from './turns.ts'

/** The embedded endpoint: a function like `fetch` that responds itself and opens no connection. */
export interface LocalReranker {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** A key that this endpoint accepts. A client without the option `apiKey` uses it. */
  readonly apiKey: string
}

/**
 * Makes a rerank endpoint that runs in this process, for tests and for work without a network. It responds to
 * `POST /v1/rerank` according to the contract: it checks requests against the spec, and returns FastAPI's errors. It also
 * serves the contract at `GET /openapi.json` and its state at `GET /health`. It ignores the host of a URL, and patterns
 * that only Python's regular expressions support.
 *
 * The endpoint ranks by words, with BM25: the same input always gets the same scores. Unlike the hosted model, it knows
 * no synonyms and no translations, and a score depends on the other documents of the request. `usage` is an estimate: one
 * token for every four bytes of UTF-8.
 *
 * Documents are ranked in batches, so that other work continues and an abort takes effect. A body is parsed and checked
 * without a pause, which takes some tenths of a second for 32 MiB. If that is too long, lower `maxBodyBytes`.
 *
 * To simulate delays, failures and rate limits, use `latencyMs`, `failRate` and `rateLimit`. For your own responses or
 * scores, use `respond` or `score`. Documents with a blank text get the lowest score.
 *
 * The endpoint evaluates no code, so it also runs in workers and in pages with a content security policy.
 * @throws TypeError for an option of the wrong type or range.
 * @example
 * const down = createRerankClient({ fetch: createLocalReranker({ respond: () => new Response(null, { status: 503 }) }) })
 * const slow = createRerankClient({ fetch: createLocalReranker({ latencyMs: 500, failRate: 0.1, rateLimit: 60 }) })
 */
export function createLocalReranker(options?: LocalRerankerOptions): LocalReranker {
  const settings = resolveSettings(options)
  const checks = compileContract(contract)
  const inTurn = createTurns()
  const faults = createFaultInjection(settings)

  async function rerank(request: Request, signal: AbortSignal | undefined): Promise<Response> {
    authenticate(request, settings.apiKey)
    const text = await readText(request, settings, signal)
    const { headers, refusal } = faults.draw()
    await faults.wait(signal)
    if (refusal) throw new Refusal(refusal.status, refusal.detail, headers)
    const respond = (): Promise<Response | RerankResponse> => rankBody(request, text, signal)
    const response = await (text.length > SMALL ? inTurn(respond) : respond())
    return response instanceof Response ? response : jsonResponse(200, response, headers)
  }

  async function rankBody(
    request: Request,
    text: string,
    signal: AbortSignal | undefined,
  ): Promise<Response | RerankResponse> {
    signal?.throwIfAborted()
    const body = parseJson(request, text)
    const valid = checks(body, new URL(request.url).searchParams)
    const own = await settings.respond?.(valid)
    if (own) return own
    const { model, query, documents } = valid
    if (!settings.models.includes(model)) throw new Refusal(404, `The model \`${model}\` does not exist.`)
    if (documents.length > settings.maxDocuments) throw tooMany(documents.length, settings.maxDocuments)
    return {
      id: `rerank-${randomHex()}`,
      model,
      usage: estimateUsage(query, documents),
      results: settings.score
        ? scored(documents, await settings.score(query, documents))
        : await rankDocuments(query, documents, signal),
    }
  }

  const routes: Routes = {
    [RERANK_PATH]: { POST: rerank },
    '/openapi.json': { GET: () => contract },
    '/health': { GET: () => ({ status: 'ok' }) },
  }

  async function handle(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const own = input instanceof Request ? input.signal : undefined
    const signal = (init?.signal === undefined ? own : init.signal) ?? undefined
    signal?.throwIfAborted()
    // A copy of a Request would begin to read its body. The signal is followed here: a Request that followed it would
    // leave a listener behind.
    const isOwn = input instanceof Request && init === undefined
    const request = isOwn ? input : new Request(input, { ...init, signal: null })
    const response = await answer(request, routes, settings.cors, signal)
    if (!request.bodyUsed) await request.body?.cancel()
    signal?.throwIfAborted()
    return request.method === 'HEAD' ? new Response(null, response) : response
  }

  return Object.freeze(Object.assign(handle, { apiKey: settings.apiKey ?? 'local' }))
}

/**
 * Documents with the scores of the option `score`, best first. @throws TypeError if there is not a number for each
 */
function scored(documents: readonly string[], scores: ArrayLike<number>): RerankResult[] {
  return documents
    .map((text, index) => {
      const relevance_score = scores[index] ?? NaN
      if (!Number.isFinite(relevance_score)) {
        const found = typeof scores === 'object' ? `${String(scores[index])} at ${index}` : describe(scores)
        throw new TypeError(`score must return an array with one number for each document, got ${found}`)
      }
      return { index, document: { text }, relevance_score }
    })
    .sort((a, b) => b.relevance_score - a.relevance_score)
}

/** Characters of a body that is ranked beside others. Larger ones, which take many times their size, wait for each other. */
const SMALL = 64 * 1024

type Action = (request: Request, signal: AbortSignal | undefined) => unknown

type Routes = Readonly<Record<string, Readonly<Record<string, Action>>>>

async function answer(
  request: Request,
  routes: Routes,
  cors: boolean,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const shared = cors ? crossOrigin(request) : {}
  try {
    const actions = own(routes, new URL(request.url).pathname)
    if (!actions) throw new Refusal(404, 'Not Found')
    if (cors && request.method === 'OPTIONS') return preflight(shared)
    const action = own(actions, request.method === 'HEAD' ? 'GET' : request.method)
    if (!action) throw new Refusal(405, 'Method Not Allowed', { allow: allowed(actions) })
    const result = await action(request, signal)
    if (!(result instanceof Response)) return jsonResponse(200, result, shared)
    for (const [name, value] of Object.entries(shared)) result.headers.set(name, value)
    return result
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return jsonResponse(error.status, { detail: error.detail }, { ...shared, ...error.headers })
  }
}

/** A method may have any name, that of a member of every object as well. */
function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function allowed(actions: Readonly<Record<string, Action>>): string {
  return Object.keys(actions)
    .map((method) => (method === 'GET' ? 'GET, HEAD' : method))
    .join(', ')
}

function preflight(headers: Readonly<Record<string, string>>): Response {
  return new Response(null, { status: 204, headers: { 'x-request-id': randomHex(), ...headers } })
}

/** `*` stands for all request headers but `authorization`, so those asked for are named. */
function crossOrigin(request: Request): Record<string, string> {
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? '*',
    'access-control-expose-headers': 'x-request-id',
  }
}

function authenticate(request: Request, apiKey: string | undefined): void {
  const key = /^bearer +(\S.*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const challenge = { 'www-authenticate': 'Bearer' }
  if (key === undefined) throw new Refusal(401, 'Not authenticated', challenge)
  if (apiKey !== undefined && key !== apiKey) {
    throw new Refusal(401, 'Invalid authentication credentials', challenge)
  }
}

/** Pydantic's words for a list that is too long. */
function tooMany(actual_length: number, max_length: number): Refusal {
  const msg = `List should have at most ${max_length} items after validation, not ${actual_length}`
  const ctx = { field_type: 'List', max_length, actual_length }
  return new Refusal(422, [{ type: 'too_long', loc: ['body', 'documents'], msg, input: '…', ctx }])
}
