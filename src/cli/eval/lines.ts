import { linesOf, openSource, openText } from '../files/index.ts'
import { UsageError } from '../terminal.ts'

/** A line of a file that is not blank. */
export interface NumberedLine {
  text: string
  /** The file and the number of the line, from 1, to begin a message with. */
  where: string
}

/** The lines of a file, or of standard input for `-`, unpacked and decoded. @throws UsageError if there is none */
export async function* linesFrom(path: string, stdin: NodeJS.ReadStream): AsyncGenerator<NumberedLine, void> {
  const source = await openSource(path, stdin)
  try {
    const { bytes } = await openText(source)
    for await (const line of linesOf(bytes)) {
      const where = `${path}:${line.number}`
      if (line.isTooLong) throw new UsageError(`${where} is longer than 64 MiB`)
      const text = line.bytes.toString()
      if (text.trim() !== '') yield { text, where }
    }
  } finally {
    await source.close()
  }
}

/** The whole text of a file. @throws UsageError if there is none */
export async function textFrom(path: string, stdin: NodeJS.ReadStream): Promise<string> {
  const source = await openSource(path, stdin)
  try {
    const chunks: Buffer[] = []
    for await (const chunk of (await openText(source)).bytes) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  } finally {
    await source.close()
  }
}

/** The JSON object on a line. @throws UsageError if there is none */
export function objectOn({ text, where }: NumberedLine): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UsageError(`${where} is not JSON`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${where} must be a JSON object`)
  }
  return value as Readonly<Record<string, unknown>>
}

/** An id, a text or a number, as text. `undefined` if there is none. */
export function idOf(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined
}

/** The fields of a document that have a text, one a line. `undefined` if none is a string. */
export function textOf(
  document: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): string | undefined {
  const texts = fields.map((field) => document[field]).filter((text) => typeof text === 'string')
  if (texts.length === 0) return undefined
  return texts.filter((text) => text.trim() !== '').join('\n')
}
