import { UsageError } from '../terminal.ts'
import { InvalidByte, utf16Decoder, utf8Decoder } from './decoders.ts'
import type { Decoder } from './decoders.ts'
import { legacyDecoder } from './legacy-encoding.ts'
import { peek } from './peek.ts'
import { createPlace } from './place.ts'
import type { Units } from './place.ts'

type Bytes = AsyncGenerator<Buffer, void, undefined>

/** Text as UTF-8 without a byte order mark at its beginning, checked as it goes by. */
export interface Decoded {
  bytes: Bytes
  /** The encoding that was found or named, such as `utf-8`. */
  encoding: string
}

/**
 * Decodes by a byte order mark, else by the encoding that is named, else as UTF-8.
 *
 * @throws UsageError for an unknown encoding, and while it is read for bytes that are not of it: with their line and place
 */
export async function decoded(source: Bytes, name: string, named?: string): Promise<Decoded> {
  const { head, rest } = await peek(source, HEAD)
  const mark = MARKS.find(({ bytes }) => head.subarray(0, bytes.length).equals(Buffer.from(bytes)))
  const encoding = mark?.encoding ?? named?.toLowerCase() ?? 'utf-8'
  if (encoding === 'utf-32') {
    throw new UsageError(`Can't read ${name}: it is in UTF-32. Save it as UTF-8`)
  }
  const unmarked = mark || named !== undefined ? undefined : unmarkedUtf16(head)
  if (unmarked !== undefined) {
    throw new UsageError(
      `${name}:1: byte ${head.indexOf(0) + 1} (0x00) is not text in UTF-8: it looks like UTF-16. Name the encoding with --encoding ${unmarked}`,
    )
  }
  const [decoder, units] = await decoderOf(encoding)
  const skipped = mark?.bytes.length ?? 0
  return {
    encoding,
    bytes: decodedBy(decoder, units, skip(rest, skipped), { name, encoding, skipped: skipped }),
  }
}

/** Enough for a mark. A stream that has sent a line must not be waited for. */
const HEAD = 4

const MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe, 0, 0], encoding: 'utf-32' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
]

async function decoderOf(encoding: string): Promise<[Decoder, Units]> {
  const name = encoding.replace(/[^a-z\d]/g, '')
  if (name === 'utf8') return [utf8Decoder(), { bytes: 1 }]
  if (['utf16', 'utf16le', 'ucs2'].includes(name)) return [utf16Decoder(false), { bytes: 2 }]
  if (name === 'utf16be') return [utf16Decoder(true), { bytes: 2, isBigEndian: true }]
  const decoder = await legacyDecoder(encoding)
  if (decoder) return [decoder, { bytes: 1 }]
  throw new UsageError(
    `--encoding ${JSON.stringify(encoding)} is not known. Known are utf-8, utf-16le, utf-16be, windows-1250 to -1258, iso-8859-1 to -16, cp437, cp850, cp866, koi8-r, macroman, shift_jis, euc-jp, gbk, gb18030, big5, euc-kr and more`,
  )
}

/** Text in UTF-16 without a mark: in a short beginning of most texts, every other byte is NUL. */
function unmarkedUtf16(head: Buffer): string | undefined {
  const nuls = [0, 1].map((parity) => head.filter((byte, at) => byte === 0 && at % 2 === parity).length)
  const [even = 0, odd = 0] = nuls
  if (head.length < 4 || Math.max(even, odd) < head.length / 4 || Math.min(even, odd) > head.length / 16)
    return undefined
  return odd > even ? 'utf-16le' : 'utf-16be'
}

interface Told {
  name: string
  encoding: string
  /** Bytes before the first that is decoded. */
  skipped: number
}

async function* decodedBy(decoder: Decoder, units: Units, source: Bytes, told: Told): Bytes {
  const { name, encoding, skipped } = told
  const place = createPlace(skipped, units)
  const take = (read: () => Buffer, chunk: Buffer): Buffer => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof InvalidByte)) throw error
      const offset = skipped + error.offset
      const { line, column } = place.find(offset, chunk)
      const byte = `0x${error.value.toString(16).padStart(2, '0').toUpperCase()}`
      throw new UsageError(
        `${name}:${line}: byte ${column} (${byte}, at offset ${offset} of the file) is not ${encoding.toUpperCase()}. Name the encoding with --encoding, such as windows-1252, or save the file as UTF-8`,
      )
    }
  }
  for await (const chunk of source) {
    const bytes = take(() => decoder.write(chunk), chunk)
    place.pass(chunk)
    if (bytes.length > 0) yield bytes
  }
  const last = take(() => decoder.end(), Buffer.alloc(0))
  if (last.length > 0) yield last
}

async function* skip(source: Bytes, bytes: number): Bytes {
  let left = bytes
  for await (const chunk of source) {
    const rest = chunk.subarray(left)
    left = Math.max(0, left - chunk.length)
    if (rest.length > 0) yield rest
  }
}
