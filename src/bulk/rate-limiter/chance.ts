/**
 * Tells 429s for the rate from those by chance, as of a service that is short of capacity: no lower rate lessens their
 * share, so slowing down for them would end at a standstill.
 *
 * A rate below what a limit was measured to admit is hardly ever rate-limited for the rate. So what becomes of the
 * requests that are sent at such a rate is evidence: the logarithm of the odds for chance, summed up by each of them
 * and never below zero (CUSUM, Page 1954).
 */
export interface Chance {
  /** Tells whether 429s come by chance, as far as is known. */
  readonly isOn: boolean
  /**
   * A request is over; `isBelow` tells whether it was sent at a rate that is known to be admitted. It returns what 429s
   * are blamed on from now on, where that changes.
   */
  count(isRateLimited: boolean, isBelow: boolean): 'chance' | 'rate' | undefined
}

/** The odds at which evidence is proof: 100 to 1. */
const PROOF = Math.log(100)
/** The share that is rate-limited below the limit all the same, by jitter. */
const JITTER = 0.002
/** The least share that chance is suspected of. */
const LEAST = 0.005
/** As many are taken to have been admitted before the first that is counted: one 429 alone is no proof. */
const BEFORE = 20
/** The tolerated share follows what is seen, slowly. */
const MEMORY = 256

/** Blames the rate at first. */
export function createChance(): Chance {
  let evidence = 0
  let counted = 0
  let rateLimited = 0
  /** The share of 429s that chance is blamed for, while it is. */
  let tolerated = 0
  /** What is proof; four times as much where the last proved wrong. */
  let proof = PROOF
  let since = 0

  /** Weighs an outcome by two shares of 429s that it may come of. */
  const weigh = (isRateLimited: boolean, share: number, otherwise: number): void => {
    evidence += Math.log(isRateLimited ? share / otherwise : (1 - share) / (1 - otherwise))
    evidence = Math.max(0, evidence)
  }
  const startAfresh = (): void => {
    evidence = counted = rateLimited = 0
  }

  return {
    get isOn() {
      return tolerated > 0
    },
    count(isRateLimited, isBelow) {
      if (tolerated > 0) {
        // A limit that is passed as well would halve what is admitted before long.
        weigh(isRateLimited, (1 + tolerated) / 2, tolerated)
        tolerated += (Math.max(LEAST, +isRateLimited) - tolerated) / MEMORY
        since += 1
        if (evidence > PROOF) {
          tolerated = 0
          proof = since < MEMORY ? 4 * PROOF : PROOF
          startAfresh()
          return 'rate'
        }
      } else if (isBelow) {
        counted += 1
        rateLimited += +isRateLimited
        const share = Math.max(LEAST, rateLimited / (counted + BEFORE))
        weigh(isRateLimited, share, JITTER)
        if (evidence > proof) {
          since = 0
          tolerated = Math.max(LEAST, rateLimited / (counted + 1))
          startAfresh()
          return 'chance'
        }
        if (evidence === 0) startAfresh()
      }
      return undefined
    },
  }
}
