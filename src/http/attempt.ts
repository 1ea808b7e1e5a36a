import { checkScores } from '../api/check-scores.ts'
import { UnusableResponse } from '../api/response.ts'
import type { ScoredResponse, ServiceResponse } from '../api/response.ts'
import type { WireRequest } from '../api/types.ts'
import type { RerankError, TimeLimit } from '../errors/classes.ts'
import { errorFromResponse, errorFromThrown, errorFromTimeout } from '../errors/create.ts'
import type { ErrorContext, FailedResponse } from '../errors/create.ts'
import { errorFromStatus, errorFromWrapped } from '../errors/from-status.ts'
import type { Redactor } from '../errors/redact.ts'
import { isWrappedError } from '../errors/server-message.ts'
import { notify } from '../options/hooks.ts'
import type { Hooks, RerankRequestEvent } from '../options/hooks.ts'
import type { Settings } from '../options/types.ts'
import { LONGEST } from '../shared/mask.ts'
import { property } from '../shared/property.ts'
import { jsonOrText, parseBody } from './parse-body.ts'
import type { Timer } from './timeout.ts'
import type { RawResponse, ResponseHead, Transport } from './transport.ts'

/** Everything that stays the same over the attempts of a logical request; `context.attempts` counts them. */
export interface Plan {
  transport: Transport
  settings: Settings
  hooks: Hooks
  redact: Redactor
  body: WireRequest
  json: string
  facts: Omit<RerankRequestEvent, 'attempt'>
  context: ErrorContext
  signal: AbortSignal | undefined
}

/** The facts of the present attempt, for hooks. */
export function eventOf({ facts, context }: Plan): RerankRequestEvent {
  return { ...facts, attempt: context.attempts }
}

/** Sends a request once and reads its scores. @throws RerankError, or the caller's `signal.reason` */
export async function attempt(
  plan: Plan,
  timer: Timer,
  ms: number,
  limit: TimeLimit,
): Promise<ServiceResponse<ScoredResponse>> {
  const { hooks, redact, context, transport, body, json, settings } = plan
  context.attempts += 1
  const started = hooks.onResponse ? performance.now() : 0
  if (hooks.onRequest) notify(hooks.onRequest, eventOf(plan))
  plan.signal?.throwIfAborted()
  let head: ResponseHead | undefined
  let timeout: RerankError | undefined
  const timeIsUp = (): RerankError =>
    (timeout = errorFromTimeout(limit, settings[limit], context, head && cleaned(head, redact)))
  let response: RawResponse
  try {
    const exchange = {
      body,
      json,
      settings,
      redact,
      signal: timer.signalFor(settings.fetch),
      onHeaders: (begun: ResponseHead): void => void (head = begun),
    }
    response = await timer.race(transport(exchange), ms, timeIsUp)
  } catch (thrown) {
    // Cleaning what was thrown takes a while, and after an abort nobody reads it.
    plan.signal?.throwIfAborted()
    throw timeout ?? errorOf(thrown, head, plan)
  }
  const { ok, status, headers } = response
  const read = ok ? readScores(response, plan) : errorFromStatus(response, context)
  if (hooks.onResponse) {
    const requestId = headers.get('x-request-id')
    const tokens = property(property(read, 'usage'), 'total_tokens')
    notify(hooks.onResponse, {
      ...eventOf(plan),
      status,
      ms: performance.now() - started,
      requestId: requestId === null ? undefined : redact.text(requestId),
      tokens: typeof tokens === 'number' ? tokens : undefined,
    })
  }
  if (read instanceof Error) throw read
  return { status, headers, body: read }
}

/** The error for an exchange that broke off. */
function errorOf(thrown: unknown, head: ResponseHead | undefined, { context, redact }: Plan): RerankError {
  try {
    if (head) return unusable(thrown, head, redact, context)
  } catch {
    // It is of another class; a proxy throws when it is asked for that.
  }
  return errorFromThrown(redact.thrown(thrown), context, head && cleaned(head, redact))
}

/** The scores of a success, or the error for one that can't be used. */
function readScores(
  response: RawResponse,
  { context, facts, body, redact }: Plan,
): ScoredResponse | RerankError {
  const text = String(response.body)
  let parsed: unknown
  try {
    parsed = parseBody(text, response.status)
    if (!isWrappedError(parsed)) {
      const isLimited = (property(body, 'top_n') ?? null) !== null
      return checkScores(parsed, { documents: facts.documents, isLimited })
    }
    const quoted = redact.text(text)
    // A gateway's error: quoted in full only where it is short.
    const wrapped = text.length > LONGEST ? quoted : jsonOrText(quoted)
    return errorFromWrapped(parsed, { ...cleaned(response, redact), body: wrapped }, context)
  } catch (error) {
    return unusable(error, response, redact, context, parsed === undefined ? text : undefined)
  }
}

/** The error for a success that a check threw for; what else it threw, it throws. */
export function unusable(
  thrown: unknown,
  response: ResponseHead,
  redact: Redactor,
  context: ErrorContext,
  body?: string,
): RerankError {
  if (!(thrown instanceof UnusableResponse)) throw thrown
  const failed = { ...cleaned(response, redact), body: body && redact.text(body) }
  return errorFromResponse(redact.text(thrown.message), failed, context, thrown)
}

function cleaned({ status, headers }: ResponseHead, redact: Redactor): FailedResponse {
  return { status, headers: redact.headers(headers) }
}
