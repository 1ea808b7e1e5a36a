import type { ClientRequest, IncomingMessage } from 'node:http'
import { onAbort } from '../shared/abort.ts'
import { ACCEPT_ENCODING } from './decode.ts'
import { loadTimers } from './load.ts'
import { endedEarly, toResponse } from './response.ts'
import type { NodeResponse } from './response.ts'
import type { Route } from './route.ts'
import type { TunnelRequestOptions } from './tunnel.ts'

/** The request that is sent. */
export interface NodeFetchInit {
  /** @default 'GET' */
  method?: string | undefined
  /** Headers by name. Length and connection are set by the fetch itself. */
  headers?: Readonly<Record<string, string>> | undefined
  /** @default none */
  body?: string | Uint8Array | null | undefined
  /** Ends the request, or the reading of its response, at once. */
  signal?: AbortSignal | null | undefined
}

/**
 * Sends a request, and resolves with the response when its headers have come.
 *
 * @param onClose - Called once, when nothing more comes or goes.
 * @throws TypeError with the reason in `cause`; `signal.reason` after an abort
 */
export function exchange(
  route: Route,
  init: NodeFetchInit,
  signal: AbortSignal | undefined,
  onClose: () => void,
): Promise<NodeResponse> {
  const { method = 'GET', body } = init
  const aborted = (): { reason: unknown } | undefined =>
    signal?.aborted === true ? { reason: signal.reason } : undefined
  let current: ClientRequest | undefined
  let message: IncomingMessage | undefined

  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => reject(new TypeError('fetch failed', { cause }))
    let isOpen = true
    // More than one event may tell of the end, and not every runtime has all of them.
    const close = (): void => {
      if (!isOpen) return
      isOpen = false
      forget?.()
      onClose()
    }

    const start = (): void => {
      const headers = headersOf(route, init)
      // On Node 20, what is added to a spread object outlives the request by far, and all that it leads to.
      const options: TunnelRequestOptions = { method, headers, connectSignal: signal, ...route.options }
      const request = (current = route.request(options))
      let isSent = false
      const send = (): void => {
        if (request.destroyed) return
        isSent = true
        // Node writes a text together with the headers, and in the encoding of headers that costs the least.
        if (typeof body === 'string' && Buffer.byteLength(body) === body.length) request.end(body, 'latin1')
        else request.end(typeof body === 'string' ? Buffer.from(body) : (body ?? undefined))
      }
      /** Starts again where a kept connection ends, or says something, before anything has been sent on it. */
      const isStale = (): boolean => {
        if (isSent || !request.reusedSocket || aborted()) return false
        current = undefined
        request.destroy()
        tryStart()
        return true
      }
      request
        .on('response', (incoming) => {
          if (request !== current || isStale()) return
          message = incoming.on('close', close)
          resolve(toResponse(incoming, method, aborted))
        })
        .on('error', (error) => {
          if (request !== current || isStale()) return
          fail(error)
          if (!message) close()
        })
        .on('close', () => {
          if (request !== current) return
          if (!message) fail(endedEarly())
          close()
        })
      if (request.reusedSocket) afterTurn(send)
      else send()
    }
    const tryStart = (): void => {
      try {
        start()
      } catch (error) {
        fail(error)
        close()
      }
    }

    const forget =
      signal &&
      onAbort(signal, () => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
        reject(signal.reason)
        const running = message ?? current
        running?.destroy(new Error('aborted'))
        close()
      })
    tryStart()
  })
}

/**
 * Calls back when what had come by now has been noticed, above all that the other side closed a connection. The first
 * callback may belong to the turn of the event loop that is going on.
 */
function afterTurn(callback: () => void): void {
  immediate ??= loadTimers().setImmediate
  immediate(immediate, callback)
}

let immediate: typeof setImmediate | undefined

/** Headers that belong to the connection and to the framing of the body. */
const RESERVED = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
])

/** The lists of headers that can't change. A client sends the same with each request. */
const lists = new WeakMap<object, { route: Route; list: readonly string[] }>()

/** Names and values in turn, which Node sends as they are. */
function headersOf(route: Route, { method = 'GET', headers = {}, body }: NodeFetchInit): readonly string[] {
  const known = lists.get(headers)
  const list = known?.route === route ? known.list : listOf(route, headers)
  const hasBody = body !== undefined && body !== null
  if (!hasBody && (method === 'GET' || method === 'HEAD')) return list
  return [...list, 'content-length', hasBody ? String(Buffer.byteLength(body)) : '0']
}

function listOf(route: Route, headers: Readonly<Record<string, string>>): readonly string[] {
  const all: Record<string, string> = { ...route.headers, 'accept-encoding': ACCEPT_ENCODING }
  for (const name of Object.keys(headers)) {
    const key = name.toLowerCase()
    if (RESERVED.has(key)) throw reservedHeader(key)
    all[key] = headers[name] ?? ''
  }
  const list: string[] = []
  for (const name in all) list.push(name, all[name] ?? '')
  if (Object.isFrozen(headers)) lists.set(headers, { route, list })
  return list
}

function reservedHeader(name: string): TypeError {
  const error = new TypeError(`the header ${name} is set by the fetch itself: leave it out`)
  return Object.assign(error, { code: 'ERR_INVALID_HEADER' })
}
