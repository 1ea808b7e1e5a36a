import createClient from 'openapi-fetch'
import type { HeaderReader } from '../api/response.ts'
import { RERANK_PATH } from '../api/types.ts'
import type { paths, WireRequest } from '../api/types.ts'
import { NOT_AN_ERROR } from '../errors/create.ts'
import { isUndici } from '../options/runtime.ts'
import type { FetchInit, FetchResponse, Settings } from '../options/types.ts'
import { property } from '../shared/property.ts'
import { readText } from './read-body.ts'

/** One exchange: the request of an attempt, and where to tell of its response as soon as the headers have come. */
export interface Exchange {
  body: WireRequest
  json: string
  settings: Settings
  signal: AbortSignal
  onHeaders: (head: ResponseHead) => void
}

/** A response before its body is read. */
export interface ResponseHead {
  status: number
  headers: HeaderReader
}

/** A response whose body is read: text of a success; of an error JSON, or text where it is not JSON. */
export interface RawResponse extends ResponseHead {
  ok: boolean
  body: unknown
}

/** Sends an attempt and reads the response. @throws BodyTooLarge, or whatever `fetch` and the body throw */
export type Transport = (exchange: Exchange) => Promise<RawResponse>

/** Makes the transport to one service, over openapi-fetch. */
export function createTransport(baseUrl: string): Transport {
  const api = createClient<paths>({ baseUrl, Request: LightRequest as unknown as typeof Request })

  return async (exchange) => {
    const { body, json, settings, signal } = exchange
    if (settings.fetch?.direct) return sendDirectly(baseUrl, exchange)
    const { data, error, response } = await api.POST(RERANK_PATH, {
      params: settings.projectId === undefined ? {} : { query: { ai_project_id: settings.projectId } },
      body,
      // Every attempt sends the same bytes.
      bodySerializer: () => json,
      parseAs: 'text',
      signal,
      fetch: boundedFetch(exchange),
    })
    const { ok, status, headers } = response
    return { ok, status, headers, body: (ok ? data : error) ?? '' }
  }
}

/** Sends without openapi-fetch, whose `Headers` would load all of Node's fetch, for a `fetch` that does without it. */
async function sendDirectly(baseUrl: string, exchange: Exchange): Promise<RawResponse> {
  const { json, settings, signal } = exchange
  const { projectId } = settings
  const search = projectId === undefined ? '' : `?ai_project_id=${encodeURIComponent(projectId)}`
  const request = new LightRequest(baseUrl + RERANK_PATH + search, { method: 'POST', body: json, signal })
  const response = await boundedFetch(exchange)(request as unknown as Request)
  const { ok, status, headers } = response
  const body = await response.text()
  return { ok, status, headers, body: ok ? body : jsonOrText(body) }
}

/** Makes a fetch that calls the caller's, or the global one, and reads the body within bounds. */
function boundedFetch({ settings, onHeaders }: Exchange): (request: Request) => Promise<Response> {
  return async (request) => {
    const { url, init } = request as unknown as LightRequest
    // Looked up for each request, so that what replaced the global one is heard.
    const fetch = settings.fetch ?? globalThis.fetch
    // A redirect would carry the documents, and on the same host the key, to wherever it points. Node's own fetch keeps
    // a copy of every body that a redirect may ask for again, which costs more than all that we do, unless a redirect
    // is an error. That error doesn't say where the redirect leads, so that is asked for.
    const redirect = !settings.fetch && isUndici() ? 'error' : 'manual'
    const all = { ...init, headers: settings.headers, redirect } as const
    let response: FetchResponse
    try {
      response = await fetch(url, all)
    } catch (error) {
      const isRedirect = property(property(error, 'cause'), 'message') === 'unexpected redirect'
      if (redirect === 'manual' || !isRedirect) {
        // openapi-fetch takes a falsy error for none.
        if (!error) throw new TypeError(NOT_AN_ERROR)
        throw error
      }
      response = await fetch(url, { ...all, redirect: 'manual' })
    }
    if (!isResponse(response)) throw new TypeError('fetch returned no Response')
    onHeaders(response)
    const text = await readText(response, settings)
    const { ok, status, headers } = response
    // As much of a Response as openapi-fetch reads.
    return { ok, status, headers, text: async () => text } as unknown as Response
  }
}

function isResponse(value: unknown): boolean {
  const headers = property(value, 'headers')
  return (
    typeof property(headers, 'get') === 'function' && typeof property(headers, Symbol.iterator) === 'function'
  )
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * Stands in for the Request that openapi-fetch makes: a real one costs more than all else that it does, and its body
 * could be sent only once.
 */
class LightRequest {
  readonly url: string
  readonly init: Pick<FetchInit, 'method' | 'body' | 'signal'>

  constructor(url: string, { method, body, signal }: Pick<FetchInit, 'method' | 'body' | 'signal'>) {
    this.url = url
    this.init = { method, body, signal }
  }
}
