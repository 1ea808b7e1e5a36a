import { headersOf } from '../api/response.ts'
import type { HeaderReader } from '../api/response.ts'

const MASK = '[redacted]'

/** The number of characters in a row, of any secret in any spelling, that give it away. */
const RUN = 12

/** A shorter secret is masked as a whole, where it can't be a plain word: anything shorter still is a placeholder. */
const SHORTEST = 8

/** The longest text that is looked through, in characters; the rest is cut off. */
export const LONGEST = 64 * 1024

/** Escapes may be inside each other, as percent signs in JSON are: how many layers of them are undone. */
const LAYERS = 3

/** Blanks, and characters as URLs, JSON and HTML spell them: in hexadecimal, in decimal, or otherwise. */
const BLANK = /()()(\s)/g
const ESCAPES = [
  /%([\da-f]{2})()()/gi,
  /\\(?:(?:u00|x)([\da-f]{2})|()(.))/gi,
  /&(?:#x([\da-f]{2,6})|#(\d{2,6})|(amp|lt|gt|quot|apos));/gi,
]
const CHARACTERS: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
  ...{ b: '', f: '', n: '', r: '', t: '' },
}

/** Causes behind causes that are looked at. */
const DEEPEST = 5

/** Takes a call's secrets out of whatever leaves it by an error or a hook. */
export interface Redactor {
  text: (text: string) => string
  headers: (headers: HeaderReader) => HeaderReader
  /** A new error with what helps to find the cause of a thrown one, or a string; `undefined` for anything else. */
  thrown: (thrown: unknown) => Error | string | undefined
}

/** Makes the redactor for the secrets among a request's headers. They are read when something fails. */
export function createRedactor(requestHeaders: Readonly<Record<string, string>>): Redactor {
  let known: Set<string> | undefined

  const text = (whole: string): string => {
    const from = whole.slice(0, LONGEST)
    const runs = (known ??= runsOf(requestHeaders))
    const lengths = new Set(Array.from(runs, (run) => run.length))
    const hidden = new Uint8Array(from.length + 1)
    const seen = new Set<string>()
    const search = (layer: Layer, depth: number): void => {
      if (seen.has(layer.text)) return
      seen.add(layer.text)
      const { starts } = layer
      const folded = fold(layer.text)
      for (const length of lengths) {
        for (let at = 0; at + length <= folded.length; at++) {
          if (!runs.has(folded.slice(at, at + length))) continue
          const start = starts[at] ?? 0
          hidden.fill(1, start, start + from.slice(start, starts[at + length]).trimEnd().length)
        }
      }
      for (const escape of depth < LAYERS ? ESCAPES : []) search(unescaped(layer, escape), depth + 1)
    }
    search(unescaped({ text: from, starts: Array.from(hidden, (_, at) => at) }, BLANK), 0)
    if (!hidden.includes(1)) return from
    return from.replace(/[^]/g, (character, at: number) =>
      hidden[at] === 0 ? character : hidden[at - 1] === 1 ? '' : MASK,
    )
  }

  return {
    text,
    headers: (headers) =>
      headersOf(
        Object.fromEntries(
          [...headers].flatMap(([name, value]) => (name === 'set-cookie' ? [] : [[text(name), text(value)]])),
        ),
      ),
    thrown: (thrown) => rebuilt(thrown, text),
  }
}

/** Tells whether a header may hold a secret: all may, but for those that everybody sends and servers write down. */
export function isSecretHeader(name: string): boolean {
  return !/^(?:accept|accept-.+|content-type|user-agent|trace(?:parent|state)|x-(?:request|correlation|trace)-id)$/i.test(
    name,
  )
}

/** Every run of every secret in its spellings, folded. */
function runsOf(headers: Readonly<Record<string, string>>): Set<string> {
  const runs = new Set<string>()
  for (const [name, value] of Object.entries(headers)) {
    if (!isSecretHeader(name)) continue
    for (const spelling of secretsIn(name, value).flatMap(spellings)) {
      const length = Math.min(RUN, spelling.length)
      for (let at = 0; length >= SHORTEST && at + length <= spelling.length; at++) {
        runs.add(spelling.slice(at, at + length))
      }
    }
  }
  return runs
}

/** A header's value, where it is long enough, and what is secret in it though it is short: no plain word. */
function secretsIn(name: string, value: string): string[] {
  const parts = value.split(/[\s,;="]+/).filter((part) => /\d/.test(part))
  if (value.length >= RUN) parts.push(value)
  if (!/auth/i.test(name)) return parts
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

/** A secret as it is, in hexadecimal, and in base64, where it may begin within any of three bytes. */
function spellings(secret: string): string[] {
  // The bytes of UTF-8, a character each: not every runtime has an encoder.
  const bytes = encodeURIComponent(secret).replace(/%(..)/g, (_, hex) =>
    String.fromCharCode(Number(`0x${hex}`)),
  )
  const hex = Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  const base64 = [0, 1, 2].map((before) =>
    // Characters that also depend on what stands beside the secret are left out.
    btoa('x'.repeat(before) + bytes).slice(
      before && before + 1,
      Math.floor(((before + bytes.length) * 4) / 3),
    ),
  )
  return [secret, bytes, hex, ...base64].map((spelling) => fold(spelling.replace(/\s/g, '')))
}

/** A text whose case, and whose kind of base64, make no difference any more; each character keeps its place. */
function fold(text: string): string {
  return text
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .replace(/-/g, '+')
    .replace(/_/g, '/')
}

/** A text, and the place of each of its characters, and of its end, in the text that it was made from. */
interface Layer {
  text: string
  starts: number[]
}

/** Undoes one layer of a text's escapes, and leaves blanks out. */
function unescaped(layer: Layer, escape: RegExp): Layer {
  const { text, starts } = layer
  const places: number[] = []
  let from = 0
  const keep = (until: number): void => {
    while (from < until) places.push(starts[from++] ?? 0)
  }
  const decoded = (escaped: string, hex?: string, decimal?: string, other = '', at = 0): string => {
    keep(at)
    const code = hex ? `0x${hex}` : decimal
    const character = code ? String.fromCharCode(Number(code)) : (CHARACTERS[other.toLowerCase()] ?? other)
    if (character.trim() !== '') keep(at + 1)
    from = at + escaped.length
    return character.trim()
  }
  const read = text.replace(escape, decoded)
  if (from === 0) return layer
  keep(text.length + 1)
  return { text: read, starts: places }
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
