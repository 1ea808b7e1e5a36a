import { unlessAborted, within } from '../shared/within.ts'

/** The longest wait for a server to restart. */
const PATIENCE_MS = 60_000
const RETRY_MS = 250

/** Calls `ask` again while the queue's server is unreachable. It must be safe to call twice. */
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

/** Resolves after `ms` milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
