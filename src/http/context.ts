import type { Part } from '../errors/create.ts'
import { createRedactor } from '../errors/redact.ts'
import type { Redactor } from '../errors/redact.ts'
import { isRerankError } from '../errors/classes.ts'
import { notify } from '../options/hooks.ts'
import type { RerankErrorEvent } from '../options/hooks.ts'
import type { MiddlewareContext } from '../options/middleware.ts'
import type { CallSettings } from '../options/resolve.ts'
import type { ClientSettings } from '../options/types.ts'

/** The facts of one logical request, made once and passed down to its attempts. */
export interface CallContext extends Omit<MiddlewareContext, 'mask' | 'fallback'> {
  readonly settings: CallSettings
  readonly redact: Redactor
  readonly part: Part | undefined
  /** The attempts so far, of all requests of the call. */
  readonly sent: { attempts: number }
  /** The start of the call, by `performance.now`; 0 where nobody asks for it. */
  readonly started: number
}

/** Makes the contexts of a client's calls. */
export function contextMaker(client: ClientSettings): (settings: CallSettings) => CallContext {
  const redactOwn = createRedactor(client.headers)
  const prefix = Math.random().toString(36).slice(2, 10)
  let calls = 0
  return (settings) => {
    // A first call on Node is faster without the clock, which brings in all that measures performance.
    const isTimed = settings.deadlineMs !== Infinity || client.hooks.onError !== undefined
    const started = isTimed ? performance.now() : 0
    return {
      callId: `${prefix}-${(calls += 1)}`,
      hooks: client.hooks,
      baseUrl: client.baseUrl,
      settings,
      signal: settings.signal,
      // Calls without headers of their own share one: it takes longer to make than to use.
      redact: settings.headers === client.headers ? redactOwn : createRedactor(settings.headers),
      part: undefined,
      sent: { attempts: 0 },
      started,
      remainingMs: () => (isTimed ? started + settings.deadlineMs - performance.now() : Infinity),
    }
  }
}

/** Tells the `onError` hook that a call is about to reject. */
export function notifyError(
  error: unknown,
  { hooks: { onError }, callId, signal, sent, started }: CallContext,
): void {
  if (!onError) return
  const facts: Pick<RerankErrorEvent, 'kind' | 'message'> & Partial<RerankErrorEvent> = signal?.aborted
    ? { kind: 'aborted', message: 'aborted by its signal' }
    : isRerankError(error)
      ? error
      : { kind: 'unknown', message: 'an error that is not of this package' }
  const { attempts = sent.attempts, kind, status, requestId, message } = facts
  const ms = performance.now() - started
  notify(onError, { callId, ms, attempts, kind, status, requestId, message })
}
