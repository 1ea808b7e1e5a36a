import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import type { Readable, Transform } from 'node:stream'
import zlib from 'node:zlib'

/** Encodings by name, each with what undoes it. Node has zstd from 22.15 on. */
const DECODERS: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: zlib.createGunzip,
  'x-gzip': zlib.createGunzip,
  deflate: zlib.createInflate,
  br: zlib.createBrotliDecompress,
  zstd: (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress,
}

/** What is asked of servers, who choose. Some send `deflate` without the header that zlib gives it. */
export const ACCEPT_ENCODING = ['gzip', 'br', 'zstd'].filter((name) => DECODERS[name]).join(', ')

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
  const decoders = names.map((name) => (Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined))
  if (decoders.length > MOST_ENCODINGS || decoders.includes(undefined)) return message
  return decoders.reduceRight<Readable>(
    (stream, decoder) => (decoder ? pipeline(stream, decoder(), () => undefined) : stream),
    message,
  )
}
