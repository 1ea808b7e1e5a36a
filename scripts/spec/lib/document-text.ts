// Reads bytes as JSON text. For anything else, the error names what it is.

import { PipelineError, quoted } from './failure.ts'
import { JsonMistake } from './json-scan.ts'
import { parseJsonText } from './json-text.ts'

/** A failure because only the beginning of the document arrived. */
export class CutOff extends PipelineError {}

/** A JSON document, and the text that it was read from. */
export interface DocumentText {
  readonly text: string
  readonly document: unknown
}

/** Formats by the bytes that they start with. */
const FORMATS: readonly (readonly [name: string, ...bytes: readonly number[]])[] = [
  ['gzip data', 0x1f, 0x8b],
  ['zstd data', 0x28, 0xb5, 0x2f, 0xfd],
  ['bzip2 data', 0x42, 0x5a, 0x68],
  ['xz data', 0xfd, 0x37, 0x7a, 0x58, 0x5a],
  ['a zip archive', 0x50, 0x4b, 0x03, 0x04],
]

/**
 * Reads bytes as JSON.
 *
 * @throws CutOff if they are the beginning of JSON, PipelineError that names what else they are.
 */
export function documentText(bytes: Uint8Array): DocumentText {
  const [format] = FORMATS.find(([, ...start]) => start.every((byte, at) => bytes[at] === byte)) ?? []
  if (format !== undefined) throw new PipelineError(`it is ${format}, not JSON; unpack it first`)
  const wide = wideEncoding(bytes)
  if (wide !== undefined) throw new PipelineError(`it is ${wide} text; convert it to UTF-8`)
  const text = decoded(bytes)
  try {
    return { text, document: parseJsonText(text) }
  } catch (error) {
    throw error instanceof JsonMistake ? mistakeIn(text, error) : error
  }
}

/** The name of an encoding of two or four bytes a character: by its byte order mark, or by the zeros in it. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c !== undefined))
    return 'UTF-32'
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'UTF-16'
  return (a === 0) !== (b === 0) && b !== undefined ? 'UTF-16' : undefined
}

function decoded(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text: string
  try {
    text = decoder.decode(bytes, { stream: true })
  } catch {
    throw new PipelineError('it is not UTF-8 text')
  }
  try {
    return text + decoder.decode()
  } catch {
    throw new CutOff('it is cut off in the middle of a character')
  }
}

function mistakeIn(text: string, { message, position, isCut }: JsonMistake): PipelineError {
  const start = text.trimStart()
  if (start === '') return new CutOff('it is empty')
  if (start.startsWith('<')) return new PipelineError('HTML came instead of JSON')
  if (isYaml(start)) return new PipelineError('it is YAML; name the JSON of the same document, or convert it')
  const after = `, after ${quoted(text.slice(Math.max(0, position - 40), position))}`
  const place = ` at position ${position}${position === 0 ? '' : after}`
  return isCut ? new CutOff(`it is cut off${place}`) : new PipelineError(`it is not JSON: ${message}${place}`)
}

function isYaml(start: string): boolean {
  return /^(?:%YAML|---\s|#|!<|-\s|(?:"[^"\n]{0,100}"|'[^'\n]{0,100}'|[A-Za-z][\w$./-]{0,100})\s*:(?:\s|$))/.test(
    start,
  )
}
