/** The two time limits of a call, by the option that sets each. */
export type TimeLimit = 'timeoutMs' | 'deadlineMs'

/** What an attempt that ran out of time rejects with; the client makes a RerankTimeoutError of it. */
export class LimitReached extends Error {
  readonly limit: TimeLimit

  constructor(limit: TimeLimit) {
    super(limit)
    this.limit = limit
  }
}

/**
 * Runs work that ends with the first of: its own end, the caller's abort (rejecting with `signal.reason`), or
 * the time limit (rejecting with LimitReached). It settles at once, even if the work pays no heed to its signal.
 */
export function withinLimits<Result>(
  caller: AbortSignal | undefined,
  { ms, limit }: { ms: number; limit: TimeLimit },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    caller?.throwIfAborted()
    const controller = new AbortController()
    const fail = (reason: unknown): void => {
      letGo()
      // What is still under way, an unread body for one, has nobody left to wait for it.
      controller.abort()
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what it was rejected with
      reject(reason)
    }
    // No timer holds more: whoever allows Infinity wants none.
    const timer = ms === Infinity ? undefined : setTimeout(() => fail(new LimitReached(limit)), ms)
    const forget = caller && onAbort(caller, () => fail(caller.reason))
    const letGo = (): void => {
      clearTimeout(timer)
      forget?.()
    }
    work(controller.signal).then((result) => {
      letGo()
      resolve(result)
    }, fail)
  })
}

/** Waits, or rejects with `signal.reason` as soon as the caller aborts. */
export function wait(ms: number, caller: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    caller?.throwIfAborted()
    const timer = setTimeout(() => {
      forget?.()
      resolve()
    }, ms)
    const forget =
      caller &&
      onAbort(caller, () => {
        clearTimeout(timer)
        forget?.()
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
        reject(caller.reason)
      })
  })
}

interface Watch {
  callbacks: Set<() => void>
  listener: () => void
}

const watches = new WeakMap<AbortSignal, Watch>()

/**
 * Calls back when a signal aborts, unless the function that it returns is called first. However many calls share
 * a signal, it has one listener: from the eleventh on, Node warns of a leak.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const watch = watches.get(signal) ?? startWatch(signal)
  watch.callbacks.add(callback)
  return () => {
    watch.callbacks.delete(callback)
    if (watch.callbacks.size > 0) return
    signal.removeEventListener('abort', watch.listener)
    watches.delete(signal)
  }
}

function startWatch(signal: AbortSignal): Watch {
  const callbacks = new Set<() => void>()
  const listener = (): void => {
    for (const callback of callbacks) callback()
  }
  signal.addEventListener('abort', listener)
  watches.set(signal, { callbacks, listener })
  return { callbacks, listener }
}
