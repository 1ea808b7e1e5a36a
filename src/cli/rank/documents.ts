import {
  linesOf,
  openRecords,
  openSource,
  openText,
  refuseSameFile,
  statsOf,
  Unreadable,
} from '../files/index.ts'
import type { FileRecord, ReadOptions, Records, Source } from '../files/index.ts'
import { tell, UsageError } from '../terminal.ts'
import type { Shell } from '../terminal.ts'

/** A document as it is ranked and shown. */
export interface Document {
  text: string
  /** The file, where a document is a whole one. */
  file?: string
  /** The identifier, where `Form.idField` names a field for it. */
  id?: string
  /** The part that `--json` prints: the line, or the object on it. */
  source?: unknown
}

/** The form in which files hold documents: one a line, one a record with its text in a field, or one a file. */
export interface Form extends ReadOptions {
  textField: string | undefined
  idField: string | undefined
  wholeFiles: boolean
}

/** Reads documents in the order of their files. @throws UsageError for what can't be read or holds none */
export async function readDocuments(files: readonly string[], form: Form, shell: Shell): Promise<Document[]> {
  if (files.length === 0 && shell.stdin.isTTY) {
    throw new UsageError('No documents: name a FILE, pipe lines in, or type them after `-`')
  }
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('`-` can be read only once')
  const documents: Document[] = []
  let characters = 0
  for (const file of files.length === 0 ? ['-'] : files) {
    const source = await openSource(file, shell.stdin)
    try {
      refuseSameFile({ name: 'standard output', stats: statsOf(shell.stdout) }, [source])
      for await (const document of documentsIn(source, form, shell)) {
        documents.push(document)
        characters += document.text.length
        if (documents.length > MOST_DOCUMENTS || characters > MOST_CHARACTERS) throw tooMany(source.name)
      }
    } finally {
      await source.close()
    }
  }
  if (!documents.some(({ text }) => text.trim() !== ''))
    throw new UsageError('No documents: the input is blank. Name a FILE, or pipe lines in')
  return documents
}

/** Bounds of one ranking, which is held in memory: some 2 GB at the most. */
const MOST_DOCUMENTS = 1_000_000
const MOST_CHARACTERS = 128 * 1024 * 1024

function tooMany(name: string): UsageError {
  return new UsageError(
    `${name} makes more than 1,000,000 documents, or 128 MiB of text, which is too much for one ranking: let a search find the candidates first`,
  )
}

function documentsIn(source: Source, form: Form, shell: Shell): AsyncGenerator<Document, void, undefined> {
  if (form.wholeFiles) return wholeFile(source, form)
  const isPlain = form.textField === undefined && form.idField === undefined && form.format === undefined
  return isPlain ? linesIn(source, form) : recordsIn(source, form, shell)
}

async function* wholeFile(source: Source, { encoding }: Form): AsyncGenerator<Document, void, undefined> {
  const { bytes } = await openText(source, encoding)
  const chunks: Buffer[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  yield { text: Buffer.concat(chunks).toString(), file: source.name }
}

/** The lines as documents. Blank lines are kept, so that an index is the number of a line; ranking leaves them out. */
async function* linesIn(source: Source, { encoding }: Form): AsyncGenerator<Document, void, undefined> {
  const { bytes } = await openText(source, encoding)
  for await (const { bytes: line, number, isTooLong } of linesOf(bytes)) {
    if (isTooLong) throw new UsageError(`${source.name}:${number} is longer than 64 MiB`)
    const text = line.toString()
    yield { text, source: text }
  }
}

async function* recordsIn(
  source: Source,
  form: Form,
  shell: Shell,
): AsyncGenerator<Document, void, undefined> {
  const records = await openRecords(source, form)
  const { name, description, format } = records
  if (description !== 'JSON Lines') await tell(shell, [`Reading ${name} as ${description}`])
  let next = 1
  for await (const record of records.read()) {
    // Blank lines again.
    for (; format === 'jsonl' && next < record.number; next += 1) yield { text: '', source: '' }
    next = record.number + 1
    yield documentOf(record, records, form)
  }
}

function documentOf(
  record: FileRecord,
  { name, format }: Records,
  { textField = 'text', idField }: Form,
): Document {
  const place = `${name}:${record.number}`
  const source = valueOf(record, place)
  const text = format === 'json' && typeof source === 'string' ? source : fieldOf(source, textField)
  if (typeof text !== 'string') {
    throw new UsageError(
      `${place} has no text in the field ${JSON.stringify(textField)}: name the field with --text-field`,
    )
  }
  if (idField === undefined) return { text, source }
  const id = fieldOf(source, idField)
  if (typeof id !== 'string' && typeof id !== 'number') {
    throw new UsageError(`${place} has no id in the field ${JSON.stringify(idField)}`)
  }
  return { text, source, id: String(id) }
}

function valueOf(record: FileRecord, place: string): unknown {
  try {
    return record.read()
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw new UsageError(`${place}: ${error.message}. To rank lines, leave out options for records`, {
      cause: error,
    })
  }
}

function fieldOf(source: unknown, name: string): unknown {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return undefined
  return Reflect.get(source, name)
}
