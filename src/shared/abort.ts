/** Timers hold 31 bits of milliseconds (HTML, 8.6), nearly 25 days; a longer one would end at once. */
export const LONGEST_MS = 2 ** 31 - 1

/** Waits, nearly 25 days at most, or rejects with `signal.reason` as soon as the caller aborts. */
export function wait(ms: number, caller: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    caller?.throwIfAborted()
    const timer = setTimeout(
      () => {
        forget?.()
        resolve()
      },
      Math.min(ms, LONGEST_MS),
    )
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
