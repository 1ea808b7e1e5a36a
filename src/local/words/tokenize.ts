/** The words of a piece of a text. */
export interface Piece {
  words: string[]
  /** The length of the piece, in UTF-16 code units. */
  length: number
}

/**
 * Splits a text into folded words: case, width and diacritics make no difference. Scripts written without
 * spaces (Chinese, Japanese, Thai …) are split by the runtime's own dictionary, emoji stand for themselves.
 * Goes piece by piece, in linear time and little memory, so that its reader can pause in between.
 */
export function* tokenize(text: string): Generator<Piece, void> {
  for (let start = 0; start < text.length;) {
    const end = endOfPiece(text, start)
    yield { words: wordsOf(text.slice(start, end)), length: end - start }
    start = end
  }
}

/** Characters that are folded and matched in one go. */
const PIECE = 10_000

/** The end of a piece, at its last blank, or else where no character is cut in two. */
function endOfPiece(text: string, start: number): number {
  const end = start + PIECE
  if (end >= text.length) return text.length
  for (let at = end; at > end - LONGEST_CUT; at -= 1) if (BLANK.test(text.charAt(at))) return at
  return LOW_SURROGATE.test(text.charAt(end)) ? end + 1 : end
}

/** Characters in which a blank is looked for; a run that is longer is cut. */
const LONGEST_CUT = 1_000

const BLANK = /\s/

const LOW_SURROGATE = /[\uDC00-\uDFFF]/

function wordsOf(piece: string): string[] {
  return (fold(piece).match(WORD) ?? [])
    .flatMap((run) => (UNSPACED.test(run) ? (run.match(SEGMENT)?.flatMap(segment) ?? []) : run))
    .map((word) => word.slice(0, LONGEST))
}

const WORD = /[\p{L}\p{N}\p{M}_]+|\p{Extended_Pictographic}/gu

const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** Characters that are segmented at a time: that takes ever longer the longer a run is. A word on a cut becomes two. */
const SEGMENT = /.{1,1000}/gsu

/** Characters of a word that count. */
const LONGEST = 64

/** Marks outside this range are letters in all but name: Thai and Hindi vowels, Japanese voicing. */
const DIACRITICS = /[\u0300-\u036f]+/g

function fold(text: string): string {
  return text.normalize('NFKD').toLowerCase().replace(DIACRITICS, '').normalize('NFKC')
}

let segmenter: Intl.Segmenter | undefined

/** The segmenter, 40 times slower than a regular expression, sees only what needs it. */
function segment(run: string): string[] {
  if (!('Segmenter' in Intl)) return Array.from(run)
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' })
  return Array.from(segmenter.segment(run), ({ segment }) => segment)
}
