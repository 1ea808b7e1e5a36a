import type { Change, Drift, DriftClass, Edition, What } from '../drift.ts'
import { cut, MAX_QUOTE, printableLine, quoted } from '../lib/failure.ts'
import { escapeInvisible } from '../lib/invisible.ts'

/** The meaning of each verdict, as the rest of a sentence. */
export const VERDICTS: Readonly<Record<DriftClass, string>> = {
  none: 'nothing changed for callers',
  version: 'only the version changed',
  docs: 'only descriptions changed; calls and types stay the same',
  compatible: 'existing code still compiles and works',
  breaking: 'some existing code stops compiling, or some calls stop working',
}

/** The verdict in one line, without its class. */
export function verdictLine({ drift, bump, from, to }: Drift): string {
  return `${VERDICTS[drift]} (${versions(from, to)}, bump ${bump})`
}

/** Writes a name or a value of the contract within a sentence: as it is, or as code. */
export type Code = (text: string) => string

/** A change as one printable line, though it may quote upstream. */
export function sentence({ path, what }: Change): string {
  // Cut before it is escaped, too: it may be of any length.
  return printableLine(`${cut(path, MAX_PATH)}: ${told(what)}`)
}

/** A description of a change, as what follows the place and a colon. */
export function told(what: What, code: Code = (text) => text): string {
  return (SENTENCES[what.subject] ?? keyword)(what, code)
}

/** A text as one line that shows all of its characters. */
export function visible(text: string): string {
  return escapeInvisible(text).replaceAll(/\s+/g, ' ')
}

const MAX_PATH = 400

type Write = (what: What, code: Code) => string

const field: Write = ({ before, after }) => {
  if (before === undefined) return `added, ${after === 'required' ? 'required' : 'optional'}`
  if (after === undefined) return 'removed'
  return after === 'required' ? 'now required' : 'now optional'
}

const known: Write = (what, code) => {
  const { before, after } = what
  if (after === undefined) return `${code(cutLine(before))} removed`
  return before === undefined ? `${code(cutLine(after))} added` : compiler(what, code)
}

const words: Write = (what, code) => {
  const subject = what.of === undefined ? what.subject : `${what.subject} of ${code(quoted(what.of))}`
  if (what.before === undefined) return `${subject} added: ${code(show(what.after))}`
  return what.after === undefined
    ? `${subject} removed`
    : `${subject} changed to ${code(showNews(what.before, what.after))}`
}

const compiler: Write = ({ before, after }, code) => {
  if (after === undefined) return `no longer in the types; was ${code(cutLine(before))}`
  if (before === undefined) return 'must now be sent'
  return `was ${code(cutLine(before))}, is now ${code(cutLine(after))}`
}

/** Descriptions by subject; any other subject is a keyword. */
const SENTENCES: Readonly<Record<string, Write>> = {
  ...Object.fromEntries(
    [
      'title',
      'description',
      'summary',
      'tags',
      'operationId',
      'example',
      'examples',
      'bearerFormat',
      'scopes',
    ].map((key) => [key, words]),
  ),
  field,
  header: ({ before, after }) => {
    if (after === undefined) return 'removed'
    if (before === undefined) return after === 'required' ? 'added, always present' : 'added'
    return after === 'required' ? 'now always present' : 'may now be missing'
  },
  type: ({ before, after }) => `was ${alternatives(before)}, is now ${alternatives(after)}`,
  values: ({ before, after }, code) => {
    const gained = Array.isArray(after) ? [`gains ${showAll(after, code)}`] : []
    const lost = Array.isArray(before) ? [`loses ${showAll(before, code)}`] : []
    return `${code('enum')} ${[...gained, ...lost].join(' and ')}`
  },
  enum: ({ before, after }, code) =>
    Array.isArray(after)
      ? `must now be one of ${showAll(after, code)}`
      : `may now differ from ${Array.isArray(before) ? showAll(before, code) : 'the listed values'}`,
  deprecated: ({ after }) => {
    if (typeof after === 'number' && after > 0)
      return after === 1 ? 'has a deprecated alternative' : `has ${after} deprecated alternatives`
    return after === true ? 'deprecated' : 'no longer deprecated'
  },
  style: ({ before, after }, code) =>
    `was written as ${code(String(before))}, is now written as ${code(String(after))}`,
  allowEmptyValue: ({ after }) => (after === true ? 'may now be empty' : 'may no longer be empty'),
  status: ({ after }) => (after === undefined ? 'removed' : 'added'),
  'media type': known,
  endpoint: () => 'removed',
  security: ({ before, after }, code) =>
    after === undefined
      ? `no longer accepts ${demands(before, code)}`
      : `now accepts ${demands(after, code)}`,
  servers: ({ before, after }, code) =>
    `were ${code(show(before))}, are now ${code(show(after))}; this package keeps its own base URL`,
  not: ({ before, after }, code) =>
    `excludes ${after === undefined ? 'fewer' : before === undefined ? 'more' : 'other'} values (${code('not')}, ${code('oneOf')})`,
  schema: () => 'changed',
  suggestions: ({ before, after }, code) => `suggests other values: ${code(cutLine(after ?? before))}`,
  conditions: ({ before, after }, code) =>
    after === undefined
      ? `no longer requires ${code(cutLine(before))}`
      : `now requires ${code(cutLine(after))}`,
  members: ({ after }) =>
    after === true ? 'may now have members of any name' : 'no longer states that members may have any name',
  tag: ({ after }, code) => `contains the tag ${code(show(after))}: read it before you merge`,
  'hidden characters': () => 'contains invisible characters: read it before you merge',
  'type-changed': compiler,
  'name-removed': compiler,
  'field-required': compiler,
  'field-optional': () => 'may now be missing',
}

function keyword({ subject, before, after }: What, code: Code): string {
  if (before === undefined) return `${code(subject)} added (${code(show(after))})`
  if (after === undefined) return `${code(subject)} removed (${code(show(before))})`
  return `${code(subject)} was ${code(show(before))}, is now ${code(show(after))}`
}

function demands(list: unknown, code: Code): string {
  return Array.isArray(list) && list.length > 0
    ? list.map((demand) => code(cutLine(demand))).join(' and ')
    : 'calls without a key'
}

/** Types as a list in a message. */
export function alternatives(list: unknown): string {
  if (!Array.isArray(list) || list.length === 0) return 'nothing'
  return list.length === 6 ? 'anything' : list.join(' or ')
}

const MAX_SHOWN = 60
// So much is shown of what two texts have alike, before they differ.
const MAX_ALIKE = 30

/** A value of the contract as it may stand in a message: upstream's, so quoted and cut. */
function show(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

/** A value that took another's place: a text that is too long to show is shown from where it begins to differ. */
function showNews(before: unknown, after: unknown): string {
  if (typeof before !== 'string' || typeof after !== 'string' || after.length <= MAX_QUOTE) return show(after)
  let alike = 0
  while (alike < after.length && before[alike] === after[alike]) alike++
  if (alike <= MAX_ALIKE) return show(after)
  const from = alike - MAX_ALIKE
  const word = after.indexOf(' ', from) + 1
  return show(`…${after.slice(word > 0 && word <= alike ? word : from)}`)
}

/** Values as a list in a message; a long one is counted. */
export function showAll(values: readonly unknown[], code: Code): string {
  const shown = values
    .slice(0, 5)
    .map((value) => code(show(value)))
    .join(', ')
  return values.length > 5 ? `${shown} and ${values.length - 5} more` : shown
}

function cutLine(value: unknown): string {
  const text = String(value)
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text
}

function versions(from: Edition, to: Edition): string {
  return from.version === to.version
    ? visible(to.version)
    : `${visible(from.version)} → ${visible(to.version)}`
}
