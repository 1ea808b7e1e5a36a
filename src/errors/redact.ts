import { headersOf } from '../api/response.ts'
import type { HeaderReader } from '../api/response.ts'
import { readingsOf, SHORTEST } from './readings.ts'

const MASK = '[redacted]'

/** The number of characters in a row, of any secret in any spelling, that give it away. A shorter secret is masked whole. */
const RUN = 12

/** A secret of fewer characters is masked only where it is a word by itself. */
const SHORTEST_PART = 8

/** The longest text that is looked through, in characters; the rest is cut off. */
export const LONGEST = 64 * 1024

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
  let known: Runs | undefined

  const text = (whole: string): string => {
    if (whole.length < SHORTEST) return whole
    const from = whole.slice(0, LONGEST)
    known ??= runsOf(requestHeaders)
    const hidden = new Uint8Array(from.length + 1)
    for (const { text, places } of readingsOf(from, true)) {
      const isInWord = (at: number): boolean =>
        places[2 * at] === places[2 * at - 1] && /^\w\w/.test(text.slice(at - 1, at + 1))
      for (let at = 0; at < text.length; at++) {
        for (const run of known[hashAt(text, at)] ?? []) {
          const end = at + run.length
          const isPart = run.length < SHORTEST_PART && (isInWord(at) || isInWord(end))
          if (text.startsWith(run, at) && !isPart) hidden.fill(1, places[2 * at], places[2 * end - 1])
        }
      }
    }
    let clean = ''
    let end = 0
    for (let start; (start = hidden.indexOf(1, end)) >= 0; end = hidden.indexOf(0, start)) {
      clean += from.slice(end, start) + MASK
    }
    return clean + from.slice(end)
  }

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

/** Tells whether a header may hold a secret: all may, but for those that everybody sends and servers write down. */
export function isSecretHeader(name: string): boolean {
  return !/^(?:accept|accept-.+|content-type|user-agent|trace(?:parent|state)|x-(?:request|correlation|trace)-id)$/i.test(
    name,
  )
}

/** Runs of secrets, by the hash of their beginning. */
type Runs = (Set<string> | undefined)[]

/** Every run of every secret, as the readings of a text may show it. */
function runsOf(headers: Readonly<Record<string, string>>): Runs {
  const runs = new Array<Set<string> | undefined>(2 ** 15)
  const secrets = Object.entries(headers).flatMap(([name, value]) =>
    isSecretHeader(name) ? secretsIn(name, value) : [],
  )
  for (const spelling of new Set(secrets.flatMap(spellings))) {
    for (const { text, places } of readingsOf(spelling)) {
      for (let at = 0, end = 0; end < text.length; at++) {
        while (end < text.length && (places[2 * end + 1] ?? 0) - (places[2 * at] ?? 0) <= RUN) end++
        if (end - at >= SHORTEST) (runs[hashAt(text, at)] ??= new Set()).add(text.slice(at, end))
      }
    }
  }
  return runs
}

/** A number of 15 bits for three characters. */
function hashAt(text: string, at: number): number {
  return ((text.charCodeAt(at) << 10) ^ (text.charCodeAt(at + 1) << 5) ^ text.charCodeAt(at + 2)) & 0x7fff
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

/** A secret as it is, and in base64, where it may begin within any of three bytes. In lower case no reading decodes that. */
function spellings(secret: string): string[] {
  // The bytes of UTF-8, a character each: not every runtime has an encoder.
  const bytes = encodeURIComponent(secret).replace(/%(..)/g, (_, hex) =>
    String.fromCharCode(Number(`0x${hex}`)),
  )
  const base64 = [0, 1, 2].map((before) =>
    // Characters that also depend on what stands beside the secret are left out.
    btoa('x'.repeat(before) + bytes).slice(
      before && before + 1,
      Math.floor(((before + bytes.length) * 4) / 3),
    ),
  )
  return [secret, bytes, ...base64]
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
