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

/** The functions to call when a signal aborts, as one listener. */
class Callbacks extends Set<() => void> {
  handleEvent(): void {
    for (const callback of this) callback()
  }
}

const watches = new WeakMap<AbortSignal, Callbacks>()

/**
 * Calls back when a signal aborts, unless the function that it returns is called first. However many calls share
 * a signal, it has one listener: from the eleventh on, Node warns of a leak.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = watches.get(signal) ?? new Callbacks()
  if (callbacks.size === 0) signal.addEventListener('abort', callbacks)
  watches.set(signal, callbacks.add(callback))
  return () => {
    callbacks.delete(callback)
    if (callbacks.size === 0) signal.removeEventListener('abort', callbacks)
  }
}
