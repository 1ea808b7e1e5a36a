/** A line of a stream of bytes. */
export interface Line {
  text: string
  /** From 1. */
  number: number
  /** The bytes up to the next line. */
  end: number
  /** Whether a line break ends it; only the last line may have none. */
  isWhole: boolean
}

const BREAK = 0x0a

/**
 * The lines of a stream, as it is read. Only `\n` and `\r\n` break a line: JSON may hold every other separator that
 * Unicode and `node:readline` know.
 */
export async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Line, void, undefined> {
  let pieces: Buffer[] = []
  let number = 0
  let end = 0
  const take = (isWhole: boolean): Line => {
    const text = Buffer.concat(pieces).toString('utf8').replace(/\r$/, '')
    pieces = []
    number += 1
    return { text: number === 1 ? text.replace(/^\uFEFF/, '') : text, number, end, isWhole }
  }
  for await (const chunk of stream) {
    let start = 0
    for (let at = chunk.indexOf(BREAK); at >= 0; at = chunk.indexOf(BREAK, start)) {
      pieces.push(chunk.subarray(start, at))
      end += at + 1 - start
      start = at + 1
      yield take(true)
    }
    if (start === chunk.byteLength) continue
    pieces.push(chunk.subarray(start))
    end += chunk.byteLength - start
  }
  if (pieces.length > 0) yield take(false)
}
