/**
 * A text from outside as one line that is safe to print: an escape sequence in a document must not move the cursor,
 * rename the window or reorder the line. Control characters show as their pictures (`␛`), invisible ones go.
 */
export function printable(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cs}]/gu, picture)
    .replace(INVISIBLE, '')
    .trim()
}

/** A printable text, truncated with `…` to a number of columns. */
export function cut(text: string, columns: number): string {
  const beginning = text.trimStart().slice(0, columns * LONGEST_CHARACTER)
  const line = printable(beginning)
  if (beginning.length === text.trimStart().length && columnsOf(line) <= columns) return line
  let kept = ''
  let used = 1
  for (const grapheme of graphemesOf(line)) {
    used += columnsOf(grapheme)
    if (used > columns) break
    kept += grapheme
  }
  return `${kept.trimEnd()}…`
}

/** Counts the columns that a printable text takes in a terminal. */
export function columnsOf(text: string): number {
  return ASCII.test(text) ? text.length : graphemesOf(text).reduce((sum, each) => sum + widthOf(each), 0)
}

function widthOf(grapheme: string): number {
  if (EMOJI.test(grapheme)) return 2
  let columns = 0
  for (const character of grapheme) columns += NARROWEST.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return columns
}

/** UTF-16 units that a character of one column may have, its marks included, before a line is cut short. */
const LONGEST_CHARACTER = 32

const ASCII = /^[ -~]*$/

let segmenter: Intl.Segmenter | undefined

/** Texts of ASCII need no segmenter, which takes a process a tenth of its start to load. */
function graphemesOf(text: string): string[] {
  if (ASCII.test(text)) return text.split('')
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** All format characters but the joiner that holds emoji together, and the non-joiner that Persian is written with. */
const INVISIBLE = /(?![\u200C\u200D])[\p{Cf}\u2028\u2029]/gu

const EMOJI = /\p{Emoji_Presentation}|\uFE0F/u

/** Marks above and below, and the second halves of Korean syllables. */
const NARROWEST = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11FF]/u

/** East Asian Width `W` and `F` (Unicode Standard Annex 11). */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u4DBF\u4E00-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6B\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{1F200}-\u{1F265}\u{20000}-\u{3FFFD}]/u

function picture(character: string): string {
  const code = character.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '␡' : '�'
}
