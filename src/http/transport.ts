import createClient from 'openapi-fetch'
import { readText } from './read-body.ts'
import type { Fetch, Settings } from '../options/resolve.ts'
import type { Payload } from '../api/request.ts'
import { isUndici } from '../options/runtime.ts'
import { RERANK_PATH } from '../api/types.ts'
import type { paths } from '../api/types.ts'
import { property } from '../shared/property.ts'

/** One exchange with the service: the response, and its body read to the end. */
export interface Exchange {
  response: Response
  text: string
}

/**
 * Sends a request once, and tells of the response as soon as its headers have come.
 * @throws BodyTooLarge, or whatever `fetch` and the reading of the body throw
 */
export type Transport = (
  payload: Payload,
  settings: Settings,
  signal: AbortSignal,
  onHeaders: (response: Response) => void,
) => Promise<Exchange>

/** The transport to one service, over openapi-fetch. */
export function createTransport(baseUrl: string): Transport {
  const api = createClient<paths>({ baseUrl, Request: PlainRequest as unknown as typeof Request })
  // What openapi-fetch is given in place of a response, so that it leaves the reading to us.
  const nothing = new Response(null, { status: 204 })

  return async ({ json }, settings, signal, onHeaders) => {
    const { headers, projectId, fetch = globalFetch } = settings
    let exchange: Promise<Exchange> | undefined
    const send = async ({ url, init }: PlainRequest): Promise<Exchange> => {
      // Headers and body go around openapi-fetch, which would make three Headers objects for them.
      const response = await fetch(url, { ...init, headers, body: json })
      if (!isResponse(response)) throw new TypeError('fetch returned no Response')
      onHeaders(response)
      return { response, text: await readText(response, settings) }
    }
    await api.POST(RERANK_PATH, {
      params: projectId === undefined ? {} : { query: { ai_project_id: projectId } },
      body: undefined as never,
      signal,
      // A redirect would carry the documents, and on the same host the key, to wherever it points.
      redirect: 'manual',
      // So does what becomes of it: openapi-fetch takes an error that is falsy for none.
      fetch: async (request) => {
        if (!(request instanceof PlainRequest)) throw new TypeError('openapi-fetch built another Request')
        exchange = send(request)
        await exchange.catch(() => undefined)
        return nothing
      },
    })
    if (!exchange) throw new TypeError('openapi-fetch sent no request')
    return exchange
  }
}

function isResponse(value: unknown): boolean {
  const headers = property(value, 'headers')
  return (
    typeof property(headers, 'get') === 'function' && typeof property(headers, Symbol.iterator) === 'function'
  )
}

/**
 * The global fetch, which is looked up for each request and not when the client was made, so that what replaced it is
 * heard. Node's keeps a copy of every body that a redirect may ask for again, which costs more than all that we do,
 * unless a redirect is an error. That error doesn't say where the redirect leads, so that is asked for.
 */
const globalFetch: Fetch = async (url, init) => {
  if (!isUndici()) return globalThis.fetch(url, init)
  try {
    return await globalThis.fetch(url, { ...init, redirect: 'error' })
  } catch (error) {
    if (property(property(error, 'cause'), 'message') !== 'unexpected redirect') throw error
    return globalThis.fetch(url, init)
  }
}

/**
 * What openapi-fetch makes in place of a Request: a real one costs more than all else that it does, and its
 * body could be sent only once.
 */
class PlainRequest {
  readonly url: string
  readonly init: RequestInit

  constructor(url: string, init: RequestInit) {
    this.url = url
    this.init = init
  }
}
