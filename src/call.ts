import type { Expectation } from './answer.ts'
import { attempt } from './attempt.ts'
import type { Outcome, Plan } from './attempt.ts'
import { isRerankError } from './errors.ts'
import { notify } from './hooks.ts'
import { wait } from './limits.ts'
import type { TimeLimit } from './limits.ts'
import { resolveCall } from './options.ts'
import type { CallOptions, ClientSettings, Settings } from './options.ts'
import { createRedactor } from './redact.ts'
import { refuse } from './refuse.ts'
import { toPayload } from './request.ts'
import { retryDelayMs } from './retry.ts'
import { createTransport } from './transport.ts'
import { RERANK_PATH } from './types.ts'
import type { RerankRequest } from './types.ts'
import { field } from './words.ts'

/** One call with all its attempts: the only path by which a client reaches the service. */
export type Caller = <Data>(
  request: RerankRequest,
  options: CallOptions,
  /** Reads what an answer holds. @throws AnswerFault when it holds something else */
  read: (answer: unknown, expected: Expectation) => Data,
  /** From when the deadline counts, by `performance.now`. @default now */
  started?: number,
) => Promise<Outcome<Data>>

/** The caller for a client's settings. */
export function createCaller(client: ClientSettings): Caller {
  const transport = createTransport(client.baseUrl)
  const url = client.baseUrl + RERANK_PATH
  const redactOwn = createRedactor(client.headers)

  return async (request, options, read, started = performance.now()) => {
    const { signal } = options
    // Asked by its methods, since a signal may come from another realm.
    if (signal && typeof field(signal, 'addEventListener') !== 'function')
      refuse('signal', 'an AbortSignal', signal)
    const { hooks } = client
    const settings = resolveCall(options, client)
    const payload = toPayload(request, client.model)
    const expected = {
      documents: payload.body.documents.length,
      limited: (field(payload.body, 'top_n') ?? null) !== null,
    }
    return send({
      transport,
      url,
      payload,
      settings,
      // Calls without headers of their own share one: it takes longer to make than to use.
      redact: settings.headers === client.headers ? redactOwn : createRedactor(settings.headers),
      hooks,
      signal,
      started,
      read: (answer) => read(answer, expected),
    })
  }
}

async function send<Data>(plan: Plan<Data>): Promise<Outcome<Data>> {
  const { settings, redact, hooks, signal, url, started } = plan
  const remainingMs = (): number => started + settings.deadlineMs - performance.now()
  let attempts = 0

  const pauseOrThrow = async (error: unknown): Promise<void> => {
    signal?.throwIfAborted()
    if (!isRerankError(error)) throw error
    const delayMs = retryDelayMs(error, { ...settings, remainingMs: remainingMs(), random: Math.random })
    if (delayMs === undefined) throw error
    const { kind, status, requestId } = error
    notify(hooks.onRetry, { attempt: attempts, url, kind, status, requestId, delayMs })
    await wait(delayMs, signal)
  }

  try {
    for (;;) {
      signal?.throwIfAborted()
      attempts += 1
      try {
        return await attempt(plan, timeFor(settings, remainingMs()), { attempts, redact })
      } catch (error) {
        await pauseOrThrow(error)
      }
    }
  } catch (error) {
    const { kind, status, requestId, message } =
      isRerankError(error) && signal?.aborted !== true ? error : ABORTED
    notify(hooks.onError, { attempts, kind, status, requestId, message, ms: performance.now() - started })
    throw error
  }
}

const ABORTED = {
  kind: 'aborted',
  status: undefined,
  requestId: undefined,
  message: 'aborted by the caller',
} as const

/** The tighter of the two limits; it gives its name to the error. */
function timeFor({ timeoutMs }: Settings, remainingMs: number): { ms: number; limit: TimeLimit } {
  if (timeoutMs <= remainingMs) return { ms: timeoutMs, limit: 'timeoutMs' }
  return { ms: Math.max(remainingMs, 0), limit: 'deadlineMs' }
}
