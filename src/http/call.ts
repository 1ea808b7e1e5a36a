import type { Expectation } from '../api/response.ts'
import { attempt } from './attempt.ts'
import type { Outcome, Plan } from './attempt.ts'
import { createCooldowns, waitOut } from '../limiter/cooldown.ts'
import type { Cooldown } from '../limiter/cooldown.ts'
import { isRerankError } from '../errors/classes.ts'
import { errorFromLimit } from '../errors/create.ts'
import type { Part } from '../errors/create.ts'
import { notify } from '../options/hooks.ts'
import type { RerankErrorEvent } from '../options/hooks.ts'
import { wait } from '../shared/abort.ts'
import type { TimeLimit } from '../errors/classes.ts'
import { checkSignal } from '../options/rules.ts'
import { resolveCall } from '../options/resolve.ts'
import type { CallOptions, ClientSettings, Settings } from '../options/resolve.ts'
import type { Pace } from '../limiter/rate-limiter.ts'
import { paced } from './paced.ts'
import { createRedactor } from '../errors/redact.ts'
import { checkIsObject } from '../shared/validate.ts'
import { toPayload } from '../api/request.ts'
import { retryDelayMs } from './retry.ts'
import { createTransport } from './transport.ts'
import { RERANK_PATH } from '../api/types.ts'
import type { RerankRequest } from '../api/types.ts'
import { property } from '../shared/property.ts'

/**
 * One call with all its attempts: the only path by which a client reaches the service.
 * @throws TypeError at once, for an argument of the wrong shape
 */
export type Caller = <Data>(
  request: RerankRequest,
  options: CallOptions,
  /** Reads what an answer holds. @throws AnswerFault when it holds something else */
  read: (answer: unknown, expected: Expectation) => Data,
  context?: CallContext,
) => Promise<Outcome<Data>>

/** What a call is part of. */
export interface CallContext {
  /** From when the deadline counts, by `performance.now`. */
  started: number
  /** The part of a ranking that the call is. */
  part: Part
}

/** The caller for a client's settings. */
export function createCaller(client: ClientSettings): Caller {
  const transport = createTransport(client.baseUrl)
  const url = client.baseUrl + RERANK_PATH
  const redactOwn = createRedactor(client.headers)
  const cooldownOf = createCooldowns(client)

  return (request, options, read, context) => {
    checkIsObject('options', options)
    const { signal } = options
    checkSignal(signal)
    const { hooks } = client
    const settings = resolveCall(options, client)
    const payload = toPayload(request, client.model)
    const expected = {
      documents: payload.body.documents.length,
      limited: (property(payload.body, 'top_n') ?? null) !== null,
    }
    const plan = {
      transport,
      url,
      payload,
      settings,
      // Calls without headers of their own share one: it takes longer to make than to use.
      redact: settings.headers === client.headers ? redactOwn : createRedactor(settings.headers),
      hooks,
      signal,
      started: context?.started ?? performance.now(),
      part: context?.part,
      read: (answer: unknown) => read(answer, expected),
    }
    return send(plan, cooldownOf(plan))
  }
}

async function send<Data>(plan: Plan<Data>, cooldown: Cooldown): Promise<Outcome<Data>> {
  const { settings, redact, part, hooks, signal, url, started } = plan
  const remainingMs = (): number => started + settings.deadlineMs - performance.now()
  let attempts = 0

  const pauseOrThrow = async (error: unknown, wasSent: boolean): Promise<void> => {
    signal?.throwIfAborted()
    if (!wasSent || !isRerankError(error)) throw error
    cooldown.heed(error)
    const delayMs = retryDelayMs(error, {
      ...settings,
      remainingMs: remainingMs(),
      random: Math.random,
      isPaced: settings.pace !== undefined,
    })
    if (delayMs === undefined) throw error
    const { kind, status, requestId } = error
    notify(hooks.onRetry, { attempt: attempts, url, kind, status, requestId, delayMs })
    await wait(delayMs, signal)
  }

  const sendOnce = (): Promise<Outcome<Data>> => {
    const time = timeFor(settings, remainingMs())
    // A wait may have taken longer than it was to.
    if (time.ms <= 0)
      throw errorFromLimit('deadlineMs', settings.deadlineMs, undefined, { attempts, redact, part })
    attempts += 1
    return attempt(plan, time, { attempts, redact, part })
  }

  /** Resolves with nothing where a cooldown began while the pace let the attempt wait. */
  const sendAtPace = (pace: Pace): Promise<Outcome<Data> | undefined> =>
    paced(pace, plan, remainingMs(), { attempts, redact, part }, async () =>
      cooldown.leftMs > 0 ? undefined : sendOnce(),
    )

  try {
    for (;;) {
      signal?.throwIfAborted()
      const sentBefore = attempts
      try {
        if (cooldown.leftMs > 0)
          await waitOut(cooldown, { ...settings, signal, remainingMs }, { attempts, redact, part })
        const outcome = await (settings.pace ? sendAtPace(settings.pace) : sendOnce())
        if (outcome) return outcome
      } catch (error) {
        await pauseOrThrow(error, attempts > sentBefore)
      }
    }
  } catch (error) {
    const { kind, status, requestId, message } =
      isRerankError(error) && signal?.aborted !== true ? error : unclassified(signal)
    notify(hooks.onError, { attempts, kind, status, requestId, message, ms: performance.now() - started })
    throw error
  }
}

/** What a hook is told of a failure that is none of our errors: an abort, or whatever a pace rejected with. */
function unclassified(signal: AbortSignal | undefined): Omit<RerankErrorEvent, 'attempts' | 'ms'> {
  const shared = { status: undefined, requestId: undefined }
  if (signal?.aborted === true) return { kind: 'aborted', message: 'aborted by its signal', ...shared }
  return { kind: 'unknown', message: 'the pace rejected', ...shared }
}

/** The tighter of the two limits; it gives its name to the error. */
function timeFor({ timeoutMs }: Settings, remainingMs: number): { ms: number; limit: TimeLimit } {
  if (timeoutMs <= remainingMs) return { ms: timeoutMs, limit: 'timeoutMs' }
  return { ms: remainingMs, limit: 'deadlineMs' }
}
