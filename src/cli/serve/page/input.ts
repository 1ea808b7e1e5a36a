import type { Field } from './api.ts'
import { decode, NotTextError, tooLarge } from './decode.ts'
import { documentsIn, kindOf } from './documents.ts'
import type { Documents, Kind } from './documents.ts'
import { find, plural, setOptions } from './dom.ts'

const area = find('documents', HTMLTextAreaElement)
const kind = find('kind', HTMLSelectElement)
const part = find('part', HTMLSelectElement)
const note = find('documents-note', HTMLElement)

const PART_LABELS: Readonly<Record<Kind, string>> = { text: 'one per', json: 'field', csv: 'column' }

/** Calls back when the documents have changed, by hand, by a paste or by a file. */
export function watchDocuments(onChange: () => void): void {
  const changed = (): void => {
    readDocuments()
    onChange()
  }
  area.addEventListener('input', (event) => {
    note.textContent = ''
    const isPasted = event instanceof InputEvent && /^insertFrom(?:Paste|Drop)$/.test(event.inputType)
    if (isPasted) kind.value = kindOf(area.value)
    changed()
  })
  kind.addEventListener('change', changed)
  part.addEventListener('change', changed)
  const take = async (files: FileList | null): Promise<void> => {
    if (!files || files.length === 0) return
    if (await takeFiles([...files])) changed()
  }
  const file = find('file', HTMLInputElement)
  file.addEventListener('change', () => void take(file.files).then(() => (file.value = '')))
  for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) {
    area.addEventListener(name, () => {
      area.parentElement?.classList.toggle('dragged', name === 'dragenter' || name === 'dragover')
    })
  }
  area.addEventListener('dragover', (event) => event.preventDefault())
  area.addEventListener('drop', (event) => {
    if (!event.dataTransfer || event.dataTransfer.files.length === 0) return
    event.preventDefault()
    void take(event.dataTransfer.files)
  })
}

/** Fills in documents. */
export function setDocuments(text: string, wanted: string, wantedPart = ''): void {
  area.value = text
  kind.value = Object.hasOwn(PART_LABELS, wanted) ? wanted : 'text'
  if (wantedPart !== '') part.replaceChildren(new Option(wantedPart, wantedPart))
  note.textContent = ''
  readDocuments()
}

/** The documents in the field; what can't be read is said beside it. */
export function readDocuments(): Documents | undefined {
  const chosen = kind.value as Kind
  find('part-label', HTMLElement).textContent = PART_LABELS[chosen]
  const count = find('count', HTMLElement)
  try {
    const documents = documentsIn(area.value, chosen, part.value)
    setOptions(part, documents.parts)
    part.value = documents.part
    find('part-field', HTMLElement).hidden = documents.parts.length === 0
    part.disabled = documents.parts.length < 2
    const { length } = documents.texts
    const skipped = documents.skipped > 0 ? `, ${documents.skipped.toLocaleString('en')} without text` : ''
    count.textContent = length === 0 ? '' : plural(length, 'document') + skipped
    complain('documents', '')
    return documents
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    count.textContent = ''
    find('part-field', HTMLElement).hidden = true
    complain('documents', error.message)
    return undefined
  }
}

/** Says beside a field what is wrong with it, or nothing more. */
export function complain(field: Field, sentence: string): void {
  const input = find(field, HTMLElement)
  const place = find(`${field}-problem`, HTMLElement)
  // Said again, it would be read aloud again.
  if (place.textContent !== sentence) place.textContent = sentence
  input.ariaInvalid = String(sentence !== '')
}

/** Reads files: the records of one, or each of several as a document. */
async function takeFiles(files: readonly File[]): Promise<boolean> {
  // What was read before is not what is said of these.
  note.textContent = ''
  const refusal = tooLarge(files)
  if (refusal !== undefined) {
    complain('documents', refusal)
    return false
  }
  try {
    const texts = await Promise.all(
      files.map(async (file) => decode(new Uint8Array(await file.arrayBuffer()), file.name)),
    )
    const [first] = texts
    const isOne = files.length === 1 && first
    area.value = isOne
      ? first.text
      : JSON.stringify(
          texts.map(({ text }) => text),
          null,
          2,
        )
    kind.value = isOne ? kindOf(first.text, files[0]?.name) : 'json'
    const read = isOne ? `Read ${files[0]?.name ?? ''}.` : `Read ${files.length} files, each as a document.`
    note.textContent = [read, ...texts.map((each) => each.note)].filter(Boolean).join(' ')
    return true
  } catch (error) {
    const name = files[0]?.name ?? 'The file'
    complain(
      'documents',
      error instanceof NotTextError ? error.message : `${name} can’t be read: ${String(error)}.`,
    )
    return false
  }
}
