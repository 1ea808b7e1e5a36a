/** The share of mutants that are to be killed in each wing, in percent. */
export const FLOOR = 85

/** A mutant that no test noticed. */
interface Survivor {
  file: string
  /** The line of code in which it stands. */
  line: string
  mutatorName: string
}

/** Why survivors may live, the first reason that fits. */
export const SURVIVORS: readonly { reason: string; fits: (survivor: Survivor) => boolean }[] = []
