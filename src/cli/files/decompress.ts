import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { UsageError } from '../terminal.ts'
import { peek } from './peek.ts'
import { through } from './through.ts'

type Bytes = AsyncGenerator<Buffer, void, undefined>

/** A stream of decompressed bytes, and the name of the compression, if there was one. */
export interface Unpacked {
  bytes: Bytes
  compression?: 'gzip' | 'zstd'
}

/** Unpacks gzip and zstd, known by their first bytes. @throws UsageError for other archives */
export async function unpacked(source: Bytes, name: string): Promise<Unpacked> {
  const { head, rest } = await peek(source, LONGEST_MAGIC)
  const isMagic = (magic: string): boolean => head.subarray(0, magic.length / 2).toString('hex') === magic
  if (isMagic('1f8b'))
    return { bytes: through(rest, zlib.createGunzip(), (error) => damaged(name, error)), compression: 'gzip' }
  if (isMagic('28b52ffd')) return { bytes: zstd(rest, name), compression: 'zstd' }
  const archive = ARCHIVES.find(([magic]) => isMagic(magic))
  if (archive) throw new UsageError(`Can't read ${name}: it is ${archive[1]}. ${archive[2]}`)
  return { bytes: rest }
}

const ARCHIVES: readonly (readonly [magic: string, name: string, nextStep: string])[] = [
  ['504b0304', 'a zip archive, such as an Excel workbook', 'Save it as CSV in UTF-8'],
  ['50415231', 'a Parquet file', 'Convert it to JSON Lines or CSV'],
  ['425a68', 'packed by bzip2', 'Unpack it: bzip2 -dc'],
  ['fd377a585a00', 'packed by xz', 'Unpack it: xz -dc'],
]
const LONGEST_MAGIC = 6

/** Node has zstd from 22.15 on. */
function zstd(source: Bytes, name: string): Bytes {
  const { createZstdDecompress: create } = zlib as { createZstdDecompress?: () => Transform }
  return create ? through(source, create(), (error) => damaged(name, error)) : fzstd(source, name)
}

async function* fzstd(source: Bytes, name: string): Bytes {
  const { Decompress } = await import('fzstd')
  const out: Uint8Array[] = []
  const stream = new Decompress((data) => out.push(data))
  const push = (chunk: Uint8Array, isLast: boolean): Buffer[] => {
    try {
      stream.push(chunk, isLast)
    } catch (error) {
      throw damaged(name, error)
    }
    return out.splice(0).map((data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))
  }
  for await (const chunk of source) yield* push(chunk, false)
  yield* push(new Uint8Array(), true)
}

function damaged(name: string, error: unknown): UsageError {
  const reason = error instanceof Error ? error.message : String(error)
  return new UsageError(`Can't unpack ${name}: ${reason}`, { cause: error })
}
