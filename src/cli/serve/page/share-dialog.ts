import { element, find } from './dom.ts'
import { asCsv, asCurl, asJson, asTypeScript } from './snippets.ts'
import type { Shown } from './snippets.ts'

/** Characters that are previewed; all of them are copied. */
const MOST_PREVIEWED = 10_000

interface Format {
  name: string
  write: (shown: Shown) => string
  note: string
}

const FORMATS: readonly Format[] = [
  {
    name: 'Link',
    write: () => location.href,
    note: 'Opens this page with the same input. The link contains no key.',
  },
  { name: 'curl', write: asCurl, note: 'Sends the same request from a shell.' },
  { name: 'TypeScript', write: asTypeScript, note: 'Sends the same request with nebius-rerank.' },
  { name: 'JSON', write: asJson, note: 'The ranking, best first.' },
  {
    name: 'CSV',
    write: asCsv,
    note: 'The ranking for a spreadsheet. An apostrophe stands before each text that could run as a formula.',
  },
]

const code = find('preview', HTMLElement)
const copied = find('copied', HTMLElement)
let chosen = FORMATS[1]
let shown: Shown | undefined
let hasLink = true
let isCompared = false

find('formats', HTMLElement).append(...FORMATS.map(radioFor))
const opener = find('share', HTMLButtonElement)
opener.addEventListener('click', () => {
  preview()
  find('share-dialog', HTMLDialogElement).showModal()
})
find('copy', HTMLButtonElement).addEventListener('click', () => void copy())

/** Offers what is shown for copying; of a comparison, only the link has more than side A. */
export function offer(next: Shown, of: { canLink: boolean; isCompared: boolean }): void {
  shown = next
  hasLink = of.canLink
  isCompared = of.isCompared
  opener.hidden = false
}

function radioFor(format: Format): HTMLElement {
  const label = element('label')
  const input = element('input', 'unseen')
  input.type = 'radio'
  input.name = 'format'
  input.checked = format === chosen
  input.addEventListener('change', () => {
    chosen = format
    preview()
  })
  label.append(input, element('span', '', format.name))
  return label
}

function text(): string {
  if (!shown || !chosen) return ''
  return chosen.name === 'Link' && !hasLink ? `${location.origin}/` : chosen.write(shown)
}

function preview(): void {
  const whole = text()
  copied.textContent = ''
  code.textContent = whole.slice(0, MOST_PREVIEWED)
  const isCut = whole.length > MOST_PREVIEWED
  const tooLong = chosen?.name === 'Link' && !hasLink ? 'The input is too long for a link.' : ''
  find('preview-note', HTMLElement).textContent = [
    tooLong || (chosen?.note ?? ''),
    chosen?.name !== 'Link' && isCompared ? `Side A only${hasLink ? '; the link has both sides' : ''}.` : '',
    isCut
      ? `Only the beginning is shown. Copy copies all ${whole.length.toLocaleString('en')} characters.`
      : '',
  ]
    .filter(Boolean)
    .join(' ')
}

async function copy(): Promise<void> {
  const whole = text()
  try {
    await navigator.clipboard.writeText(whole)
    copied.textContent = 'Copied.'
  } catch {
    // Only pages of https and of this machine may write to the clipboard.
    code.textContent = whole
    getSelection()?.selectAllChildren(code)
    copied.textContent = 'The text is selected. Press Ctrl+C to copy it.'
  }
}
