// A drift in words, for people and for machines. Upstream's words reach no format unescaped.

import type { Change, Drift, DriftClass, Edition } from './drift.ts'
import { advice } from './report/advice.ts'
import { codeCell, codeSpan } from './shared/code-span.ts'
import { escapeInvisible } from './shared/invisible.ts'

/** How a report is written. */
export const FORMATS = ['text', 'json', 'markdown', 'github'] as const

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number]

/** What a terminal can show. */
export interface Terminal {
  readonly color: boolean
}

const MAX_ROWS = 50

/** A drift in a format, without a line break at its end. */
export function report(drift: Drift, format: Format, terminal: Terminal = { color: false }): string {
  return REPORTS[format](drift, terminal)
}

const REPORTS: Readonly<Record<Format, (drift: Drift, terminal: Terminal) => string>> = {
  text: inText,
  json: (drift) => escapeInvisible(JSON.stringify(drift, null, 2)),
  markdown: inMarkdown,
  github: inAnnotations,
}

const VERDICTS: Readonly<Record<DriftClass, string>> = {
  none: 'nothing changed for callers',
  version: 'only the version changed',
  docs: 'words changed; no call and no type does',
  compatible: 'callers’ code goes on compiling and working',
  breaking: 'somebody’s code stops compiling, or a call stops working',
}

const COLORS: Readonly<Record<DriftClass, number>> = {
  none: 32,
  version: 36,
  docs: 36,
  compatible: 33,
  breaking: 31,
}
const ANNOTATIONS: Readonly<Record<DriftClass, string>> = {
  none: 'notice',
  version: 'notice',
  docs: 'notice',
  compatible: 'warning',
  breaking: 'error',
}

function inText({ drift, bump, from, to, changes }: Drift, { color }: Terminal): string {
  const paint = (name: DriftClass, text: string): string =>
    color ? `\u001B[${COLORS[name]}m${text}\u001B[39m` : text
  const head = `${paint(drift, drift)}: ${VERDICTS[drift]} (${versions(from, to)}, bump ${bump})`
  const width = Math.max(...changes.map(({ class: name }) => name.length))
  const line = (change: Change): string =>
    `  ${paint(change.class, change.class.padEnd(width))}  ${visible(change.text)}  [${visible(change.pointer)}]  → ${advice(change)}`
  return [head, ...changes.map(line)].join('\n')
}

function inMarkdown({ drift, bump, from, to, changes }: Drift): string {
  const moved =
    from.version === to.version ? codeSpan(to.version) : `${codeSpan(from.version)} → ${codeSpan(to.version)}`
  const rows = changes.slice(0, MAX_ROWS).map((change) => {
    const cells = [change.class, codeCell(change.text), codeCell(change.pointer), advice(change)]
    return `| ${cells.join(' | ')} |`
  })
  const table = ['| class | what | where | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n')
  const rest = changes.length - rows.length
  return [
    `## Upstream drift: ${drift}`,
    `${capital(VERDICTS[drift])}. Contract ${moved}, bump: ${bump}.`,
    ...(rows.length > 0 ? [table] : []),
    ...(rest > 0 ? [`And ${rest} more.`] : []),
  ].join('\n\n')
}

function inAnnotations({ drift, bump, from, to, changes }: Drift): string {
  const head = annotation(
    drift,
    'Upstream drift',
    `${drift}: ${VERDICTS[drift]} (${versions(from, to)}, bump ${bump})`,
  )
  return [
    head,
    ...changes.map((change) =>
      annotation(change.class, `${change.class} at ${change.pointer}`, `${change.text} → ${advice(change)}`),
    ),
  ].join('\n')
}

/** A workflow command, escaped as the runner reads it: values of properties know two characters more. */
function annotation(name: DriftClass, title: string, message: string): string {
  const data = (text: string): string =>
    escapeInvisible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
  return `::${ANNOTATIONS[name]} file=openapi.json,title=${property(title)}::${data(message)}`
}

function versions(from: Edition, to: Edition): string {
  return from.version === to.version
    ? visible(to.version)
    : `${visible(from.version)} → ${visible(to.version)}`
}

function visible(text: string): string {
  return escapeInvisible(text).replaceAll(/\s+/g, ' ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
