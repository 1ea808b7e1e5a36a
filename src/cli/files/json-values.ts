import { UsageError } from '../terminal.ts'
import { LONGEST_LINE } from './lines.ts'

/** A value of a JSON array, or of several that follow one another. */
export interface JsonValue {
  /** Its text, which may be no JSON after all. */
  bytes: Buffer
  /** The line that it begins on, from 1. */
  line: number
  isTooLong: boolean
}

const [QUOTE, ESCAPE, COMMA, OPEN, CLOSE] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d]
const [LF, SPACE, OPEN_OBJECT, CLOSE_OBJECT] = [0x0a, 0x20, 0x7b, 0x7d]
/** A byte order mark, as where files were joined. */
const MARK: readonly number[] = [0xef, 0xbb, 0xbf]

/**
 * The values of arrays, or values that follow one another, such as objects over several lines each, as they are read.
 *
 * @throws UsageError if they don't: commas and brackets missing, or an end in the middle
 */
export async function* jsonValues(
  source: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<JsonValue, void, undefined> {
  let line = 1
  let isInArray = false
  /** In an array: whether a value may come, or a comma must. */
  let expects = 'value' as 'value' | 'first value' | 'comma'
  // Within a value.
  let depth = 0
  let isInString = false
  let isEscaped = false
  let isScalar = false
  let begunOn = 0
  let pieces: Buffer[] = []
  let length = 0

  const fail = (what: string): never => {
    throw new UsageError(`${name}:${line}: ${what}: not a JSON array, nor JSON values one after another`)
  }
  const add = (piece: Buffer): void => {
    length += piece.length
    if (length > LONGEST_LINE) pieces = []
    else pieces.push(piece)
  }
  const take = (): JsonValue => {
    const value = { bytes: Buffer.concat(pieces), line: begunOn, isTooLong: length > LONGEST_LINE }
    pieces = []
    length = 0
    begunOn = 0
    isScalar = false
    expects = isInArray ? 'comma' : 'value'
    return value
  }

  for await (const chunk of source) {
    let start = 0
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0
      if (byte === LF) line += 1
      if (isInString) {
        if (isEscaped) isEscaped = false
        else if (byte === ESCAPE) isEscaped = true
        else if (byte === QUOTE) isInString = false
        else continue
        if (isInString || depth > 0) continue
      } else if (depth > 0) {
        if (byte === QUOTE) isInString = true
        else if (byte === OPEN || byte === OPEN_OBJECT) depth += 1
        else if (byte === CLOSE || byte === CLOSE_OBJECT) depth -= 1
        if (isInString || depth > 0) continue
      } else if (begunOn > 0 && isScalar && !isEndOfScalar(byte)) continue
      else {
        if (begunOn > 0 && isScalar) {
          add(chunk.subarray(start, at))
          yield take()
        }
        if (byte <= SPACE || MARK.includes(byte)) continue
        if (byte === COMMA && isInArray && expects === 'comma') expects = 'value'
        else if (byte === CLOSE && isInArray && expects !== 'value') {
          isInArray = false
          expects = 'value'
        } else if (byte === OPEN && !isInArray) {
          isInArray = true
          expects = 'first value'
        } else if (byte === COMMA || byte === CLOSE || byte === CLOSE_OBJECT || expects === 'comma') {
          fail(`unexpected ${JSON.stringify(String.fromCharCode(byte))}`)
        } else {
          begunOn = line
          start = at
          isInString = byte === QUOTE
          if (byte === OPEN || byte === OPEN_OBJECT) depth = 1
          else if (!isInString) isScalar = true
        }
        continue
      }
      // The value ends with this byte.
      add(chunk.subarray(start, at + 1))
      yield take()
    }
    if (begunOn > 0) add(chunk.subarray(start))
  }
  if (begunOn > 0 && isScalar && !isInArray) yield take()
  else if (begunOn > 0 || isInArray) fail('it ends too early')
}

function isEndOfScalar(byte: number): boolean {
  return byte <= SPACE || byte === COMMA || byte === CLOSE || byte === CLOSE_OBJECT || byte === OPEN
}
