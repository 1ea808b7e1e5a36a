import createClient from 'openapi-fetch'
import type { HeaderReader } from '../api/response.ts'
import { RERANK_PATH } from '../api/types.ts'
import type { paths, WireRequest } from '../api/types.ts'
import { NOT_AN_ERROR } from '../errors/create.ts'
import type { Redactor } from '../errors/redact.ts'
import { isUndici } from '../options/runtime.ts'
import type { FetchResponse, FetchSignal, Settings } from '../options/types.ts'
import { property } from '../shared/property.ts'
import { invalid, isFunction } from '../shared/validate.ts'
import { jsonOrText, shallow } from './parse-body.ts'
import { readText } from './read-body.ts'

/** One exchange: the request of an attempt, and where to tell of its response as soon as the headers have come. */
export interface Exchange {
  body: WireRequest
  json: string
  settings: Settings
  redact: Redactor
  signal: AbortSignal
  onHeaders: (head: ResponseHead) => void
}

/** A response before its body is read. */
export interface ResponseHead {
  status: number
  headers: HeaderReader
}

/**
 * A response whose body is read: text of a success; of an error JSON, or text where it is not JSON. No secret is in an
 * error any more.
 */
export interface RawResponse extends ResponseHead {
  ok: boolean
  body: unknown
}

/** Sends an attempt and reads the response. @throws UnusableResponse, or whatever `fetch` and the body throw */
export type Transport = (exchange: Exchange) => Promise<RawResponse>

/** Makes the transport to one service, over openapi-fetch. */
export function createTransport(baseUrl: string): Transport {
  const api = createClient<paths>({ baseUrl, Request: LightRequest as unknown as typeof Request })

  return async (exchange) => {
    const { body, json, settings, signal } = exchange
    const { fetch, projectId } = settings
    const bounded = boundedFetch(exchange)
    if (fetch?.direct) {
      // Without openapi-fetch, whose `Headers` would load all of Node's own fetch.
      const search = projectId === undefined ? '' : `?ai_project_id=${encodeURIComponent(projectId)}`
      const response = await bounded({ url: baseUrl + RERANK_PATH + search, body: json, signal })
      return { ...response, body: response.ok ? response.body : jsonOrText(response.body) }
    }
    const { data, error, response } = await api.POST(RERANK_PATH, {
      ...(projectId !== undefined && { params: { query: { ai_project_id: projectId } } }),
      body,
      // Every attempt sends the same bytes.
      bodySerializer: () => json,
      parseAs: 'text',
      signal,
      fetch: bounded as unknown as (request: Request) => Promise<Response>,
    })
    const { ok, status, headers } = response
    return { ok, status, headers, body: (ok ? data : shallow(error)) ?? '' }
  }
}

/** Makes a fetch that calls the caller's, or the global one, and reads the body within bounds. */
function boundedFetch({ settings, redact, onHeaders }: Exchange) {
  return async ({ url, body: json, signal }: Pick<LightRequest, keyof LightRequest>) => {
    const isNodes = !settings.fetch && isUndici()
    // Looked up for each request, so that what replaced the global one is heard.
    const fetch = settings.fetch ?? globalThis.fetch
    // A redirect would carry the documents, and on the same host the key, to wherever it points. Node's own fetch keeps
    // a copy of every body that a redirect may ask for again, which costs more than all that we do, unless a redirect
    // is an error. That error doesn't say where the redirect leads, so that is asked for.
    const redirect = isNodes ? 'error' : 'manual'
    const { headers } = settings
    const init = { method: 'POST', headers, body: json, signal: signal as FetchSignal, redirect } as const
    try {
      let received: FetchResponse
      try {
        received = await fetch(url, init)
      } catch (error) {
        if (!isNodes || property(property(error, 'cause'), 'message') !== 'unexpected redirect') throw error
        received = await fetch(url, { ...init, redirect: 'manual' })
      }
      if (!isResponse(received)) invalid('the result of fetch', 'a Response', received)
      onHeaders(received)
      const { ok, status, headers } = received
      const text = await readText(received, settings, isNodes || settings.fetch?.direct === true, signal)
      const body = ok ? text : redact.text(text)
      // As much of a Response as openapi-fetch reads.
      return { ok, status, headers: ok ? headers : redact.headers(headers), body, text: async () => body }
    } catch (error) {
      // openapi-fetch takes a falsy error for none.
      if (!error) throw new TypeError(NOT_AN_ERROR)
      throw error
    }
  }
}

function isResponse(value: FetchResponse): value is FetchResponse & ResponseHead {
  const headers = property(value, 'headers')
  return isFunction(property(headers, 'get')) && isFunction(property(headers, Symbol.iterator))
}

/**
 * Stands in for the Request that openapi-fetch makes: a real one costs more than all else that it does, and its body
 * could be sent only once.
 */
class LightRequest {
  declare readonly url: string
  declare readonly body: string
  declare readonly signal: AbortSignal

  constructor(url: string, { body, signal }: Pick<LightRequest, 'body' | 'signal'>) {
    this.url = url
    this.body = body
    this.signal = signal
  }
}
