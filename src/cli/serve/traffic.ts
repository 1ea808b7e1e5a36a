import type { Socket } from 'node:net'

/** A request and its response, from the head of the one to the end of the other. */
export interface Exchange {
  /** Aborts when the exchange ends. */
  readonly signal: AbortSignal
  /** Counts bytes that are held until the end. */
  hold: (bytes: number) => void
  /** Ends the exchange; again, it does nothing. */
  end: () => void
}

/** The counts of a server. Each goes down with its exchange's end, which comes with that of its connection at the latest. */
export interface Traffic {
  readonly connections: number
  readonly exchanges: number
  readonly bytes: number
  /** Follows a connection until it closes. */
  follow: (socket: Socket) => void
  /** Begins an exchange; `onEnd` is called once. */
  begin: (socket: Socket, onEnd: () => void) => Exchange
  /** Exchanges in flight on a connection. */
  on: (socket: Socket) => number
}

/** Makes the counts of a server, all zero. */
export function createTraffic(): Traffic {
  const open = new Map<Socket, Set<Exchange>>()
  let exchanges = 0
  let bytes = 0

  function follow(socket: Socket): void {
    const own = new Set<Exchange>()
    open.set(socket, own)
    // Responses that are queued behind a broken connection hear nothing of its end by themselves.
    socket.once('close', () => {
      open.delete(socket)
      for (const exchange of own) exchange.end()
    })
  }

  function begin(socket: Socket, onEnd: () => void): Exchange {
    const ended = new AbortController()
    let held = 0
    exchanges += 1
    const exchange: Exchange = {
      signal: ended.signal,
      hold: (more) => {
        if (ended.signal.aborted) return
        held += more
        bytes += more
      },
      end: () => {
        if (ended.signal.aborted) return
        exchanges -= 1
        bytes -= held
        open.get(socket)?.delete(exchange)
        onEnd()
        ended.abort()
      },
    }
    open.get(socket)?.add(exchange)
    return exchange
  }

  return {
    get connections() {
      return open.size
    },
    get exchanges() {
      return exchanges
    },
    get bytes() {
      return bytes
    },
    follow,
    begin,
    on: (socket) => open.get(socket)?.size ?? 0,
  }
}
