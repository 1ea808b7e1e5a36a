import { readingsOf, SHORTEST } from './readings.ts'

const MASK = '[redacted]'

/** The number of characters in a row, of any secret in any spelling, that reveal it. A shorter secret is masked whole. */
export const RUN = 12

/** A secret of fewer characters is masked only where it is a word by itself. */
const SHORTEST_PART = 8

/** The longest text that is looked through, in characters; the rest is cut off. */
export const LONGEST = 64 * 1024

/**
 * Makes a function that masks secrets in a text: as they are, and in any of its readings.
 *
 * @param secrets - Called once, when there is a text to look through.
 */
export function createMask(secrets: () => readonly string[]): (text: string) => string {
  let known: Runs | undefined

  return (whole) => {
    if (whole.length < SHORTEST) return whole
    const from = whole.slice(0, LONGEST)
    known ??= runsOf(secrets())
    const hidden = new Uint8Array(from.length + 1)
    for (const { text, places } of readingsOf(from, true)) {
      const isInWord = (at: number): boolean =>
        places[2 * at] === places[2 * at - 1] && /^\w\w/.test(text.slice(at - 1, at + 1))
      for (let at = 0; at < text.length; at++) {
        for (const run of known[hashAt(text, at)] ?? '') {
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
}

/** Runs of secrets, by the hash of their beginning. */
type Runs = (Set<string> | undefined)[]

/** Every run of every secret, as the readings of a text may show it. */
function runsOf(secrets: readonly string[]): Runs {
  const runs: Runs = new Array<undefined>(4096)
  for (const spelling of new Set(secrets.flatMap(spellings))) {
    for (const { text, places } of readingsOf(spelling)) {
      for (let at = 0, end = 0; end < text.length; at++) {
        while (end < text.length && (places[2 * end + 1] ?? 0) - (places[2 * at] ?? 0) <= RUN) end++
        if (end - at >= SHORTEST) {
          const begun = (runs[hashAt(text, at)] ??= new Set())
          begun.add(text.slice(at, end))
        }
      }
    }
  }
  return runs
}

/** A number of 12 bits for three characters. */
function hashAt(text: string, at: number): number {
  return ((text.charCodeAt(at) << 7) ^ (text.charCodeAt(at + 1) << 3) ^ text.charCodeAt(at + 2)) & 0xfff
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
