/** A token bucket: so many requests a second, and so many at once. */
export interface Bucket {
  perSecond: number
  capacity: number
}

/** A bucket that is taken from. */
export interface Tokens {
  /** Milliseconds until there is room for so many; 0 when there was, and they have been taken. @default 1 */
  take(amount?: number): number
  /** How many there have been to take, by the last time that somebody asked. */
  readonly admissible: number
  /** What it held when somebody last asked. */
  readonly level: number
  /** When somebody first and last asked, by the clock given; before that, when it began. */
  readonly firstAt: number
  readonly lastAt: number
}

/**
 * Fills a bucket.
 *
 * @param now - Milliseconds.
 * @param from - When it begins to fill. @default when it is first asked
 * @param level - What it holds at first. @default all that it can
 * @param change - By what the rate is multiplied at a time.
 */
export function fillBucket(
  { perSecond, capacity }: Bucket,
  now: () => number,
  {
    from,
    level = capacity,
    change = () => 1,
  }: { from?: number; level?: number; change?: (now: number) => number } = {},
): Tokens {
  let tokens = level
  let admissible = level
  let firstAt = from
  let lastAt = from
  return {
    take(amount = 1) {
      const at = now()
      const rate = (perSecond * change(at)) / 1000
      const came = (at - (lastAt ?? at)) * rate
      firstAt ??= at
      lastAt = at
      admissible += came
      tokens = Math.min(capacity, tokens + came)
      if (tokens < amount) return (amount - tokens) / rate
      tokens -= amount
      return 0
    },
    get admissible() {
      return admissible
    },
    get level() {
      return tokens
    },
    get firstAt() {
      return firstAt ?? 0
    },
    get lastAt() {
      return lastAt ?? 0
    },
  }
}
