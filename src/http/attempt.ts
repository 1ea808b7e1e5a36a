import { checkScores, UnusableResponse } from '../api/response.ts'
import type { ScoredResponse, ServiceResponse } from '../api/response.ts'
import type { WireRequest } from '../api/types.ts'
import {
  errorFromResponse,
  errorFromStatus,
  errorFromThrown,
  errorFromTimeout,
  errorFromWrapped,
} from '../errors/create.ts'
import type { ErrorContext } from '../errors/create.ts'
import { isWrappedError } from '../errors/server-message.ts'
import { notify } from '../options/hooks.ts'
import type { Hooks, RerankRequestEvent } from '../options/hooks.ts'
import type { Settings } from '../options/types.ts'
import { property } from '../shared/property.ts'
import { parseBody } from './parse-body.ts'
import { BodyTooLarge, ERROR_BODY_BYTES } from './read-body.ts'
import { TimeIsUp } from './timeout.ts'
import type { Timeout, Timer } from './timeout.ts'
import type { RawResponse, ResponseHead, Transport } from './transport.ts'

/** Everything that stays the same over the attempts of a logical request; `context.attempts` counts them. */
export interface Plan {
  transport: Transport
  settings: Settings
  hooks: Hooks
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
  timeout: Timeout,
): Promise<ServiceResponse<ScoredResponse>> {
  const { transport, settings, hooks, body, json, context } = plan
  context.attempts += 1
  const started = performance.now()
  if (hooks.onRequest) notify(hooks.onRequest, eventOf(plan))
  plan.signal?.throwIfAborted()
  let head: ResponseHead | undefined
  const onHeaders = ({ status, headers }: ResponseHead): void => void (head = { status, headers })
  let response: RawResponse
  try {
    response = await timer.race(transport({ body, json, settings, signal: timer.signal, onHeaders }), timeout)
  } catch (thrown) {
    throw errorOf(thrown, head, plan)
  }
  const { ok, status, headers } = response
  const parsed = ok ? readScores(response, plan) : errorFromStatus(response, context)
  if (hooks.onResponse) {
    const requestId = headers.get('x-request-id')
    notify(hooks.onResponse, {
      ...eventOf(plan),
      status,
      ms: performance.now() - started,
      requestId: requestId === null ? undefined : context.redact.text(requestId),
      tokens: tokensOf(parsed),
    })
  }
  if (parsed instanceof Error) throw parsed
  return { status, headers, body: parsed }
}

/** The error for an exchange that broke off; an abort rejects as it is. */
function errorOf(thrown: unknown, head: ResponseHead | undefined, { settings, context }: Plan): unknown {
  if (thrown instanceof TimeIsUp) return errorFromTimeout(thrown.limit, settings[thrown.limit], head, context)
  if (thrown instanceof BodyTooLarge && head) return errorFromResponse(thrown.message, head, context)
  return errorFromThrown(thrown, head, context)
}

/** The scores of a success, or the error for one that can't be used. */
function readScores({ status, headers, body }: RawResponse, plan: Plan): ScoredResponse | Error {
  const { context, facts, body: request } = plan
  const { redact } = context
  const text = String(body)
  let parsed: unknown
  try {
    parsed = parseBody(text, status, redact.text)
    // A gateway's error: quoted in full only where it is short.
    if (isWrappedError(parsed)) {
      const quoted = text.length > ERROR_BODY_BYTES ? quote(text, plan) : parsed
      return errorFromWrapped(parsed, { status, headers, body: quoted }, context)
    }
    return checkScores(parsed, {
      documents: facts.documents,
      isLimited: (property(request, 'top_n') ?? null) !== null,
    })
  } catch (error) {
    if (!(error instanceof UnusableResponse)) throw error
    const quoted = parsed === undefined ? quote(text, plan) : undefined
    return errorFromResponse(error.message, { status, headers, body: quoted }, context, error.truncated)
  }
}

/** The beginning of a text. It is redacted before it is cut: the rest of a secret would go unrecognised. */
function quote(text: string, { context }: Plan): string {
  return context.redact.text(text).slice(0, ERROR_BODY_BYTES)
}

function tokensOf(parsed: unknown): number | undefined {
  const tokens = property(property(parsed, 'usage'), 'total_tokens')
  return typeof tokens === 'number' ? tokens : undefined
}
