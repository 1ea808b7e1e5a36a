/** Signals that end a run in good order, with the exit codes that shells know them by. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** A run that a signal may end. */
export interface Interruption {
  /** Aborts with the first signal. The second ends the process at once. */
  readonly signal: AbortSignal
  /** The exit code for the signal that came. */
  readonly code: number | undefined
  /** Stops listening. */
  stop(): void
}

/** Listens to the signals that end a run. */
export function listenToSignals(): Interruption {
  const controller = new AbortController()
  let code: number | undefined
  const hear = (name: NodeJS.Signals): void => {
    const heard = CODES[name as keyof typeof CODES]
    if (code !== undefined) process.exit(heard)
    code = heard
    controller.abort(new Error(`ended by ${name}`))
  }
  const names = Object.keys(CODES) as (keyof typeof CODES)[]
  for (const name of names) process.on(name, hear)
  return {
    signal: controller.signal,
    get code() {
      return code
    },
    stop() {
      for (const name of names) process.off(name, hear)
    },
  }
}
