/** The shortest run of characters that matters. */
export const SHORTEST = 6

/** The most characters of all readings of a text. */
const MOST = 2 ** 20

/** A text, and where each of its characters starts and ends, in turn, in the text that it was made from. */
interface Reading {
  text: string
  places: Uint32Array
}

/**
 * The readings of a text, in lower case: as it is, unescaped over and over, and without signs. With `areDigitsRead`, what
 * it is hexadecimal or base64 of is read as well. Those that take the fewest steps come first, and of a long text not all.
 */
export function* readingsOf(from: string, areDigitsRead = false): Generator<Reading> {
  const readings: Reading[] = [
    { text: from, places: new Uint32Array(2 * from.length).map((_, at) => (at + 1) >> 1) },
  ]
  let left = MOST
  for (const reading of readings) {
    const { text: pure, places } = replaced(reading, NOISE, () => '')
    // One kind of base64.
    const text = pure.replace(/-/g, '+').replace(/_/g, '/')
    left -= text.length
    if (text.length < SHORTEST || left < 0) continue
    const lower = { text: text.toLowerCase(), places }
    yield lower
    const bare = replaced(lower, SIGNS, () => '')
    if (bare !== lower) yield bare
    const plain = replaced({ text, places }, ESCAPES, unescaped)
    if (plain.text !== text) readings.push(plain)
    for (let skipped = 0; areDigitsRead && skipped < 4; skipped++) {
      readings.push(bytesOf({ text, places }, BASE64, skipped))
      if (skipped < 2) readings.push(bytesOf(lower, HEX, skipped))
    }
  }
}

/** Noise between characters, as of lines that are wrapped or quoted, and of lists; and what lower case makes two of. */
const NOISE = /(?:<w?br ?\/?(?=>)|"\d{1,3}":|[\s\p{C}\p{M}>|İ])+/gu

/** All but letters and digits. */
const SIGNS = /[^a-z\d]+/g

/** Characters as URLs, JSON, JavaScript, HTML and lists of bytes spell them; and letters of other widths. */
const ESCAPES =
  /(?:%(?:25)*|\\)u([\da-f]{4})|(?:%(?:25)*|[\\0]x)([\da-f]{2})|(?:&#x|\\u\{)0*([\da-f]{2,5})[;}]|(?:&#(?=\d+[;&])0*|[[{,](?=\d\d\d?[\]},]))(\d{2,6});?|\\([0-3]?[0-7]{2})|\\([^])|&(\w{2,4});|[\ud800-\udbff]?[^\0-\x7f]/gi

const CHARACTERS: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
  ...{ b: '', f: '', n: '', r: '', t: '', nbsp: '', shy: '' },
}

function unescaped(found: string, ...groups: string[]): string {
  const [four, two, any, decimal, octal, after = '', name = ''] = groups
  const hex = four ?? two ?? any
  const code = hex ? `0x${hex}` : octal ? `0o${octal}` : decimal
  if (code) return String.fromCharCode(Number(code))
  return CHARACTERS[after + name] ?? (after || found.normalize('NFKC'))
}

/** A text with one character, or none, in place of each that a pattern finds; what stays the same is left as it is. */
function replaced(
  reading: Reading,
  pattern: RegExp,
  by: (found: string, ...groups: string[]) => string,
): Reading {
  const { text, places } = reading
  if (text.search(pattern) < 0) return reading
  const kept = new Uint32Array(2 * text.length)
  let size = 0
  let from = 0
  const keep = (until: number): void => {
    kept.set(places.subarray(from, until), size)
    size += until - from
    from = until
  }
  const read = text.replace(pattern, (found: string, ...groups: string[]) => {
    const character = by(found, ...groups)
    if (character.length > 1) return found
    const start = 2 * Number(groups.at(-2))
    keep(start)
    from += 2 * found.length
    if (character) kept.set([places[start] ?? 0, places[from - 1] ?? 0], (size += 2) - 2)
    return character
  })
  keep(2 * text.length)
  return { text: read, places: kept }
}

/** The value of each digit, by its code. */
const HEX = valuesOf('0123456789abcdef')
const BASE64 = valuesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')

function valuesOf(digits: string): number[] {
  const values: number[] = []
  for (let at = 0; at < digits.length; at++) values[digits.charCodeAt(at)] = at
  return values
}

/** The printable text whose bytes are written in digits, from one of the first ones on. What else they may be is left out. */
function bytesOf({ text, places }: Reading, digits: readonly number[], first: number): Reading {
  const width = digits === HEX ? 4 : 6
  const made = new Uint32Array(2 * text.length)
  let kept = ''
  let run = ''
  let bits = -width * first
  let value = 0
  let before = 0
  for (let at = 0; at < text.length; at++) {
    const digit = digits[text.charCodeAt(at)]
    if (digit === undefined) continue
    value = (value << width) | digit
    bits += width
    if (bits >= 8) {
      bits -= 8
      const code = (value >> bits) & 0xff
      if (code > 126) {
        if (run.length >= SHORTEST) kept += run
        run = ''
      } else if (code > 32) {
        const size = 2 * (kept.length + run.length)
        made[size] = places[2 * before] ?? 0
        made[size + 1] = places[2 * at + 1] ?? 0
        run += String.fromCharCode(code)
      }
    }
    before = at
  }
  return { text: kept + run, places: made }
}
