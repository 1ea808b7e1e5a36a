import { LightSignal, LONGEST_MS, onAbort } from '../shared/abort.ts'

/** One signal for the work of an attempt. It aborts as soon as nobody waits for that work any more. */
export interface Timer {
  /** The signal as an AbortSignal, or a light one for code that says by `lightSignal` that it makes do with that. */
  signalFor(code: object | undefined): AbortSignal
  /**
   * Settles with the first of: the work, the caller's abort (rejecting with `signal.reason`), and the time limit in
   * milliseconds (rejecting with the error for it). It settles at once, even if the work pays no heed to the signal.
   */
  race<Result>(work: Promise<Result>, ms: number, timeIsUp: () => Error): Promise<Result>
}

/** Makes the timer of an attempt; nothing runs before it has something to race with. */
export function createTimer(caller: AbortSignal | undefined): Timer {
  const light = new LightSignal()
  let controller: AbortController | undefined
  return {
    signalFor: (code) =>
      (code as { lightSignal?: true } | undefined)?.lightSignal
        ? (light as object as AbortSignal)
        : (controller ??= new AbortController()).signal,
    race: (work, ms, timeIsUp) =>
      new Promise((resolve, reject) => {
        const fail = (reason: unknown): void => {
          clear()
          // What is still in flight, an unread body for one, has nobody left to wait for it.
          controller?.abort()
          light.handleEvent()
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what it was rejected with
          reject(reason)
        }
        // No timer holds more, nor Infinity, which asks for none.
        const timer = ms > LONGEST_MS ? undefined : setTimeout(() => fail(timeIsUp()), ms)
        const forget = caller && onAbort(caller, () => fail(caller.reason))
        const clear = (): void => {
          clearTimeout(timer)
          forget?.()
        }
        // An abort that came before there was a listener.
        if (caller?.aborted) fail(caller.reason)
        work.then((result) => {
          clear()
          resolve(result)
        }, fail)
      }),
  }
}
