/**
 * Tells 429s for the rate from those by chance, as of a service that is short of capacity. No lower rate lessens the share
 * of the latter, so slowing down for them would end at a standstill. A rate well below what was measured to be admitted is hardly
 * ever rate-limited for the rate, so 429s there are evidence for chance; a share far above the tolerated one is evidence
 * against. Evidence is the logarithm of the odds, summed up and never below zero (CUSUM, Page 1954).
 */
export interface Chance {
  /** Tells whether 429s come by chance, as far as is known. */
  readonly isOn: boolean
  /** A request is over that was sent well below what is admitted, or not; returns the new verdict, where it changes. */
  count(isRateLimited: boolean, isBelow: boolean): 'chance' | 'rate' | undefined
}

/** The odds at which evidence is proof: 100 to 1; to the fourth power once a proof was wrong within `MEMORY`. */
const PROOF = Math.log(100)
/** The share that is rate-limited below the limit by jitter, and the least that chance is suspected of. */
const JITTER = 0.002
const LEAST = 0.005
/** As many are taken to have been admitted before the first that is counted: one 429 alone is no proof. */
const BEFORE = 20
/** The tolerated share follows as many requests: to three hundredths, one over twice the square root. */
const MEMORY = 256

/** Blames the rate at first. */
export function createChance(): Chance {
  let evidence = 0
  let counted = 0
  let rateLimited = 0
  /** The share of 429s that chance is blamed for; 0 while it is not. */
  let tolerated = 0
  let proof = PROOF

  const weigh = (isRateLimited: boolean, share: number, otherwise: number): boolean => {
    counted += 1
    rateLimited += +isRateLimited
    evidence += Math.log(isRateLimited ? share / otherwise : (1 - share) / (1 - otherwise))
    evidence = Math.max(0, evidence)
    return evidence > (tolerated > 0 ? PROOF : proof)
  }
  const conclude = (share: number): void => {
    tolerated = share
    evidence = counted = rateLimited = 0
  }

  return {
    get isOn() {
      return tolerated > 0
    },
    count(isRateLimited, isBelow) {
      if (tolerated > 0) {
        // A limit that is passed as well would halve what is admitted before long.
        const isProof = weigh(isRateLimited, (1 + tolerated) / 2, tolerated)
        tolerated += (Math.max(LEAST, +isRateLimited) - tolerated) / MEMORY
        if (!isProof) return undefined
        proof = counted < MEMORY ? 4 * PROOF : PROOF
        conclude(0)
        return 'rate'
      }
      if (!isBelow) return undefined
      const share = Math.max(LEAST, (rateLimited + +isRateLimited) / (counted + 1 + BEFORE))
      if (weigh(isRateLimited, share, JITTER)) {
        conclude(Math.max(LEAST, rateLimited / (counted + 1)))
        return 'chance'
      }
      if (evidence === 0) conclude(0)
      return undefined
    },
  }
}
