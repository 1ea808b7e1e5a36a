import type { HeaderReader } from '../api/response.ts'
import { property } from '../shared/property.ts'

const MASK = '[redacted]'

/** JSON nested deeper says nothing to a person, and could exhaust the stack. */
const DEEPEST = 100

/** Anything shorter is a placeholder, such as the `local` of an embedded endpoint, and would mask plain words. */
const SHORTEST_SECRET = 8

/** A beginning of a secret that is longer, or longer than half of it, is masked wherever it stands. */
const LONGEST_SHOWN = 12

/** Takes a call's secrets out of whatever leaves it by an error or a hook. */
export interface Redactor {
  text: (text: string) => string
  json: (value: unknown) => unknown
  headers: (headers: HeaderReader) => Record<string, string>
  cause: (cause: unknown) => unknown
}

/** A redactor for the credentials among a request's headers. */
export function createRedactor(requestHeaders: Readonly<Record<string, string>>): Redactor {
  const secrets = Object.entries(requestHeaders)
    .filter(([name]) => isSecretHeader(name))
    .flatMap(([, value]) => partsOf(value))
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap(spellings)

  const text = (from: string): string => secrets.reduce((clean, secret) => mask(clean, secret), from)

  return {
    text,
    json: (value) => redactStrings(value, text),
    headers: (headers) =>
      Object.fromEntries(
        [...headers].filter(([name]) => name !== 'set-cookie').map(([name, value]) => [name, text(value)]),
      ),
    cause: (cause) => {
      try {
        return isClean(cause, text) ? cause : copyOfError(cause, text)
      } catch {
        // It has a property that throws when it is read.
        return undefined
      }
    },
  }
}

/** Tells whether a header's value is a secret. */
export function isSecretHeader(name: string): boolean {
  return /auth|cookie|cred|jwt|key|pass|secret|session|sign|token/i.test(name)
}

/** A header's value, and what of it is secret by itself: what follows the scheme, a cookie's values, a password. */
function partsOf(value: string): string[] {
  const credentials = value.replace(/^\S+\s+(?=\S+$)/, '')
  const cookies = value.split(/;\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1))
  return [...new Set([value, credentials, ...cookies, ...userAndPassword(value)])]
}

function userAndPassword(value: string): string[] {
  const encoded = /^Basic\s+(\S+)$/i.exec(value)?.[1]
  if (encoded === undefined) return []
  try {
    const pair = atob(encoded)
    return [pair, pair.slice(pair.indexOf(':') + 1)]
  } catch {
    return []
  }
}

/** A secret as it is, and as JSON, a URL or HTML would quote it. */
function spellings(secret: string): string[] {
  const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), html])]
}

/** Masks a secret, and a beginning of it that is long enough to give it away: servers quote keys in part. */
function mask(quoting: string, secret: string): string {
  const text = quoting.replaceAll(secret, MASK)
  const start = secret.slice(0, SHORTEST_SECRET)
  const longestShown = Math.min(LONGEST_SHOWN, secret.length / 2)
  let clean = ''
  let from = 0
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    let end = at + start.length
    while (end < text.length && text[end] === secret[end - at]) end++
    if (end < text.length && end - at < longestShown) continue
    if (at >= from) clean += text.slice(from, at) + MASK
    from = Math.max(from, end)
  }
  return clean + text.slice(from)
}

function redactStrings(value: unknown, redact: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return redact(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return MASK
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, redact, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redact(key), redactStrings(item, redact, depth + 1)]),
  )
}

/**
 * Tells whether nothing in a thrown value, however deep, holds a secret. Only plain data and errors can be looked
 * through; anything else, a Headers or a Request say, counts as holding one.
 */
function isClean(value: unknown, redact: (text: string) => string, depth = 0): boolean {
  if (typeof value === 'string') return redact(value) === value
  if (typeof value !== 'object' || value === null) return typeof value !== 'function'
  if (depth > 5 || !(value instanceof Error || Array.isArray(value) || isPlain(value))) return false
  // A DOMException has its words on the prototype.
  const keys = [...Reflect.ownKeys(value), ...(value instanceof Error ? ['name', 'message'] : [])]
  return keys.every((key) => isClean(Reflect.get(value, key), redact, depth + 1))
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** A new error with the parts of a thrown value that help to find its cause. */
function copyOfError(thrown: unknown, redact: (text: string) => string, depth = 0): Error | undefined {
  if (!(thrown instanceof Error)) return undefined
  const cause = depth < 5 ? copyOfError(thrown.cause, redact, depth + 1) : undefined
  const read = (key: string): string => {
    const value = property(thrown, key)
    return typeof value === 'string' ? redact(value) : ''
  }
  const copy = new Error(read('message'), cause && { cause })
  Object.defineProperty(copy, 'name', { value: read('name') })
  Object.defineProperty(copy, 'stack', { value: read('stack') })
  const code = read('code')
  return Object.assign(copy, code === '' ? {} : { code })
}
