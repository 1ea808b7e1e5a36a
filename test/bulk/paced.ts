import { createPaceBy } from '../../src/bulk/rate-limiter/rate-limiter.ts'
import type { PaceOptions } from '../../src/bulk/index.ts'
import type { PacedRequest, PaceResult } from '../../src/index.ts'
import { createVirtualClock, type VirtualClock } from './virtual-time.ts'

export const REQUEST: PacedRequest = { query: 'q', documents: ['d'] }
export const FOR_20_S = { ...REQUEST, maxRetryAfterMs: 20_000 }

/** A request that left. */
interface Left {
  /** Its place among those that entered. */
  name: number
  at: number
  end: (result?: PaceResult) => void
}

interface Paced {
  clock: VirtualClock
  pace: ReturnType<typeof createPaceBy>
  left: Left[]
  enter: (count?: number, request?: PacedRequest, signal?: AbortSignal) => void
  now: () => number
}

/** A pace in virtual time, and what left of what entered. */
export function paced(options: PaceOptions = {}): Paced {
  const clock = createVirtualClock()
  const pace = createPaceBy(clock, options)
  const left: Left[] = []
  const started = clock.now()
  let names = 0
  const enter = (count = 1, request = REQUEST, signal?: AbortSignal): void => {
    for (; count > 0; count--) {
      const name = names++
      pace.enter(request, signal).then(
        (leave) =>
          left.push({ name, at: clock.now() - started, end: (result = { status: 200 }) => leave(result) }),
        () => undefined,
      )
    }
  }
  return { clock, pace, left, enter, now: () => clock.now() - started }
}
