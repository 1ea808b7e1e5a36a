/**
 * Splits a text into folded words: case, width and diacritics make no difference. Scripts written without
 * spaces (Chinese, Japanese, Thai …) are split by the runtime's own dictionary, emoji stand for themselves.
 */
export function tokenize(text: string): string[] {
  return (fold(text).match(WORD) ?? [])
    .flatMap((run) => (UNSPACED.test(run) ? (run.match(PIECE)?.flatMap(segment) ?? []) : run))
    .map((word) => word.slice(0, LONGEST))
}

const WORD = /[\p{L}\p{N}\p{M}_]+|\p{Extended_Pictographic}/gu

const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** What is segmented at a time: that takes ever longer the longer a run is. A word on a cut becomes two. */
const PIECE = /.{1,1000}/gsu

/** Characters of a word that count; the cost of an index grows with the length of its words. */
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
