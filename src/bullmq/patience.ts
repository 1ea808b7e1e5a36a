import { unlessAborted, within } from '../shared/within.ts'

/** The longest wait for a server that restarts. */
const PATIENCE_MS = 60_000
const RETRY_MS = 250

/** Asks again while the queue's server is away; all that is asked by it may be asked twice. */
export async function patiently<Result>(
  ask: () => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await unlessAborted(within(ask(), PATIENCE_MS, 'the queue'), signal)
    } catch (reason) {
      if (performance.now() > until) throw reason
      await pause(RETRY_MS)
    }
  }
}

/** Resolves after so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
