import type { Clock } from '../../src/bulk/rate-limiter/clock.ts'

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
  const alarms = new Set<Alarm>()
  let now = 1000
  const after = (ms: number, callback: () => void): (() => void) => {
    const alarm = { at: now + Math.max(0, ms), callback }
    alarms.add(alarm)
    return () => void alarms.delete(alarm)
  }
  /** The first of those that are due first. */
  const nextAlarm = (): Alarm | undefined => {
    let next: Alarm | undefined
    for (const alarm of alarms) if (!next || alarm.at < next.at) next = alarm
    return next
  }
  return {
    now: () => now,
    after,
    get waiting() {
      return alarms.size
    },
    async pass(ms = Infinity) {
      const end = now + ms
      for (;;) {
        await settle()
        const next = nextAlarm()
        if (!next || next.at > end) break
        alarms.delete(next)
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
