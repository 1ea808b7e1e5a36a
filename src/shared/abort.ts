/** Timers hold 31 bits of milliseconds (HTML, 8.6), nearly 25 days; a longer one would end at once. */
export const LONGEST_MS = 2 ** 31 - 1

/** Waits, nearly 25 days at most, or rejects with `signal.reason` as soon as the caller aborts. */
export function wait(ms: number, caller: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (caller?.aborted) throw caller.reason
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

/**
 * The functions to call when a signal aborts, as one listener. It is also as much of a signal itself as `onAbort` and `wait`
 * need, with no reason. An AbortSignal takes longer to make than the rest of what is noted of a call. On Node 20 a call's
 * data also lives on with it until a full collection. Both are only worth it where code of others listens.
 */
export class LightSignal extends Set<() => void> {
  aborted = false

  handleEvent(): void {
    this.aborted = true
    for (const callback of this) callback()
  }
}

const watches = new WeakMap<AbortSignal, LightSignal>()

/**
 * Calls back when a signal aborts, unless the function that it returns is called first. However many calls share
 * a signal, it has one listener: from the eleventh on, Node warns of a leak.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal instanceof Set) {
    signal.add(callback)
    return () => signal.delete(callback)
  }
  const callbacks = watches.get(signal) ?? new LightSignal()
  if (callbacks.size === 0) signal.addEventListener('abort', callbacks)
  watches.set(signal, callbacks.add(callback))
  return () => {
    callbacks.delete(callback)
    if (callbacks.size === 0) signal.removeEventListener('abort', callbacks)
  }
}
