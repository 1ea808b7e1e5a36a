/** Counts lines and bytes, so that an error can say where. */
export interface Place {
  /** Bytes that have passed. */
  readonly offset: number
  /** Lets a chunk pass. */
  pass(chunk: Buffer): void
  /** Where a byte of the chunk that comes next is, by its offset in all; one that passed is still on the last line. */
  find(offset: number, chunk: Buffer): { line: number; column: number }
}

/** The units in which characters are stored: of one byte, or of two. */
export interface Units {
  bytes: 1 | 2
  isBigEndian?: boolean
}

const LF = 0x0a
const CR = 0x0d

/** The position after a number of bytes at the beginning of a file. Lines end with `\n`, `\r\n` or `\r`. */
export function createPlace(skipped: number, { bytes, isBigEndian = false }: Units): Place {
  let offset = skipped
  let line = 1
  let lineStart = 0
  let isAfterCr = false

  const unitAt = (chunk: Buffer, at: number): number | undefined => {
    if (bytes === 1) return chunk[at]
    const [low, high] = isBigEndian ? [chunk[at + 1], chunk[at]] : [chunk[at], chunk[at + 1]]
    return high === 0 ? low : undefined
  }

  /** The lines up to a place in a chunk. */
  const scan = (chunk: Buffer, end: number): { line: number; lineStart: number; isAfterCr: boolean } => {
    const found = { line, lineStart, isAfterCr }
    for (let at = (offset - skipped) % bytes; at < end; at += bytes) {
      const unit = unitAt(chunk, at)
      if (unit === CR || (unit === LF && !found.isAfterCr)) found.line += 1
      if (unit === CR || unit === LF) found.lineStart = offset + at + bytes
      found.isAfterCr = unit === CR
    }
    return found
  }

  return {
    get offset() {
      return offset
    },
    pass(chunk) {
      ;({ line, lineStart, isAfterCr } = scan(chunk, chunk.length))
      offset += chunk.length
    },
    find(at, chunk) {
      const found = scan(chunk, at - offset)
      return { line: found.line, column: at - found.lineStart + 1 }
    },
  }
}
