/** How many of the last times a rate is taken from: a burst of half the default concurrency. */
const TIMES = 20

/** How often something happens, a millisecond, of late. */
export interface Meter {
  /** It happens. */
  add(now: number): void
  /** What happened before says nothing any more. */
  clear(): void
  rate(now: number): number
}

/** A meter that has counted nothing. */
export function createMeter(): Meter {
  const times: number[] = []
  return {
    add(now) {
      times.push(now)
      if (times.length > TIMES) times.shift()
    },
    clear: () => void (times.length = 0),
    rate: (now) => (times[0] === undefined ? 0 : times.length / (now - times[0])),
  }
}

/** So many measure a rate to a third, and on average to a tenth: one over the square root. */
const ENOUGH = 10

/** Measures at what rate a bucket fills, from the moment that it is empty to another. */
export interface Measure {
  /** One was let out. */
  add(now: number): void
  /**
   * The rate at which as much would come out again and again, each time after such a wait. A bucket that was empty much
   * sooner than that does not keep what comes in meanwhile, and says nothing.
   */
  again(now: number, waitMs: number): number
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
  let since = NaN
  let out = 0
  let pausedMs = 0
  // What was in the bucket before it was first empty is no measure of anything.
  const isEnough = (): boolean => out >= ENOUGH && !Number.isNaN(emptyAt)
  return {
    add(now) {
      if (Number.isNaN(since)) since = now
      out += 1
    },
    again: (now, waitMs) =>
      out >= ENOUGH && now - since >= waitMs / 3 && now - since <= waitMs * 4
        ? out / (now + waitMs - since)
        : Infinity,
    pause: (ms) => void (pausedMs += ms),
    range(now) {
      const ms = now - emptyAt
      return isEnough() ? { least: out / ms, most: out / (ms - pausedMs) } : undefined
    },
    startAfresh(now) {
      if (!isEnough() && !Number.isNaN(emptyAt)) return
      emptyAt = since = now
      out = 0
      pausedMs = 0
    },
  }
}
