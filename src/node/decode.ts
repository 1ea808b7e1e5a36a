import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { loadStream, loadZlib } from './load.ts'

/** Node has zstd from 22.15 on. */
const HAS_ZSTD = process.versions['zstd'] !== undefined

/** The encodings that servers may choose from. Some send `deflate` without the header that zlib gives it. */
export const ACCEPT_ENCODING = HAS_ZSTD ? 'gzip, br, zstd' : 'gzip, br'

/** Each packing of a packed body multiplies what a small one can unpack to. */
const MOST_ENCODINGS = 3

/** The body of a message, unpacked as it is read; as it came where its encoding is unknown, as fetch has it. */
export function decoded(message: IncomingMessage): Readable {
  const encoding = message.headers['content-encoding']
  if (encoding === undefined) return message
  const names = encoding
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  const decoders = names.length > MOST_ENCODINGS ? [] : names.map(decoderOf)
  if (decoders.includes(undefined)) return message
  return decoders.reduceRight<Readable>(
    (stream, decoder) => (decoder ? loadStream().pipeline(stream, decoder, () => undefined) : stream),
    message,
  )
}

/** The stream that undoes an encoding; `undefined` where it is unknown. */
function decoderOf(name: string): Transform | undefined {
  const zlib = loadZlib() as ReturnType<typeof loadZlib> & { createZstdDecompress?: () => Transform }
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip()
    case 'deflate':
      return zlib.createInflate()
    case 'br':
      return zlib.createBrotliDecompress()
    case 'zstd':
      return zlib.createZstdDecompress?.()
    default:
      return undefined
  }
}
