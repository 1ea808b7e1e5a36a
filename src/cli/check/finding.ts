/** One line of a check. */
export interface Finding {
  name: string
  /** `skipped`: it could not be tested, or the service does not provide it. */
  state: 'ok' | 'failed' | 'skipped'
  message: string
  /** The way to fix a failure. */
  advice?: string
}

/** A finding before it has its name. */
export type Verdict = Omit<Finding, 'name'>

/** Makes a verdict. */
export const ok = (message: string): Verdict => ({ state: 'ok', message })
/** Makes a verdict on something that could not be tested. */
export const skipped = (message: string): Verdict => ({ state: 'skipped', message })
/** Makes a verdict with advice. */
export const failed = (message: string, advice: string): Verdict => ({ state: 'failed', message, advice })
