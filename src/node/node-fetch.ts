import { exchange } from './exchange.ts'
import type { NodeFetchInit } from './exchange.ts'
import { resolveNodeFetchOptions } from './options.ts'
import type { NodeFetchOptions } from './options.ts'
import type { NodeResponse } from './response.ts'
import { createRoutes } from './route.ts'
import { createSlots } from './slots.ts'

/** A `fetch` over `node:http` and `node:https`; made by {@link createNodeFetch}. */
export interface NodeFetch {
  /**
   * Sends a request, and resolves with the response when its headers have come. Redirects are not followed.
   *
   * @throws TypeError when the connection fails, with the reason in `cause`; `signal.reason` after an abort.
   */
  (url: string, init?: NodeFetchInit): Promise<NodeResponse>
  /**
   * Closes idle connections at once and the others as their responses end, and resolves when all are closed. Later
   * requests reject.
   */
  close(): Promise<void>
  /** Returns the origin of the proxy that a URL is reached by; `undefined` where it is reached without. */
  proxyFor(url: string): string | undefined
  /** Tells the client to do without Node's own `Headers` and `Response`, which would load all of Node's fetch. */
  readonly direct: true
  /** Tells the client that a signal need not be an instance of `AbortSignal`, which takes Node long to make. */
  readonly lightSignal: true
}

/**
 * Makes a `fetch` for `createRerankClient` that costs a fraction of Node's own: that is not even loaded, connections
 * are kept alive, and bodies are read without web streams. It needs `node:http`, which Node, Bun and Deno have.
 *
 * @throws TypeError for an option of the wrong type or range.
 * @example
 * ```ts
 * const client = createRerankClient({ fetch: createNodeFetch({ proxy: true }) })
 * ```
 */
export function createNodeFetch(options: NodeFetchOptions = {}): NodeFetch {
  const settings = resolveNodeFetchOptions(options, process.env)
  const routes = createRoutes(settings)
  const slots = createSlots(settings.maxSockets)
  let closed: Promise<void> | undefined

  const fetch = async (url: string, init: NodeFetchInit = {}): Promise<NodeResponse> => {
    if (closed) throw new TypeError('fetch failed', { cause: new Error('this fetch is closed') })
    const signal = init.signal ?? undefined

    if (signal?.aborted) throw signal.reason
    const route = routes.to(url)
    const wait = slots.take(signal)
    if (wait) await wait
    return exchange(route, init, signal, slots.give)
  }
  const close = (): Promise<void> => {
    if (!closed) routes.close()
    return (closed ??= slots.drained())
  }
  const proxyFor = (url: string): string | undefined => settings.proxyFor(new URL(url))?.origin
  return Object.freeze(
    Object.assign(fetch, { direct: true as const, lightSignal: true as const, close, proxyFor }),
  )
}
