/** How many of the last times a rate is taken from. */
const TIMES = 20

/** How often something happens, a millisecond, of late. */
export interface Meter {
  /** It happens. */
  add(now: number): void
  rate(now: number): number
}

/** A meter that has counted nothing. */
export function createMeter(): Meter {
  const times: number[] = []
  let next = 0
  return {
    add(now) {
      times[next] = now
      next = (next + 1) % TIMES
    },
    rate(now) {
      const oldest = times.length < TIMES ? times[0] : times[next]
      return oldest === undefined ? 0 : times.length / (now - oldest)
    },
  }
}

/** So many measure a rate to a tenth or two. */
const ENOUGH = 10

/** Measures at what rate a bucket fills, from the moment that it is empty to another. */
export interface Measure {
  /** One was let out. */
  add(): void
  /** Nothing was asked for, for so long. */
  pause(ms: number): void
  /**
   * The rate, where enough were let out: at least what came out in all of the time, since some may have run over in
   * the pauses; at most what came out in the rest of it.
   */
  range(now: number): { least: number; most: number } | undefined
  /** The bucket is empty: the next measure starts, unless this one is not yet enough. */
  startAfresh(now: number): void
}

/** A measure that has measured nothing. */
export function createMeasure(): Measure {
  let emptyAt = NaN
  let out = 0
  let pausedMs = 0
  // What was in the bucket before it was first empty is no measure of anything.
  const isEnough = (): boolean => out >= ENOUGH && !Number.isNaN(emptyAt)
  return {
    add: () => (out += 1),
    pause: (ms) => (pausedMs += ms),
    range(now) {
      const ms = now - emptyAt
      return isEnough() ? { least: out / ms, most: out / (ms - pausedMs) } : undefined
    },
    startAfresh(now) {
      if (!isEnough() && !Number.isNaN(emptyAt)) return
      emptyAt = now
      out = 0
      pausedMs = 0
    },
  }
}
