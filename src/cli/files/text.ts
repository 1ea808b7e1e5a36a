import { decoded } from './encoding.ts'
import { unpacked } from './decompress.ts'
import type { Source } from './source.ts'

/** The text of a source, read once. */
export interface Text {
  /** UTF-8, without a byte order mark at its beginning. */
  bytes: AsyncGenerator<Buffer, void, undefined>
  /** The way in which it was stored, such as `gzip, UTF-16LE`; empty for UTF-8. */
  stored: string
}

/**
 * Begins to read a source as text. Unpacks gzip and zstd. Decodes by the byte order mark, or by the encoding that is
 * named, or as UTF-8.
 *
 * @throws UsageError for an unknown encoding; and while it is read, for bytes that are not of it
 */
export async function openText(source: Source, encoding?: string): Promise<Text> {
  const { bytes: packed, compression } = await unpacked(source.read(), source.name)
  const { bytes, encoding: found } = await decoded(packed, source.name, encoding)
  const stored = [compression, found === 'utf-8' ? undefined : found.toUpperCase()]
  return { bytes, stored: stored.filter((word) => word !== undefined).join(', ') }
}
