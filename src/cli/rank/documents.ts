import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { UsageError } from '../terminal.ts'

/** A document as it is ranked and shown. */
export interface Document {
  text: string
  /** The file, where a document is a whole one. */
  file?: string
  /** What `--json` prints for it: the line, or the object on it. */
  source?: unknown
}

/** How files hold documents: one a line, one a line of JSON with its text in a field, or one a file. */
export interface Form {
  textField: string | undefined
  wholeFiles: boolean
}

/** Reads documents in the order of their files. @throws UsageError for what can't be read or holds none */
export async function readDocuments(
  files: readonly string[],
  { textField, wholeFiles }: Form,
  stdin: NodeJS.ReadStream,
): Promise<Document[]> {
  if (files.length === 0 && stdin.isTTY) {
    throw new UsageError('No documents: name a FILE, pipe lines in, or type them after `-`')
  }
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('`-` can be read only once')
  const documents: Document[] = []
  for (const file of files.length === 0 ? ['-'] : files) {
    const text = await readText(file, stdin)
    const name = file === '-' ? 'standard input' : file
    // One at a time: a spread of a million lines would not fit the stack.
    for (const document of wholeFiles ? [{ text, file: name }] : documentsIn(text, name, textField)) {
      documents.push(document)
    }
  }
  if (!documents.some(({ text }) => text.trim() !== ''))
    throw new UsageError('No documents: the input is blank')
  return documents
}

async function readText(file: string, stdin: NodeJS.ReadStream): Promise<string> {
  try {
    const text = file === '-' ? await textOf(stdin) : await readFile(file, 'utf8')
    return text.replace(/^\uFEFF/, '')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a folder' : message
    throw new UsageError(`Can't read ${file}: ${reason}`, { cause: error })
  }
}

function documentsIn(text: string, file: string, textField: string | undefined): Document[] {
  // Blank lines stay, and are left out of the ranking: an index then tells the line.
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/)
  if (textField === undefined) return lines.map((line) => ({ text: line, source: line }))
  return lines.map((line, index) => documentOn(line, textField, `${file}:${index + 1}`))
}

function documentOn(line: string, textField: string, place: string): Document {
  if (line.trim() === '') return { text: '', source: line }
  const source = parse(line, place)
  const text: unknown =
    typeof source === 'object' && source !== null && Object.hasOwn(source, textField)
      ? Reflect.get(source, textField)
      : undefined
  if (typeof text !== 'string')
    throw new UsageError(`${place} has no text in the field ${JSON.stringify(textField)}`)
  return { text, source }
}

function parse(line: string, place: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new UsageError(`${place} is no JSON, which --text-field asks for`, { cause: error })
  }
}
