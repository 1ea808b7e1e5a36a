import createClient from 'openapi-fetch'
import { bounded } from './body.ts'
import type { Settings } from './options.ts'
import type { Payload } from './request.ts'
import { RERANK_PATH } from './types.ts'
import type { paths } from './types.ts'
import { field } from './words.ts'

/** One exchange with the service: the response, and its body read to the end. */
export interface Exchange {
  response: Response
  /** The text of a success; of a failure the JSON, or the text where it is none, at most 64 KiB. */
  body: unknown
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

  return async ({ body, json }, settings, signal, onHeaders) => {
    const { headers, projectId, fetch } = settings
    let received: Response | undefined
    const { data, error, response } = await api.POST(RERANK_PATH, {
      params: projectId === undefined ? {} : { query: { ai_project_id: projectId } },
      body,
      bodySerializer: () => json,
      signal,
      parseAs: 'text',
      // A redirect would carry the documents, and on the same host the key, to wherever it points.
      redirect: 'manual',
      // The headers go around openapi-fetch, which would copy them into three Headers objects.
      fetch: async (request) => {
        if (!(request instanceof PlainRequest)) throw new TypeError('openapi-fetch built another Request')
        // The global fetch is looked up now and not when the client was made, so that what replaced it is heard.
        received = await (fetch ?? globalThis.fetch)(request.url, { ...request.init, headers })
        if (typeof field(received, 'headers') !== 'object') throw new TypeError('fetch returned no Response')
        onHeaders(received)
        return bounded(received, settings)
      },
    })
    return { response: received ?? response, body: data ?? error }
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
