import type { TimeLimit } from '../errors/classes.ts'
import { onAbort } from '../shared/abort.ts'

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
