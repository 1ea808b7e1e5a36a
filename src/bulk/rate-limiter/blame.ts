/**
 * Tells refusals for the rate from those by chance, as of a service that is short of capacity: no slower rate lowers
 * their share, so slowing down for them would end at a standstill.
 *
 * What is sent at well below the rate that was admitted before is not refused for the rate, unless the limit fell.
 * After a few such refusals the former rate is tried once more: as long as the share of refusals stays about what it
 * was, they come by chance.
 */
export interface Blame {
  /** What a refusal is for: the rate, chance, or what a trial of `formerRate` is to tell. */
  refused(refusal: Refusal): 'rate' | 'chance' | 'trial'
  /** The most that was admitted when the service refused what was more. */
  readonly formerRate: number
}

/** What is known when a request is refused. Rates are requests a millisecond. */
export interface Refusal {
  /** The rate that was sent at. */
  tried: number
  /** The rate that was admitted since the last refusals, where that could be measured. */
  admitted: number | undefined
  /** The share of the last requests that were refused. */
  share: number
  /** Whether anything was admitted since the last refusal. */
  isBetween: boolean
}

/** Below this share of the rate that was admitted, a refusal is not for the rate. */
const WELL_BELOW = 0.5
/** So many such refusals make a trial. */
const ENOUGH = 4
/** How much more than before the trial may be refused, and the most that chance is blamed for. */
const TOLERATED = { times: 1.5, share: 0.03 }
const MOST = 0.5

/** Blames the rate at first. */
export function createBlame(): Blame {
  let formerRate = 0
  let unexplained = 0
  /** The share of refusals that chance is blamed for, while it is. */
  let tolerated = 0

  return {
    get formerRate() {
      return formerRate
    },
    refused({ tried, admitted = 0, share, isBetween }) {
      if (tolerated > 0) {
        if (share <= tolerated) return 'chance'
        tolerated = 0
        formerRate = Math.max(admitted, formerRate / 2)
        return 'rate'
      }
      formerRate = Math.max(formerRate, admitted)
      if (tried >= WELL_BELOW * formerRate) unexplained = 0
      else if (isBetween) unexplained += 1
      if (unexplained < ENOUGH) return 'rate'
      unexplained = 0
      tolerated = Math.min(MOST, TOLERATED.times * share + TOLERATED.share)
      return 'trial'
    },
  }
}
