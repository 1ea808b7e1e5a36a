import { AnswerFault } from '../api/response.ts'
import { BodyTooLarge, LONGEST_ERROR_BODY } from './read-body.ts'
import {
  errorFromAnswer,
  errorFromLimit,
  errorFromStatus,
  errorFromThrown,
  errorFromWrapped,
} from '../errors/create.ts'
import type { Answer, FailureContext, Part } from '../errors/create.ts'
import { notify } from '../options/hooks.ts'
import type { Hooks } from '../options/hooks.ts'
import { LimitReached, withinLimits } from './timeout.ts'
import type { TimeLimit } from '../errors/classes.ts'
import type { Settings } from '../options/resolve.ts'
import type { Redactor } from '../errors/redact.ts'
import type { Payload } from '../api/request.ts'
import type { Exchange, Transport } from './transport.ts'
import { breaksOff, isMarkup, isWrappedError, serverWords } from '../errors/server-message.ts'
import { oneLine } from '../shared/one-line.ts'

/** What stays the same over the attempts of a call. */
export interface Plan<Data> {
  transport: Transport
  url: string
  payload: Payload
  settings: Settings
  redact: Redactor
  part: Part | undefined
  hooks: Hooks
  signal: AbortSignal | undefined
  /** From when the deadline counts, by `performance.now`. */
  started: number
  /** Reads what an answer holds. @throws AnswerFault when it holds something else */
  read: (answer: unknown) => Data
}

/** What an attempt that succeeded comes to. */
export interface Outcome<Data> {
  data: Data
  response: Response
  attempts: number
}

/** Sends a request once and reads the answer. @throws RerankError, or the caller's `signal.reason` */
export async function attempt<Data>(
  plan: Plan<Data>,
  time: { ms: number; limit: TimeLimit },
  context: FailureContext,
): Promise<Outcome<Data>> {
  const { url, hooks } = plan
  const started = performance.now()
  if (hooks.onRequest) notify(hooks.onRequest, { attempt: context.attempts, url })
  const { response, text } = await exchange(plan, time, context)
  const { status, headers } = response
  if (hooks.onResponse) {
    const requestId = requestIdOf(headers, context)
    const ms = performance.now() - started
    notify(hooks.onResponse, { attempt: context.attempts, url, status, ms, requestId })
  }
  if (!response.ok) throw errorFromStatus({ status, headers, body: jsonOrText(text) }, context)
  return { data: readAnswer(text, { status, headers }, plan, context), response, attempts: context.attempts }
}

async function exchange<Data>(
  { transport, payload, settings, signal }: Plan<Data>,
  time: { ms: number; limit: TimeLimit },
  context: FailureContext,
): Promise<Exchange> {
  let begun: Answer | undefined
  try {
    return await withinLimits(signal, time, (limited) =>
      transport(payload, settings, limited, ({ status, headers }) => (begun = { status, headers })),
    )
  } catch (thrown) {
    if (thrown instanceof LimitReached) {
      throw errorFromLimit(thrown.limit, settings[thrown.limit], begun, context)
    }
    if (thrown instanceof BodyTooLarge && begun) throw errorFromAnswer(thrown.message, begun, context)
    throw errorFromThrown(thrown, begun, context)
  }
}

function readAnswer<Data>(text: string, answer: Answer, { read }: Plan<Data>, context: FailureContext): Data {
  const body = parse(text, answer, context)
  if (isWrappedError(body)) {
    const isLong = text.length > LONGEST_ERROR_BODY
    const quoted = isLong ? context.redact.text(text).slice(0, LONGEST_ERROR_BODY) : body
    throw errorFromWrapped(body, { ...answer, body: quoted }, context)
  }
  try {
    return read(body)
  } catch (fault) {
    if (fault instanceof AnswerFault) throw errorFromAnswer(fault.message, answer, context)
    throw fault
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const NO_CONTENT = new Set([204, 205])

/** JSON by content, whatever the content type says. */
function parse(text: string, answer: Answer, context: FailureContext): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Before anything is cut off it: the rest of a secret would go unrecognised.
    const clean = context.redact.text(text)
    const quoted = { ...answer, body: clean.slice(0, LONGEST_ERROR_BODY) }
    if (clean.trim() === '') {
      // A 204 or 205 has no body by definition; of any other success it got lost.
      throw errorFromAnswer(
        'an empty body',
        quoted,
        context,
        NO_CONTENT.has(answer.status) ? undefined : true,
      )
    }
    if (breaksOff(text)) {
      throw errorFromAnswer(`JSON that breaks off after ${text.length} characters`, quoted, context, true)
    }
    const words = isMarkup(clean) ? serverWords(clean) : `no JSON but "${oneLine(clean, 100)}"`
    throw errorFromAnswer(words, quoted, context)
  }
}

function requestIdOf(headers: Headers, { redact }: FailureContext): string | undefined {
  const id = headers.get('x-request-id')
  return id === null ? undefined : redact.text(id)
}
