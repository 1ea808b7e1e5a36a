import { InvalidByte } from './decoders.ts'
import type { Decoder } from './decoders.ts'

/**
 * The decoder of an encoding that is neither UTF-8 nor UTF-16; `undefined` if there is none of that name. Those of
 * East Asia are the runtime's, whose tables are large. All others are iconv-lite's: Node before 24 reads windows-1252
 * as latin1, without the euro sign and the quotation marks.
 */
export async function legacyDecoder(encoding: string): Promise<Decoder | undefined> {
  const label = EAST_ASIAN[encoding.replace(/[^a-z\d]/g, '')]
  if (label !== undefined) return byLines((bytes) => eastAsian(label, bytes))
  const { default: iconv } = await import('iconv-lite')
  if (!iconv.encodingExists(encoding)) return undefined
  return byLines((bytes) => {
    const text = iconv.decode(bytes, encoding)
    const at = text.indexOf('\uFFFD')
    if (at >= 0) throw new InvalidByte(at, bytes[at])
    return text
  })
}

/** The names that people use, without their hyphens. */
const EAST_ASIAN: Readonly<Record<string, string>> = {
  shiftjis: 'shift_jis',
  sjis: 'shift_jis',
  cp932: 'shift_jis',
  windows31j: 'shift_jis',
  eucjp: 'euc-jp',
  iso2022jp: 'iso-2022-jp',
  gbk: 'gbk',
  gb2312: 'gbk',
  cp936: 'gbk',
  gb18030: 'gb18030',
  big5: 'big5',
  cp950: 'big5',
  euckr: 'euc-kr',
  cp949: 'euc-kr',
}

function eastAsian(label: string, bytes: Buffer): string {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    throw firstInvalid(label, bytes)
  }
}

function firstInvalid(label: string, bytes: Buffer): InvalidByte {
  const decoder = new TextDecoder(label, { fatal: true })
  for (const [at, byte] of bytes.entries()) {
    try {
      decoder.decode(Uint8Array.of(byte), { stream: true })
    } catch {
      return new InvalidByte(at, byte)
    }
  }
  return new InvalidByte(bytes.length - 1, bytes.at(-1))
}

/** Decodes whole lines, each by itself: no character goes across their ends. */
function byLines(decode: (bytes: Buffer) => string): Decoder {
  let pieces: Buffer[] = []
  let passed = 0
  const flush = (): Buffer => {
    const bytes = Buffer.concat(pieces)
    pieces = []
    const start = passed
    passed += bytes.length
    try {
      return Buffer.from(decode(bytes))
    } catch (error) {
      throw error instanceof InvalidByte ? new InvalidByte(start + error.offset, error.value) : error
    }
  }
  return {
    write(chunk) {
      const end = Math.max(chunk.lastIndexOf(0x0a), chunk.lastIndexOf(0x0d)) + 1
      if (end === 0) {
        pieces.push(chunk)
        return Buffer.alloc(0)
      }
      pieces.push(chunk.subarray(0, end))
      const text = flush()
      pieces.push(chunk.subarray(end))
      return text
    },
    end: flush,
  }
}
