/** A line of a text in UTF-8. */
export interface Line {
  /** Without what ends it, and without a byte order mark at its beginning, as where files were joined. */
  bytes: Buffer
  /** `\n`, `\r\n` or `\r`; nothing at the end of the text. */
  ending: string
  /** From 1. */
  number: number
  /** The bytes up to the next line. */
  end: number
  /** Set if it has more than {@link LONGEST_LINE} bytes; they are left out. */
  isTooLong: boolean
}

/** In bytes: 64 MiB. What is longer is not a line that anybody meant. */
export const LONGEST_LINE = 64 * 1024 * 1024

const LF = 0x0a
const CR = 0x0d
const MARK = Buffer.from('\uFEFF')

/**
 * The lines of a stream, as it is read. JSON may hold each other separator that Unicode and `node:readline` know.
 */
export async function* linesOf(source: AsyncIterable<Buffer>): AsyncGenerator<Line, void, undefined> {
  let pieces: Buffer[] = []
  let length = 0
  let number = 0
  let end = 0
  let isCut = false

  const add = (piece: Buffer): void => {
    length += piece.length
    if (length > LONGEST_LINE) pieces = []
    else if (piece.length > 0) pieces.push(piece)
  }
  const take = (ending: string): Line => {
    const [only] = pieces
    const bytes = pieces.length === 1 && only ? only : Buffer.concat(pieces)
    const isTooLong = length > LONGEST_LINE
    // Of millions of lines hardly one begins with its first byte.
    const isMarked = bytes[0] === MARK[0] && bytes.subarray(0, MARK.length).equals(MARK)
    number += 1
    end += length + ending.length
    pieces = []
    length = 0
    return { bytes: isMarked ? bytes.subarray(MARK.length) : bytes, ending, number, end, isTooLong }
  }

  for await (const chunk of source) {
    if (chunk.length === 0) continue
    let start = 0
    // A `\r` at the end of a chunk may be half of a line's end.
    if (isCut) {
      start = chunk[0] === LF ? 1 : 0
      yield take(start === 1 ? '\r\n' : '\r')
      isCut = false
    }
    let cr = chunk.indexOf(CR, start)
    let lf = chunk.indexOf(LF, start)
    while (cr >= 0 || lf >= 0) {
      const at = cr >= 0 && (lf < 0 || cr < lf) ? cr : lf
      add(chunk.subarray(start, at))
      if (at === cr && at + 1 === chunk.length) {
        isCut = true
        start = at + 1
        break
      }
      const ending = at === lf ? '\n' : at + 1 === lf ? '\r\n' : '\r'
      start = at + ending.length
      yield take(ending)
      if (cr >= 0 && cr < start) cr = chunk.indexOf(CR, start)
      if (lf >= 0 && lf < start) lf = chunk.indexOf(LF, start)
    }
    add(chunk.subarray(start))
  }
  if (isCut) yield take('\r')
  else if (length > 0) yield take('')
}
