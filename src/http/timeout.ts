import { LONGEST_MS, onAbort } from '../shared/abort.ts'

/** One signal for the work of an attempt. It aborts as soon as nobody waits for that work any more. */
export interface Timer {
  readonly signal: AbortSignal
  /**
   * Settles with the first of: the work, the caller's abort (rejecting with `signal.reason`), and the time limit in
   * milliseconds (rejecting with the error for it). It settles at once, even if the work pays no heed to the signal.
   */
  race<Result>(work: Promise<Result>, ms: number, timeIsUp: () => Error): Promise<Result>
}

/** Makes the timer of an attempt; nothing runs before it has something to race with. */
export function createTimer(caller: AbortSignal | undefined): Timer {
  const controller = new AbortController()
  return {
    signal: controller.signal,
    race: (work, ms, timeIsUp) =>
      new Promise((resolve, reject) => {
        const fail = (reason: unknown): void => {
          clear()
          // What is still in flight, an unread body for one, has nobody left to wait for it.
          controller.abort()
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
