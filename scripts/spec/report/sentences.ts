import type { Change, Drift, DriftClass, Edition, What } from '../drift.ts'
import { cut, MAX_QUOTE, printableLine, quoted } from '../lib/failure.ts'
import { escapeInvisible } from '../lib/invisible.ts'

/** The meaning of each verdict, as the rest of a sentence. */
export const VERDICTS: Readonly<Record<DriftClass, string>> = {
  none: 'nothing changed for callers',
  version: 'only the version changed',
  docs: 'words changed; no call and no type does',
  compatible: 'callers’ code goes on compiling and working',
  breaking: 'somebody’s code stops compiling, or a call stops working',
}

/** The verdict in one line, without its class. */
export function verdictLine({ drift, bump, from, to }: Drift): string {
  return `${VERDICTS[drift]} (${versions(from, to)}, bump ${bump})`
}

/** A change as one printable line, though it may quote upstream. */
export function sentence({ path, what }: Change): string {
  // Cut before it is escaped, too: it may be of any length.
  return printableLine(`${cut(path, MAX_PATH)}: ${told(what)}`)
}

/** A description of a change, as the rest of a sentence about a place. */
export function told(what: What): string {
  return (SENTENCES[what.subject] ?? moved)(what)
}

/** A text as one line that shows all of its characters. */
export function visible(text: string): string {
  return escapeInvisible(text).replaceAll(/\s+/g, ' ')
}

const MAX_PATH = 400

type Write = (what: What) => string

const field: Write = ({ before, after }) => {
  if (before === undefined) return `is new, and ${after === 'required' ? 'required' : 'optional'}`
  if (after === undefined) return 'is gone'
  return after === 'required' ? 'is required now' : 'is optional now'
}

const known: Write = ({ before, after }) => {
  if (after === undefined) return `${cutLine(before)} is gone`
  return before === undefined ? `${cutLine(after)} is new` : `was ${cutLine(before)}, is ${cutLine(after)}`
}

const words: Write = (what) => {
  const subject = what.of === undefined ? what.subject : `${what.subject} of ${quoted(what.of)}`
  if (what.before === undefined) return `${subject} is new: ${show(what.after)}`
  return what.after === undefined
    ? `${subject} is gone`
    : `${subject} changed to ${showNews(what.before, what.after)}`
}

const compiler: Write = ({ before, after }) => {
  if (after === undefined) return `can no longer be named: ${cutLine(before)}`
  return before === undefined ? `must be sent now` : `was ${cutLine(before)}, is ${cutLine(after)}`
}

/** Descriptions by subject; the description of any other subject says what it was and is. */
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
    if (after === undefined) return 'is gone'
    if (before === undefined) return after === 'required' ? 'is new, and always there' : 'is new'
    return after === 'required' ? 'is always there now' : 'may be missing now'
  },
  type: ({ before, after }) => `was ${alternatives(before)}, is ${alternatives(after)}`,
  values: ({ before, after }) => {
    const gained = Array.isArray(after) ? [`gains ${showAll(after)}`] : []
    const lost = Array.isArray(before) ? [`loses ${showAll(before)}`] : []
    return `enum ${[...gained, ...lost].join(' and ')}`
  },
  enum: ({ before, after }) =>
    Array.isArray(after)
      ? `must be one of ${showAll(after)}`
      : `may be other than ${Array.isArray(before) ? showAll(before) : 'listed'}`,
  deprecated: ({ after }) => {
    if (typeof after === 'number' && after > 0)
      return after === 1 ? 'has a deprecated alternative' : `has ${after} deprecated alternatives`
    return after === true ? 'is deprecated' : 'is no longer deprecated'
  },
  style: ({ before, after }) => `was written as ${String(before)}, is written as ${String(after)}`,
  allowEmptyValue: ({ after }) => (after === true ? 'may be empty' : 'may no longer be empty'),
  status: ({ after }) => (after === undefined ? 'is gone' : 'is new'),
  'media type': known,
  endpoint: () => 'is gone',
  security: ({ before, after }) =>
    after === undefined ? `no longer enough: ${demands(before)}` : `enough now: ${demands(after)}`,
  servers: ({ before, after }) =>
    `were ${show(before)}, are ${show(after)}; this package goes on calling its own base URL`,
  not: ({ before, after }) =>
    `excludes ${after === undefined ? 'fewer' : before === undefined ? 'more' : 'other'} values (not, oneOf)`,
  schema: () => 'changed',
  suggestions: ({ before, after }) => `lists other values: ${cutLine(after ?? before)}`,
  conditions: ({ before, after }) =>
    after === undefined ? `asks no longer for ${cutLine(before)}` : `asks for ${cutLine(after)}`,
  members: ({ after }) =>
    after === true ? 'may have members of any name' : 'says no longer that there may be members of any name',
  tag: ({ after }) => `carries the tag ${show(after)}: look before it is merged`,
  'hidden characters': () => 'holds characters that cannot be seen: look before it is merged',
  'type-changed': compiler,
  'name-removed': compiler,
  'field-required': compiler,
  'field-optional': () => 'may be missing now',
}

function moved({ subject, before, after }: What): string {
  if (before === undefined) return `${subject} is new (${show(after)})`
  if (after === undefined) return `${subject} is gone (${show(before)})`
  return `${subject} was ${show(before)}, is ${show(after)}`
}

function demands(list: unknown): string {
  return Array.isArray(list) && list.length > 0 ? list.join(' and ') : 'a call without a key'
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
export function showAll(values: readonly unknown[]): string {
  const shown = values.slice(0, 5).map(show).join(', ')
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
