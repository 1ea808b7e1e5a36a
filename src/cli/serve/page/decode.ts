/** The text of a file, and what had to be guessed. */
export interface DecodedText {
  text: string
  /** A sentence for the reader, or nothing. */
  note: string
}

/** A file that is not a text. */
export class NotTextError extends Error {}

/** In bytes. Larger texts hang the tab. */
const MOST_BYTES = 20_000_000

/** Says that files are too large for the page, and what takes them; `undefined` if they are not. */
export function tooLarge(files: readonly { name: string; size: number }[]): string | undefined {
  const size = files.reduce((sum, each) => sum + each.size, 0)
  if (size <= MOST_BYTES) return undefined
  const [first] = files
  const isOne = files.length === 1 && first
  const what = isOne ? `${first.name} has` : `These ${files.length} files have`
  // Rounded up, so that it is never the size that is still taken.
  const megabytes = (Math.ceil(size / 100_000) / 10).toLocaleString('en')
  const command = isOne ? 'nebius-rerank QUERY FILE' : 'nebius-rerank --files QUERY FILE…'
  return `${what} ${megabytes} MB, and this page takes 20 MB at most. Rank ${isOne ? 'it' : 'them'} in a terminal: ${command}`
}

/** Decodes a file by its byte order mark, else as UTF-8, else as Windows-1252. @throws NotTextError */
export function decode(bytes: Uint8Array, name: string): DecodedText {
  const marked = MARKS.find(([, mark]) => mark.every((byte, place) => bytes[place] === byte))
  if (marked) return { text: strict(marked[0], bytes, name), note: '' }
  const guess = utf16Guess(bytes)
  if (guess !== undefined) {
    return {
      text: strict(guess, bytes, name),
      note: `${name} has no byte order mark and was read as UTF-16.`,
    }
  }
  if (bytes.subarray(0, SAMPLE).includes(0)) throw notText(name)
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), note: '' }
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes)
    if (controlsIn(text) > text.length / 200) throw notText(name)
    return { text, note: `${name} is not UTF-8 and was read as Windows-1252. Check its accents.` }
  }
}

const MARKS: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/** The number of bytes that are checked to distinguish texts from other files. */
const SAMPLE = 64 * 1024

/** UTF-16 of Latin letters has a zero in every other byte. */
function utf16Guess(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, Math.min(SAMPLE, bytes.length & ~1))
  if (sample.length < 4) return undefined
  const zeros = [0, 0]
  sample.forEach((byte, place) => {
    if (byte === 0) zeros[place % 2] = (zeros[place % 2] ?? 0) + 1
  })
  const [even = 0, odd = 0] = zeros
  const most = sample.length / 2
  if (odd > most * 0.6 && even < most * 0.05) return 'utf-16le'
  if (even > most * 0.6 && odd < most * 0.05) return 'utf-16be'
  return undefined
}

function strict(encoding: string, bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new NotTextError(`${name} says that it is ${encoding.toUpperCase()}, but is damaged.`)
  }
}

function notText(name: string): NotTextError {
  return new NotTextError(`${name} is not a text file. Save it as text, JSON or CSV first.`)
}

function controlsIn(text: string): number {
  return text.match(/[\u0000-\u0008\u000e-\u001f]/g)?.length ?? 0
}
