import { onAbort } from '../shared/abort.ts'

/** A number of slots, which those who come while none is free take in turn. */
export interface Slots {
  /** Takes a slot; `undefined` where one was free. @throws `signal.reason` after an abort */
  take: (signal: AbortSignal | undefined) => Promise<void> | undefined
  /** Gives a slot back. */
  give: () => void
  /** Resolves when no slot is taken. */
  drained: () => Promise<void>
}

/** Makes so many slots. */
export function createSlots(count: number): Slots {
  const waiting = new Set<() => void>()
  let taken = 0
  let onDrained: (() => void) | undefined

  function give(): void {
    const [next] = waiting
    if (next) {
      waiting.delete(next)
      next()
    } else {
      taken -= 1
      if (taken === 0) onDrained?.()
    }
  }

  return {
    take(signal) {
      if (taken < count) {
        taken += 1
        return undefined
      }
      return new Promise((resolve, reject) => {
        const enter = (): void => {
          // One that is given back by an abort is not for those whom the same signal is about to end.
          if (signal?.aborted === true) {
            give()
            return
          }
          forget?.()
          resolve()
        }
        const leave = (): void => {
          forget?.()
          waiting.delete(enter)
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
          reject(signal?.reason)
        }
        const forget = signal && onAbort(signal, leave)
        waiting.add(enter)
      })
    },
    give,
    drained: () => new Promise((resolve) => (taken === 0 ? resolve() : (onDrained = resolve))),
  }
}
