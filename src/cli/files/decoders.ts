import { isUtf8 } from 'node:buffer'

/** Turns chunks of bytes, one after another, into UTF-8. */
export interface Decoder {
  /** @throws InvalidByte */
  write(chunk: Buffer): Buffer
  /** Returns the bytes that remain at the end. @throws InvalidByte */
  end(): Buffer
}

/** A byte that an encoding does not have. */
export class InvalidByte extends Error {
  /** Its place among the bytes that the decoder was given, from 0. */
  readonly offset: number
  readonly value: number

  constructor(offset: number, value = 0) {
    super('invalid byte')
    this.offset = offset
    this.value = value
  }
}

const NOTHING = Buffer.alloc(0)

/** Passes UTF-8 on, cut between characters. */
export function utf8Decoder(): Decoder {
  let begun: Buffer = NOTHING
  let passed = 0
  return {
    write(chunk) {
      const bytes = begun.length > 0 ? Buffer.concat([begun, chunk]) : chunk
      const end = bytes.length - unfinishedUtf8(bytes)
      const whole = bytes.subarray(0, end)
      if (!isUtf8(whole)) throw invalidUtf8(whole, passed)
      begun = bytes.subarray(end)
      passed += end
      return whole
    },
    end() {
      if (begun.length > 0) throw new InvalidByte(passed, begun[0])
      return NOTHING
    },
  }
}

/** Returns the number of bytes at the end that belong to an incomplete character. */
function unfinishedUtf8(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0
  }
  return 0
}

/** The first invalid byte, by halves: what is before it is valid, except a character that it cuts. */
function invalidUtf8(bytes: Buffer, passed: number): InvalidByte {
  let valid = 0
  let end = bytes.length
  while (end - valid > 1) {
    const middle = valid + Math.ceil((end - valid) / 2)
    const cut = middle - unfinishedUtf8(bytes.subarray(valid, middle))
    if (cut > valid && isUtf8(bytes.subarray(valid, cut))) valid = cut
    else if (cut <= valid) break
    else end = cut
  }
  return new InvalidByte(passed + valid, bytes[valid])
}

/** Reads UTF-16; a surrogate without its other half is invalid. */
export function utf16Decoder(isBigEndian: boolean): Decoder {
  let begun: Buffer = NOTHING
  let passed = 0
  return {
    write(chunk) {
      const bytes = begun.length > 0 ? Buffer.concat([begun, chunk]) : chunk
      const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
      const text = (isBigEndian ? even.swap16() : even).toString('utf16le')
      const whole = /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text
      const at = whole.search(/\p{Cs}/u)
      if (at >= 0) throw new InvalidByte(passed + at * 2, bytes[at * 2])
      begun = bytes.subarray(whole.length * 2)
      passed += whole.length * 2
      return Buffer.from(whole)
    },
    end() {
      if (begun.length > 0) throw new InvalidByte(passed, begun[0])
      return NOTHING
    },
  }
}
