import { headersOf } from '../api/response.ts'
import type { HeaderReader } from '../api/response.ts'
import { createMask, RUN } from '../shared/mask.ts'

/** Causes behind causes that are looked at. */
const DEEPEST = 5

/** Takes a call's secrets out of whatever leaves it by an error, a hook or the headers of a response. */
export interface Redactor {
  text: (text: string) => string
  /** Headers without cookies. Nothing is done before one of them is read. */
  headers: (headers: HeaderReader) => HeaderReader
  /** A new error with what helps to find the cause of a thrown one, or a string; `undefined` for anything else. */
  thrown: (thrown: unknown) => Error | string | undefined
}

/** Makes the redactor for the secrets among a request's headers. They are read when there is a text to look through. */
export function createRedactor(requestHeaders: Readonly<Record<string, string>>): Redactor {
  const text = createMask(() =>
    Object.entries(requestHeaders).flatMap(([name, value]) =>
      isSecretHeader(name) ? secretsIn(name, value) : [],
    ),
  )

  const clean = (headers: HeaderReader): HeaderReader => {
    const all = [...headers].filter(([name]) => name !== 'set-cookie')
    // All at once, since nearly always there is nothing to mask.
    const isClean = text(all.join()) === all.join()
    const shown = isClean ? all : all.map(([name, value]) => [text(name), text(value)] as const)
    return headersOf(Object.fromEntries(shown))
  }

  return {
    text,
    headers: (headers) => {
      let read: HeaderReader | undefined
      return {
        get: (name) => (read ??= clean(headers)).get(name),
        [Symbol.iterator]: () => (read ??= clean(headers))[Symbol.iterator](),
      }
    },
    thrown: (thrown) => rebuilt(thrown, text),
  }
}

/** Tells whether a header may hold a secret: all may, except those that everybody sends and servers write down. */
export function isSecretHeader(name: string): boolean {
  return !/^(?:accept|accept-(?:charset|encoding|language)|content-type|user-agent|trace(?:parent|state)|x-(?:request|correlation|trace)-id)$/i.test(
    name,
  )
}

/** A header's value, unless it is a short word, and what is secret in it though it is short. */
function secretsIn(name: string, value: string): string[] {
  const parts = value.split(/[\s,;="]+/).filter((part) => /\d/.test(part))
  if (value.length >= RUN || !/^[A-Z]?[a-z-]*$/.test(value)) parts.push(value)
  if (!/auth|code|key|otp|pass|pin|secret|sign|token/i.test(name)) return parts
  const credentials = value.split(/\s+/).at(-1) ?? ''
  parts.push(credentials)
  try {
    const pair = /^basic /i.test(value) ? atob(credentials) : ''
    parts.push(pair, pair.slice(pair.indexOf(':') + 1))
  } catch {
    // It is no base64.
  }
  return parts
}

function rebuilt(thrown: unknown, redact: (text: string) => string, depth = 0): Error | string | undefined {
  if (typeof thrown === 'string') return redact(thrown)
  try {
    const { message, name, stack, code, cause } = thrown as Record<string, unknown>
    if (typeof message !== 'string' && typeof code !== 'string') return undefined
    const clean = (value: unknown): string => (typeof value === 'string' ? redact(value) : '')
    const behind = depth < DEEPEST ? rebuilt(cause, redact, depth + 1) : undefined
    const copy = new Error(clean(message), behind === undefined ? undefined : { cause: behind })
    Object.defineProperties(copy, { name: { value: clean(name) }, stack: { value: clean(stack) } })
    return Object.assign(copy, typeof code === 'string' && { code: clean(code) })
  } catch {
    // It is nothing, or has a property that throws when it is read.
    return undefined
  }
}
