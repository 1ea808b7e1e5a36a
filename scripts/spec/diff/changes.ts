import type { Change, DriftClass } from '../drift.ts'
import { MAX_QUOTE, printableLine, quoted } from '../lib/failure.ts'

const MAX_SHOWN = 60
// How much is shown of what two texts have alike, before they differ.
const MAX_ALIKE = 30

/** A change of what travels. */
export function wireChange(
  name: DriftClass,
  id: string,
  pointer: string,
  where: string,
  what: string,
): Change {
  return { class: name, source: 'wire', id, text: printableLine(`${where}: ${what}`), pointer }
}

/** A value of the contract as it may stand in a message: upstream's, so quoted and cut. */
export function show(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

/** A value that took another's place: a text that is too long to show is shown from where it begins to differ. */
export function showNews(before: unknown, after: unknown): string {
  if (typeof before !== 'string' || typeof after !== 'string' || after.length <= MAX_QUOTE) return show(after)
  let alike = 0
  while (alike < after.length && before[alike] === after[alike]) alike++
  if (alike <= MAX_ALIKE) return show(after)
  const from = alike - MAX_ALIKE
  const word = after.indexOf(' ', from) + 1
  return show(`…${after.slice(word > 0 && word <= alike ? word : from)}`)
}

/** Values as a list in a message; a long one is counted. */
export function showAll(values: readonly unknown[]): string {
  const shown = values.slice(0, 5).map(show).join(', ')
  return values.length > 5 ? `${shown} and ${values.length - 5} more` : shown
}

/** The path of a named member, as a person would write it. */
export function dotted(where: string, name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? `${where}.${name}` : `${where}[${show(name)}]`
}
