import { instructedQuery } from '../../../middleware/index.ts'
import { find } from './dom.ts'

/** The thing that is compared on the same documents. */
export type Comparison = 'nothing' | 'queries' | 'instructions' | 'models'

const select = find('compare', HTMLSelectElement)
const a = find('a', HTMLInputElement)
const b = find('b', HTMLInputElement)

interface Words {
  a: string
  b: string
  note: string
}

const WORDS: Readonly<Record<Exclude<Comparison, 'nothing'>, Words>> = {
  queries: { a: '', b: 'Query B', note: 'A is the query above.' },
  instructions: {
    a: 'Instruction A',
    b: 'Instruction B',
    note: 'An instruction goes before the query, on its own line. Leave a field empty to rank without one.',
  },
  models: {
    a: 'Model A',
    b: 'Model B',
    note: 'Ids are case-sensitive. Your account needs access to both models.',
  },
}

/** Calls back when a comparison is begun, ended or changed. */
export function watchSides(onChange: () => void): void {
  for (const each of [a, b]) each.addEventListener('input', onChange)
  select.addEventListener('change', () => {
    showSides()
    onChange()
  })
}

/** Leaves out the models where one alone ranks. */
export function setModels(live: boolean, model: string): void {
  select.querySelector('[value=models]')?.toggleAttribute('hidden', !live)
  a.dataset['model'] = model
}

/** The comparison, as it was typed. */
export function readSides(): { compare: Comparison; a: string; b: string } {
  return { compare: select.value as Comparison, a: a.value, b: b.value }
}

/** Fills a comparison in. */
export function setSides(compare: string, left: string, right: string): void {
  select.value = compare
  if (select.value === '') select.value = 'nothing'
  a.value = left
  b.value = right
  showSides()
}

/** The model and query of each side. */
export function requestsFor(query: string, model: string): { model: string; query: string }[] {
  const { compare, a, b } = readSides()
  const own = { model, query }
  if (compare === 'queries') return [own, { model, query: b.trim() }]
  if (compare === 'models')
    return [
      { model: a.trim() || model, query },
      { model: b.trim(), query },
    ]
  if (compare === 'instructions')
    return [a, b].map((text) => ({ model, query: instructedQuery(query, text.trim()) }))
  return [own]
}

function showSides(): void {
  const compare = select.value as Comparison
  find('sides', HTMLElement).hidden = compare === 'nothing'
  if (compare === 'nothing') return
  const words = WORDS[compare]
  find('a-label', HTMLElement).textContent = words.a
  find('b-label', HTMLElement).textContent = words.b
  find('sides-note', HTMLElement).textContent = words.note
  find('a', HTMLElement).parentElement?.toggleAttribute('hidden', words.a === '')
  if (compare === 'models' && a.value === '') a.value = a.dataset['model'] ?? ''
}
