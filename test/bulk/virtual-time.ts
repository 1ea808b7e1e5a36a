import type { Clock } from '../../src/shared/clock.ts'

/** A clock that a test moves on. */
export interface VirtualClock extends Clock {
  /** How many callbacks are waited for. */
  readonly waiting: number
  /** Moves on by so many milliseconds, or until nothing is waited for, and calls back what falls due. */
  pass(ms?: number): Promise<void>
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<void>
}

interface Alarm {
  at: number
  callback: () => void
}

export function createVirtualClock(): VirtualClock {
  /** The next is the last. */
  const alarms: Alarm[] = []
  let now = 1000
  const after = (ms: number, callback: () => void): (() => void) => {
    const alarm = { at: now + Math.max(0, ms), callback }
    // Of those due at once, the first comes first.
    let place = alarms.length
    while (place > 0 && (alarms[place - 1]?.at ?? Infinity) <= alarm.at) place -= 1
    alarms.splice(place, 0, alarm)
    return () => {
      const index = alarms.indexOf(alarm)
      if (index >= 0) alarms.splice(index, 1)
    }
  }
  return {
    now: () => now,
    after,
    get waiting() {
      return alarms.length
    },
    async pass(ms = Infinity) {
      const end = now + ms
      for (;;) {
        await settle()
        const next = alarms.at(-1)
        if (!next || next.at > end) break
        alarms.pop()
        now = next.at
        next.callback()
      }
      if (end < Infinity) now = end
    },
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
  }
}

/** Lets promises that can go on do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve()
}
